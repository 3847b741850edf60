{{ config(**monthly()) }}


-- Only of open alerts, and never applied: only the sender may change a figure.
with
    suggestions as (
        select *
        from {{ ref("int_suggestions__latest") }}
        where {{ month_filter("month") }}
    ),

    alerts as (
        select *
        from {{ ref("quality_alerts") }}
        where status = 'open' and {{ month_filter("month") }}
    )

select
    suggestions.alert_id,
    suggestions.month,
    suggestions.rank,
    suggestions.ordinal,
    suggestions.kind,
    suggestions.confidence,
    suggestions.unit_code,
    suggestions.item_code,
    suggestions.workbook,
    suggestions.sheet,
    suggestions.cell,
    suggestions.reported,
    suggestions.value
from suggestions
inner join
    alerts
    on alerts.month = suggestions.month
    and alerts.alert_id = suggestions.alert_id
