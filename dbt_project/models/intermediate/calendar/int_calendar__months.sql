-- Every month from the first that was reported to the last that was reported or
-- found overdue: one in which nobody sent anything stands here too.
with
    receipts as (select * from {{ ref("stg_submission__receipts") }}),

    evaluations as (select * from {{ ref("stg_check__evaluations") }}),

    known as (
        select month
        from receipts
        union all
        select month
        from evaluations
    ),

    digits as (
        select d
        from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as digit(d)
    ),

    offsets as (
        select hundreds.d * 100 + tens.d * 10 + ones.d as months
        from digits as hundreds
        cross join digits as tens
        cross join digits as ones
    ),

    span as (select min(month) as first_month, max(month) as last_month from known),

    months as (
        select
            {{ add_months("span.first_month", "offsets.months") }} as month,
            span.last_month
        from span
        cross join offsets
    )

select month
from months
where month <= last_month
