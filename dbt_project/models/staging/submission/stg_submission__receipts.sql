with source as (select * from {{ source("raw", "receipts") }})

select
    submission_id,
    form,
    month,
    subdistrict_code,
    version,
    sha256,
    workbook,
    received_at,
    rows_loaded,
    cells_found,
    cells_loaded,
    cells_blank,
    cells_rejected
from source
