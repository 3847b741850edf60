-- What the newest evaluation says of a report as a whole. Of several signs the one
-- that says most counts: all_zero, copied and empty come before partial in the
-- alphabet, and no two of these three hold together.
with
    findings as (
        select * from {{ ref("int_findings__lifecycle") }} where status = 'open'
    ),

    rules as (
        select * from {{ ref("int_rules__dated") }} where content_sign is not null
    )

select findings.month, findings.subdistrict_code, min(rules.content_sign) as content
from findings
inner join
    rules
    on rules.rule_code = findings.rule_code
    and {{ holds_in("rules", "findings.month") }}
group by findings.month, findings.subdistrict_code
