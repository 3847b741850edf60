with
    coverage as (select * from {{ ref("unit_coverage") }}),

    printed as (select * from {{ ref("int_profile__printed") }}),

    measures as (
        select month, org_code, item_code as measure, value, 0 as undecided
        from {{ ref("unit_items") }}
        where org_level <> 'community'
        union all
        select
            month,
            org_code,
            measure,
            cast(communities as decimal(18, 4)) as value,
            undecided
        from {{ ref("unit_counts") }}
    ),

    computed as (
        select
            printed.*,
            coalesce(coverage.communities_missing, 0) as missing,
            parts.undecided,
            printed.scale * parts.value as part,
            case
                when printed.denominator is null
                then cast(1 as decimal(18, 4))
                else wholes.value
            end as whole
        from printed
        left join
            measures as parts
            on parts.month = printed.month
            and parts.org_code = printed.org_code
            and parts.measure = printed.numerator
        left join
            measures as wholes
            on wholes.month = printed.month
            and wholes.org_code = printed.org_code
            and wholes.measure = printed.denominator
        left join
            coverage
            on coverage.month = printed.month
            and coverage.org_code = printed.org_code
    ),

    explained as (
        select *, {{ not_compared_because() }} as not_compared_because from computed
    )

select
    month,
    org_code,
    figure_code,
    name_zh,
    printed,
    printed_low,
    printed_high,
    {{ quotient("part", "whole") }} as computed,
    case
        when not_compared_because is null
        then
            part >= printed_low * whole and part <= coalesce(printed_high * whole, part)
    end as agrees,
    not_compared_because,
    unit,
    workbook,
    sheet,
    cell
from explained
