-- What was due: each form of the reporting calendar from each sub-district, by its
-- day of the following month.
with
    subdistricts as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    calendar as (select * from {{ ref("stg_reference__reporting_calendar") }})

select
    subdistricts.month,
    subdistricts.subdistrict_code,
    subdistricts.communities_due,
    calendar.form,
    {{ add_days(add_months("subdistricts.month", 1), "calendar.due_day - 1") }}
    as due_on
from subdistricts
inner join calendar on {{ holds_in("calendar", "subdistricts.month") }}
