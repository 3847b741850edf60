{{ config(**monthly()) }}


with
    bands as (select * from {{ ref("int_cadre_bands__grouped") }}),

    items as (select * from {{ ref("unit_items") }} where {{ month_filter("month") }}),

    counted as (
        select
            part.month,
            part.org_level,
            part.org_code,
            bands.cadre_group,
            bands.dimension,
            bands.band,
            bands.band_order,
            bands.name_zh,
            bands.summary_share,
            part.value - case
                when bands.minus_item is null then 0 else rest.value
            end as headcount,
            whole.value as group_headcount
        from bands
        inner join items as part on part.item_code = bands.plus_item
        inner join
            items as whole
            on whole.month = part.month
            and whole.org_code = part.org_code
            and whole.item_code = bands.headcount_item
        left join
            items as rest
            on rest.month = part.month
            and rest.org_code = part.org_code
            and rest.item_code = bands.minus_item
    )

select
    month,
    org_level,
    org_code,
    cadre_group,
    dimension,
    band,
    cast(headcount as bigint) as headcount,
    {{ share("headcount", "group_headcount") }} as share,
    cast(group_headcount as bigint) as group_headcount,
    band_order,
    name_zh,
    summary_share
from counted
