with
    executions as (select * from {{ ref("stg_check__rule_executions") }}),

    evaluations as (select * from {{ ref("int_evaluations__ranked") }} where age = 1)

select
    executions.*,
    case
        when executions.reason is not null
        then concat(executions.reason, '（', executions.not_executed, '）')
    end as reason_counted
from executions
inner join evaluations on evaluations.evaluation_id = executions.evaluation_id
