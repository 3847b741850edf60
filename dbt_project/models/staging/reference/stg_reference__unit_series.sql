with source as (select * from {{ source("reference", "unit_series") }})

select unit_code, level, series_code
from source
