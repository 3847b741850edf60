with source as (select * from {{ source("reference", "reporting_calendar") }})

select form, cast(due_day as integer) as due_day, valid_from, valid_to
from source
