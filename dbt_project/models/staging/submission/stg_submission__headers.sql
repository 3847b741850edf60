with source as (select * from {{ source("raw", "headers") }})

select submission_id, raw_table, sheet, item_code, column_letter, row_number
from source
