with source as (select * from {{ source("raw", "suggestions") }})

select
    evaluation_id,
    month,
    alert_id,
    rank,
    ordinal,
    kind,
    confidence,
    unit_code,
    item_code,
    workbook,
    sheet,
    cell,
    reported,
    value
from source
