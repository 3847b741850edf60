with source as (select * from {{ source("reference", "items") }})

select
    item_code,
    column_name,
    name_zh,
    unit,
    sheet,
    kind,
    value_type,
    choices,
    asked,
    additive,
    used_by,
    mandatory_edits,
    verification_edits
from source
