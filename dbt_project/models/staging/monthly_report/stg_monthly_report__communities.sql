with source as (select * from {{ source("raw", "monthly_report_communities") }})

select
    submission_id,
    month,
    subdistrict_code,
    community_code,
    workbook,
    sheet,
    row_number,
    {{ item_columns("community") }}
from source
