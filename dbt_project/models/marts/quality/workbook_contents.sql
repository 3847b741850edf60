-- Completeness by content: how many of the items asked have a value, and how many of
-- these count. Zeros throughout say nothing, and a copy of last month only answers
-- what may stay as it was.
{% set community_items = items_of("community") %}
{% set subdistrict_items = items_of("subdistrict") %}
{% set community_prefilled = items_of("community", asked="prefilled") %}
{% set subdistrict_prefilled = items_of("subdistrict", asked="prefilled") %}
with
    communities as (select * from {{ ref("community_month") }}),

    subdistricts as (select * from {{ ref("subdistrict_month") }}),

    units as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    contents as (select * from {{ ref("int_submissions__content") }}),

    filled as (
        select
            submission_id,
            sum({{ count_filled("communities", community_items) }}) as items,
            sum({{ count_filled("communities", community_prefilled) }}) as prefilled
        from communities
        group by submission_id
    ),

    counted as (
        select
            subdistricts.month,
            subdistricts.subdistrict_code,
            subdistricts.submission_id,
            subdistricts.communities_reported,
            units.communities_due * {{ community_items | length }}
            + {{ subdistrict_items | length }} as items_asked,
            coalesce(filled.items, 0)
            + {{ count_filled("subdistricts", subdistrict_items) }} as items_filled,
            coalesce(filled.prefilled, 0)
            + {{ count_filled("subdistricts", subdistrict_prefilled) }}
            as prefilled_filled,
            contents.content
        from subdistricts
        inner join
            units
            on units.month = subdistricts.month
            and units.subdistrict_code = subdistricts.subdistrict_code
        left join filled on filled.submission_id = subdistricts.submission_id
        left join
            contents
            on contents.month = subdistricts.month
            and contents.subdistrict_code = subdistricts.subdistrict_code
    )

select
    month,
    subdistrict_code,
    submission_id,
    communities_reported,
    cast(items_asked as integer) as items_asked,
    cast(items_filled as integer) as items_filled,
    content,
    cast(
        case
            when content in ('empty', 'all_zero')
            then 0
            when content = 'copied'
            then prefilled_filled
            else items_filled
        end as integer
    ) as items_counted
from counted
