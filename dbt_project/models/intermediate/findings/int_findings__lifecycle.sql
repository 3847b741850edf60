-- A finding over all evaluations of its month: as last seen, since when, and whether
-- the newest still has it.
with
    findings as (
        select *
        from {{ ref("stg_check__findings") }}
        where coalesce(suppressed_by, '') = ''
    ),

    evaluations as (select * from {{ ref("int_evaluations__ranked") }}),

    seen as (
        select
            findings.*,
            evaluations.age,
            evaluations.month_as_of,
            min(evaluations.as_of) over (
                partition by findings.month, findings.channel, findings.alert_id
            ) as first_seen_at,
            row_number() over (
                partition by findings.month, findings.channel, findings.alert_id
                order by evaluations.age asc nulls last
            ) as recency
        from findings
        inner join evaluations on evaluations.evaluation_id = findings.evaluation_id
    )

select
    *,
    month_as_of as last_seen_at,
    case when age = 1 then 'open' else 'closed' end as status
from seen
where recency = 1
