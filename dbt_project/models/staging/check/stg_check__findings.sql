with source as (select * from {{ source("raw", "findings") }})

select
    evaluation_id,
    month,
    alert_id,
    form,
    subdistrict_code,
    community_code,
    unit_code,
    unit_level,
    rule_code,
    severity,
    channel,
    message,
    item_codes,
    reported,
    suspected_items,
    suggested_values,
    confidence,
    suggestion,
    workbook,
    sheet,
    cell,
    suppressed_by
from source
