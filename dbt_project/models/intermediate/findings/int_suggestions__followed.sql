-- What was last suggested about a version that was corrected later, and whether the
-- same alert suggests something about the corrected one as well.
with
    suggestions as (
        select *
        from {{ ref("stg_check__suggestions") }}
        where is_suggested and number is not null
    ),

    evaluations as (select * from {{ ref("int_evaluations__ranked") }}),

    corrected as (select * from {{ ref("int_submissions__next") }}),

    findings as (select * from {{ ref("int_findings__lifecycle") }}),

    ranked as (
        select
            suggestions.*,
            corrected.next_submission_id,
            corrected.corrected_at,
            rank() over (
                partition by suggestions.submission_id, suggestions.alert_id
                order by evaluations.age asc nulls last
            ) as recency
        from suggestions
        inner join evaluations on evaluations.evaluation_id = suggestions.evaluation_id
        inner join corrected on corrected.submission_id = suggestions.submission_id
    ),

    asked_again as (select distinct alert_id, submission_id from suggestions)

select
    ranked.*,
    findings.subdistrict_code,
    findings.rule_code,
    asked_again.alert_id is null and findings.status = 'closed' as is_settled
from ranked
inner join
    findings
    on findings.month = ranked.month
    and findings.alert_id = ranked.alert_id
    and findings.channel = 'alert'
left join
    asked_again
    on asked_again.alert_id = ranked.alert_id
    and asked_again.submission_id = ranked.next_submission_id
where ranked.recency = 1
