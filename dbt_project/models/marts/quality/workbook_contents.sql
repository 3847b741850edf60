-- Completeness by content: how many of the items asked have a value that counts, in
-- the latest monthly report.
{% set community_items = items_of("community") %}
{% set subdistrict_items = items_of("subdistrict") %}
with
    communities as (select * from {{ ref("community_month") }}),

    subdistricts as (select * from {{ ref("subdistrict_month") }}),

    units as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    filled as (
        select
            submission_id,
            sum({{ count_filled("communities", community_items) }}) as items_filled
        from communities
        group by submission_id
    )

select
    subdistricts.month,
    subdistricts.subdistrict_code,
    subdistricts.submission_id,
    subdistricts.communities_reported,
    cast(
        units.communities_due * {{ community_items | length }}
        + {{ subdistrict_items | length }} as integer
    ) as items_asked,
    cast(
        coalesce(filled.items_filled, 0)
        + {{ count_filled("subdistricts", subdistrict_items) }} as integer
    ) as items_filled
from subdistricts
inner join
    units
    on units.month = subdistricts.month
    and units.subdistrict_code = subdistricts.subdistrict_code
left join filled on filled.submission_id = subdistricts.submission_id
