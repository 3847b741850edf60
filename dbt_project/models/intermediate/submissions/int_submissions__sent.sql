-- What was sent. The same bytes are another version only where they were read again
-- because the register had changed: of these the last reading counts.
with
    receipts as (select * from {{ ref("stg_submission__receipts") }}),

    readings as (
        select
            *,
            min(received_at) over (
                partition by form, month, subdistrict_code, sha256
            ) as sent_at,
            row_number() over (
                partition by form, month, subdistrict_code, sha256
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
    sent_at,
    cast(
        row_number() over (
            partition by form, month, subdistrict_code order by version asc nulls last
        ) as integer
    ) as sending
from readings
where age = 1
