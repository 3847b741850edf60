-- Each submission that was corrected, with the version that came next.
with
    sent as (select * from {{ ref("int_submissions__sent") }}),

    followed as (
        select
            submission_id,
            lead(submission_id) over (
                partition by form, month, subdistrict_code
                order by version asc nulls last
            ) as next_submission_id,
            lead(sent_at) over (
                partition by form, month, subdistrict_code
                order by version asc nulls last
            ) as corrected_at
        from sent
    )

select *
from followed
where next_submission_id is not null
