with source as (select * from {{ source("raw", "profile_figures") }})

select
    submission_id,
    month,
    figure_code,
    unit_code,
    text,
    value,
    value_to,
    step,
    qualifier,
    workbook,
    sheet,
    concat(column_letter, row_number) as cell
from source
