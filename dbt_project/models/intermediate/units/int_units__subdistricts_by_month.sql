with
    months as (select * from {{ ref("int_calendar__months") }}),

    units as (select * from {{ ref("stg_reference__units") }}),

    communities as (
        select month, subdistrict_code, count(*) as communities
        from {{ ref("int_units__communities_by_month") }}
        group by month, subdistrict_code
    ),

    subdistricts as (
        select months.month, units.*
        from units
        inner join months on {{ holds_in("units", "months.month") }}
        where units.level = 'subdistrict'
    )

select
    subdistricts.month,
    subdistricts.unit_code as subdistrict_code,
    subdistricts.unit_name as subdistrict_name,
    subdistricts.parent_code as county_code,
    cast(coalesce(communities.communities, 0) as integer) as communities_due
from subdistricts
left join
    communities
    on communities.month = subdistricts.month
    and communities.subdistrict_code = subdistricts.unit_code
