-- How much a suggested value would move the sum it is part of: a community's in its
-- sub-district, a sub-district's in the county.
with
    suggestions as (
        select *
        from {{ ref("int_suggestions__latest") }}
        where is_suggested and number is not null
    ),

    additive as (select * from {{ ref("stg_reference__items") }} where additive),

    communities as (select * from {{ ref("int_communities__latest") }}),

    subdistricts as (select * from {{ ref("int_subdistricts__latest") }}),

    wholes as (
        select month, subdistrict_code as whole_code, community_code as unit_code
        from {{ ref("int_units__communities_by_month") }}
        union all
        select month, county_code as whole_code, subdistrict_code as unit_code
        from {{ ref("int_units__subdistricts_by_month") }}
    ),

    asked as (
        select distinct suggestions.month, wholes.whole_code, suggestions.item_code
        from suggestions
        inner join additive on additive.item_code = suggestions.item_code
        inner join
            wholes
            on wholes.month = suggestions.month
            and wholes.unit_code = suggestions.unit_code
    ),

    reported as (
        select
            asked.*,
            communities.community_code as unit_code,
            {{ item_value("communities", "asked.item_code", items_of("community")) }}
            as number
        from asked
        inner join
            communities
            on communities.month = asked.month
            and communities.subdistrict_code = asked.whole_code
        union all
        select
            asked.*,
            subdistricts.subdistrict_code as unit_code,
            {{ item_value("subdistricts", "asked.item_code", items_of("subdistrict")) }}
            as number
        from asked
        inner join wholes on wholes.whole_code = asked.whole_code
        inner join
            subdistricts
            on subdistricts.month = asked.month
            and subdistricts.subdistrict_code = wholes.unit_code
            and wholes.month = asked.month
    ),

    summed as (
        select *, sum(number) over (partition by month, whole_code, item_code) as total
        from reported
    )

select
    suggestions.month,
    suggestions.alert_id,
    suggestions.rank,
    suggestions.unit_code,
    suggestions.item_code,
    summed.whole_code,
    summed.number as reported,
    suggestions.number as suggested,
    {{ share_moved("summed.total", "suggestions.number - coalesce(summed.number, 0)") }}
    as share
from suggestions
inner join
    summed
    on summed.month = suggestions.month
    and summed.unit_code = suggestions.unit_code
    and summed.item_code = suggestions.item_code
