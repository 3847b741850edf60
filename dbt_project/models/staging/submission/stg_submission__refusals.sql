with source as (select * from {{ source("raw", "refusals") }})

select sha256, workbook, received_at, kind, quarantined, message
from source
