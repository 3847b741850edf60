with source as (select * from {{ source("reference", "profile_figures") }})

select figure_code, column_name, name_zh, unit, kind, additive
from source
