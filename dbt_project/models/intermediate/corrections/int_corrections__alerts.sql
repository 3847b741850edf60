-- The alerts that were open on either side of a step.
with
    steps as (select * from {{ ref("int_evaluations__steps") }}),

    findings as (
        select *
        from {{ ref("stg_check__findings") }}
        where channel = 'alert' and coalesce(suppressed_by, '') = ''
    )

select
    steps.month,
    steps.step_id,
    steps.side,
    steps.moved_at,
    findings.alert_id,
    findings.subdistrict_code,
    findings.community_code,
    findings.rule_code,
    findings.severity,
    findings.message,
    findings.item_codes
from steps
inner join
    findings
    on findings.evaluation_id = steps.evaluation_id
    and findings.month = steps.month
