-- What a sub-district was asked in a month, and how much of the prefilled part it had
-- to change.
{% set community_prefilled = items_of("community", asked="prefilled") %}
{% set subdistrict_prefilled = items_of("subdistrict", asked="prefilled") %}
with
    units as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    alerts as (
        select month, subdistrict_code, count(*) as questions
        from {{ ref("quality_alerts") }}
        group by 1, 2
    ),

    community_changes as (
        select month, subdistrict_code, sum(cells_changed) as cells
        from {{ ref("int_communities__changed_cells") }}
        group by month, subdistrict_code
    ),

    subdistrict_changes as (
        select month, subdistrict_code, cells_changed as cells
        from {{ ref("int_subdistricts__changed_cells") }}
    )

select
    units.month,
    units.subdistrict_code,
    cast(
        units.communities_due * {{ items_of("community") | length }}
        + {{ items_of("subdistrict") | length }} as integer
    ) as cells_asked,
    cast(
        units.communities_due * {{ community_prefilled | length }}
        + {{ subdistrict_prefilled | length }} as integer
    ) as cells_prefilled,
    cast(
        community_changes.cells + subdistrict_changes.cells as integer
    ) as cells_changed,
    cast(coalesce(alerts.questions, 0) as integer) as questions_asked
from units
left join
    community_changes
    on community_changes.month = units.month
    and community_changes.subdistrict_code = units.subdistrict_code
left join
    subdistrict_changes
    on subdistrict_changes.month = units.month
    and subdistrict_changes.subdistrict_code = units.subdistrict_code
left join
    alerts
    on alerts.month = units.month
    and alerts.subdistrict_code = units.subdistrict_code
