-- The unit tree of each month: which communities a sub-district had, of which type
-- and under which scheme of stars.
with
    months as (select * from {{ ref("int_calendar__months") }}),

    units as (select * from {{ ref("stg_reference__units") }}),

    communities as (
        select months.month, units.*
        from units
        inner join months on {{ holds_in("units", "months.month") }}
        where units.level = 'community'
    )

select
    month,
    unit_code as community_code,
    unit_name as community_name,
    parent_code as subdistrict_code,
    community_type,
    star_scheme
from communities
