-- One row per submission that counts; the item list may be missing from it (a file
-- with 社区月报 alone).
with
    rows_sent as (select * from {{ ref("stg_monthly_report__subdistricts") }}),

    submissions as (
        select * from {{ ref("int_submissions__latest") }} where form = 'monthly_report'
    )

select
    submissions.submission_id,
    submissions.month,
    submissions.subdistrict_code,
    {{ item_columns("subdistrict", "rows_sent.") }}
from submissions
left join rows_sent on rows_sent.submission_id = submissions.submission_id
