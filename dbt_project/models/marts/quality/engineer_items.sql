-- Rules that hit too many units to be the units' fault: work for whoever keeps the
-- rules.
with
    findings as (
        select * from {{ ref("int_findings__lifecycle") }} where channel = 'engineer'
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
