-- The communities whose stars a step can have moved: their sub-district's version or
-- one of their mandatory alerts is another.
with
    submissions as (select * from {{ ref("int_corrections__submissions") }}),

    alerts as (
        select *
        from {{ ref("int_corrections__alerts") }}
        where severity = 'mandatory' and community_code is not null
    ),

    units as (select * from {{ ref("int_units__communities_by_month") }}),

    versions as (
        select month, step_id, subdistrict_code
        from submissions
        group by month, step_id, subdistrict_code
        having count(distinct submission_id) = 2
    )

select versions.month, versions.step_id, units.community_code
from versions
inner join
    units
    on units.month = versions.month
    and units.subdistrict_code = versions.subdistrict_code
union
select month, step_id, community_code
from alerts
group by month, step_id, community_code, alert_id
having count(distinct side) = 1
