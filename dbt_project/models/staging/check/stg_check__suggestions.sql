with source as (select * from {{ source("raw", "suggestions") }})

select
    evaluation_id,
    month,
    alert_id,
    submission_id,
    rank,
    ordinal,
    kind,
    probability,
    confidence,
    is_suggested,
    unit_code,
    item_code,
    workbook,
    sheet,
    cell,
    reported,
    value,
    number
from source
