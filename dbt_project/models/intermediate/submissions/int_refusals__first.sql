{{ config(materialized="ephemeral") }}

-- A file that the register of units did not know at first may be accepted since.
with
    refusals as (
        select *
        from {{ ref("stg_submission__refusals") }}
        where sha256 not in (select sha256 from {{ ref("stg_submission__receipts") }})
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by sha256
                order by received_at asc nulls last, workbook asc nulls last
            ) as recurrence
        from refusals
    )

select *
from ranked
where recurrence = 1
