{{ config(**monthly()) }}

-- Alerts that a correction opened or closed, of its own month or of a later one that
-- looks back to it.
with
    alerts as (
        select *
        from {{ ref("int_corrections__alerts") }}
        where {{ month_filter("month") }}
    ),

    causes as (select * from {{ ref("int_corrections__causes") }})

select
    alerts.month,
    alerts.step_id,
    alerts.alert_id,
    max(alerts.subdistrict_code) as subdistrict_code,
    max(alerts.community_code) as community_code,
    max(alerts.rule_code) as rule_code,
    max(alerts.severity) as severity,
    case when max(alerts.side) = 'after' then 'opened' else 'closed' end as move,
    max(alerts.message) as message,
    max(alerts.moved_at) as moved_at,
    max(causes.caused_by) as caused_by
from alerts
inner join
    causes
    on causes.month = alerts.month
    and causes.step_id = alerts.step_id
    and causes.subdistrict_code = alerts.subdistrict_code
group by alerts.month, alerts.step_id, alerts.alert_id
having count(distinct alerts.side) = 1
