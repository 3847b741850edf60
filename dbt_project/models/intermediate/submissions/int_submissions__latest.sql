-- The version that counts of each (form, month, unit), with the time of the first.
with
    receipts as (select * from {{ ref("stg_submission__receipts") }}),

    ranked as (
        select
            *,
            min(received_at) over (
                partition by form, month, subdistrict_code
            ) as first_received_at,
            row_number() over (
                partition by form, month, subdistrict_code
                order by version desc nulls last
            ) as age
        from receipts
    )

select
    submission_id,
    form,
    month,
    subdistrict_code,
    version,
    workbook,
    received_at,
    first_received_at,
    cells_found,
    cells_loaded,
    cells_blank,
    cells_rejected
from ranked
where age = 1
