with
    structure as (select * from {{ ref("cadre_structure") }}),

    groups as (select * from {{ ref("int_cadre_bands__grouped") }}),

    coverage as (select * from {{ ref("unit_coverage") }}),

    means as (
        select distinct
            items.month, items.org_code, groups.cadre_group, items.value as mean_age
        from {{ ref("unit_items") }} as items
        inner join groups on groups.mean_age_item = items.item_code
    ),

    summarised as (
        select
            month,
            org_level,
            org_code,
            cadre_group,
            max(group_headcount) as headcount,
            max(
                case when summary_share = 'share_female' then share end
            ) as share_female,
            max(
                case when summary_share = 'share_under_35' then share end
            ) as share_under_35,
            max(
                case when summary_share = 'share_college' then share end
            ) as share_college,
            max(
                case when summary_share = 'share_tenure_10_and_over' then share end
            ) as share_tenure_10_and_over
        from structure
        group by month, org_level, org_code, cadre_group
    )

select
    summarised.month,
    summarised.org_level,
    summarised.org_code,
    summarised.cadre_group,
    summarised.headcount,
    cast(means.mean_age as decimal(18, 2)) as mean_age,
    summarised.share_female,
    summarised.share_under_35,
    summarised.share_college,
    summarised.share_tenure_10_and_over,
    coverage.communities_missing
from summarised
left join
    coverage
    on coverage.month = summarised.month
    and coverage.org_code = summarised.org_code
left join
    means
    on means.month = summarised.month
    and means.org_code = summarised.org_code
    and means.cadre_group = summarised.cadre_group
