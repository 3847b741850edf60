-- The version of each sub-district that counted on either side of a step.
with
    steps as (select * from {{ ref("int_evaluations__steps") }}),

    receipts as (
        select *
        from {{ ref("stg_submission__receipts") }}
        where form = 'monthly_report'
    ),

    known as (
        select
            steps.month,
            steps.step_id,
            steps.side,
            receipts.subdistrict_code,
            receipts.submission_id,
            row_number() over (
                partition by steps.step_id, steps.side, receipts.subdistrict_code
                order by receipts.version desc nulls last
            ) as age
        from steps
        inner join
            receipts
            on receipts.month = steps.month
            and receipts.received_at <= steps.as_of
    )

select month, step_id, side, subdistrict_code, submission_id
from known
where age = 1
