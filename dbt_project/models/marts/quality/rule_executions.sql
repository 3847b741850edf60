{{ config(**monthly()) }}


with
    executions as (
        select *
        from {{ ref("int_rule_executions__latest") }}
        where {{ month_filter("month") }}
    )

select
    month,
    subdistrict_code,
    rule_code,
    cast(sum(executed) as bigint) as executed,
    cast(sum(violated) as bigint) as violated,
    cast(sum(not_executed) as bigint) as not_executed,
    {{ join_text("reason_counted", "；") }} as reason
from executions
group by month, subdistrict_code, rule_code
