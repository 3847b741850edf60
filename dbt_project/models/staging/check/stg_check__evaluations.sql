with source as (select * from {{ source("raw", "evaluations") }})

select evaluation_id, month, as_of, month_as_of, overdue
from source
