with source as (select * from {{ source("raw", "monthly_report_subdistricts") }})

select
    submission_id,
    month,
    subdistrict_code,
    workbook,
    sheet,
    row_number,
    {{ item_columns("subdistrict") }}
from source
