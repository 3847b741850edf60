with source as (select * from {{ source("raw", "rule_executions") }})

select
    evaluation_id,
    month,
    subdistrict_code,
    rule_code,
    executed,
    violated,
    not_executed,
    reason
from source
