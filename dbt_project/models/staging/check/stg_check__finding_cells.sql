with source as (select * from {{ source("raw", "finding_cells") }})

select
    evaluation_id,
    month,
    alert_id,
    ordinal,
    workbook,
    sheet,
    cell,
    unit_code,
    cell_month,
    item_code,
    text,
    value
from source
