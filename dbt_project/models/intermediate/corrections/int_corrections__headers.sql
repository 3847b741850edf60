{{ config(materialized="ephemeral") }}

-- Where the items of a correction stood; an item stands in one sheet.
with
    headers as (select * from {{ ref("stg_submission__headers") }}),

    corrections as (select * from {{ ref("int_corrections__versions") }})

select
    headers.submission_id,
    headers.item_code,
    max(headers.sheet) as sheet,
    max(headers.column_letter) as column_letter,
    max(headers.row_number) as row_number
from headers
inner join corrections on corrections.submission_id = headers.submission_id
group by headers.submission_id, headers.item_code
