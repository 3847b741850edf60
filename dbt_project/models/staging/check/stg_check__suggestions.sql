with source as (select * from {{ source("raw", "suggestions") }})

select
    evaluation_id,
    month,
    alert_id,
    reading,
    kind,
    probability,
    confidence,
    unit_code,
    item_code,
    value,
    number,
    submission_id
from source
