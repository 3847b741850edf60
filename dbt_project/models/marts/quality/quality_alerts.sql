{{ config(**monthly()) }}


with
    findings as (
        select *
        from {{ ref("int_findings__lifecycle") }}
        where channel = 'alert' and {{ month_filter("month") }}
    ),

    star_items as (
        select *
        from {{ ref("int_star_criteria__items") }}
        where {{ month_filter("month") }}
    ),

    impacts as (
        select
            findings.month,
            findings.alert_id,
            {{ join_text("star_items.star_name_zh", "、") }} as star_impact
        from findings
        inner join
            star_items
            on star_items.month = findings.month
            and star_items.unit_code = findings.unit_code
        where {{ list_has("findings.item_codes", "star_items.item_code") }}
        group by findings.month, findings.alert_id
    )

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
    impacts.star_impact,
    findings.first_seen_at,
    findings.last_seen_at,
    findings.status,
    findings.form,
    findings.unit_code,
    findings.unit_level,
    findings.suggestion
from findings
left join
    impacts on impacts.month = findings.month and impacts.alert_id = findings.alert_id
