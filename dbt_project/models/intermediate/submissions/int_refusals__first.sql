{{ config(materialized="ephemeral") }}

with
    refusals as (select * from {{ ref("stg_submission__refusals") }}),

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
