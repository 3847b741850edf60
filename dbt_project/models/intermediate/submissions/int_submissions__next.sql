-- Each submission that was corrected, with the version that came next.
with
    receipts as (select * from {{ ref("stg_submission__receipts") }}),

    followed as (
        select
            submission_id,
            lead(submission_id) over (
                partition by form, month, subdistrict_code
                order by version asc nulls last
            ) as next_submission_id,
            lead(received_at) over (
                partition by form, month, subdistrict_code
                order by version asc nulls last
            ) as corrected_at
        from receipts
    )

select *
from followed
where next_submission_id is not null
