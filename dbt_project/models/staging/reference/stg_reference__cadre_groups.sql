with source as (select * from {{ source("reference", "cadre_groups") }})

select cadre_group, name_zh, sheet, headcount_item, mean_age_item
from source
