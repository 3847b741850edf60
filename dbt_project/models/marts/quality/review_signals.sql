-- Patterns worth a look, kept apart from the alerts: they accuse nobody and block
-- nothing.
with
    findings as (
        select * from {{ ref("int_findings__lifecycle") }} where channel = 'review'
    )

select
    alert_id,
    month,
    subdistrict_code,
    community_code,
    unit_code,
    unit_level,
    form,
    rule_code,
    message,
    item_codes,
    reported,
    workbook,
    sheet,
    cell,
    first_seen_at,
    last_seen_at,
    status
from findings
