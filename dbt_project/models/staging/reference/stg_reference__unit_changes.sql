with source as (select * from {{ source("reference", "unit_changes") }})

select month, level, kind, code_before, code_after
from source
