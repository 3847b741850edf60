-- The corrections that arrived within a step, of whatever month: rules look back.
with
    steps as (
        select distinct month, step_id, moved_at, since
        from {{ ref("int_evaluations__steps") }}
    ),

    corrections as (select * from {{ ref("int_corrections__versions") }})

select
    steps.month,
    steps.step_id,
    corrections.subdistrict_code,
    {{ join_text("corrections.submission_id", "、") }} as caused_by
from steps
inner join
    corrections
    on corrections.received_at > steps.since
    and corrections.received_at <= steps.moved_at
    and corrections.month <= steps.month
group by steps.month, steps.step_id, corrections.subdistrict_code
