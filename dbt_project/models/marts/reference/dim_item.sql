with items as (select * from {{ ref("int_items__dated") }})

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
    verification_edits,
    valid_from,
    valid_to
from items
