-- The version that counts of each (form, month, unit), with the time of the first, and
-- which sending it is.
with
    receipts as (select * from {{ ref("stg_submission__receipts") }}),

    sent as (select * from {{ ref("int_submissions__sent") }}),

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
    ranked.submission_id,
    ranked.form,
    ranked.month,
    ranked.subdistrict_code,
    ranked.version,
    ranked.workbook,
    ranked.received_at,
    ranked.first_received_at,
    ranked.cells_found,
    ranked.cells_loaded,
    ranked.cells_blank,
    ranked.cells_rejected,
    sent.sending,
    sent.sent_at
from ranked
inner join sent on sent.submission_id = ranked.submission_id
where ranked.age = 1
