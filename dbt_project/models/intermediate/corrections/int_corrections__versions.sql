-- Each later version of a monthly report, with the one that it corrects.
with
    receipts as (
        select *
        from {{ ref("stg_submission__receipts") }}
        where form = 'monthly_report'
    ),

    ordered as (
        select
            *,
            lag(submission_id) over (
                partition by month, subdistrict_code order by version asc nulls last
            ) as corrected_id,
            lag(sha256) over (
                partition by month, subdistrict_code order by version asc nulls last
            )
            = sha256 as is_read_again
        from receipts
    )

select
    month,
    subdistrict_code,
    submission_id,
    corrected_id,
    version,
    received_at,
    workbook,
    is_read_again
from ordered
where corrected_id is not null
