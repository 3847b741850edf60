{{ config(**monthly()) }}


with
    findings as (
        select *
        from {{ ref("int_findings__lifecycle") }}
        where channel = 'alert' and {{ month_filter("month") }}
    ),

    alert_stars as (
        select * from {{ ref("alert_stars") }} where {{ month_filter("month") }}
    ),

    moved as (
        select month, alert_id, max(share) as share
        from {{ ref("int_suggestions__shares") }}
        where rank = 1 and {{ month_filter("month") }}
        group by month, alert_id
    ),

    weights as (select * from {{ ref("int_alerts__weights") }})

select
    findings.alert_id,
    findings.month,
    findings.subdistrict_code,
    findings.community_code,
    findings.rule_code,
    findings.severity,
    findings.message,
    findings.item_codes,
    findings.reported,
    findings.suspected_items,
    findings.suggested_values,
    findings.confidence,
    findings.workbook,
    findings.sheet,
    findings.cell,
    alert_stars.star_impact,
    findings.first_seen_at,
    findings.last_seen_at,
    findings.status,
    findings.form,
    findings.unit_code,
    findings.unit_level,
    findings.suggestion,
    coalesce(alert_stars.stars_turned, 0) > 0 as turns_star,
    {{ alert_priority() }} as priority,
    {{ alert_priority_reason() }} as priority_reason
from findings
left join
    alert_stars
    on alert_stars.month = findings.month
    and alert_stars.alert_id = findings.alert_id
left join moved on moved.month = findings.month and moved.alert_id = findings.alert_id
left join
    weights
    on weights.severity = findings.severity
    and {{ holds_in("weights", "findings.month") }}
