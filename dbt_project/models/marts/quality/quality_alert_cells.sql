{{ config(**monthly()) }}


-- Only of open alerts: what a closed one pointed to stands in older versions of the
-- workbook.
with
    cells as (
        select *
        from {{ ref("int_finding_cells__latest") }}
        where {{ month_filter("month") }}
    ),

    alerts as (
        select *
        from {{ ref("quality_alerts") }}
        where status = 'open' and {{ month_filter("month") }}
    )

select
    cells.alert_id,
    cells.month,
    cells.ordinal,
    cells.workbook,
    cells.sheet,
    cells.cell,
    cells.unit_code,
    cells.cell_month,
    cells.item_code,
    cells.text,
    cells.value
from cells
inner join alerts on alerts.month = cells.month and alerts.alert_id = cells.alert_id
