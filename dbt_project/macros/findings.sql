{#- The findings of one channel that nobody is asked about: no suggestion, no effect on stars. -#}
{% macro findings_of(channel) %}
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
    from {{ ref("int_findings__lifecycle") }}
    where channel = '{{ channel }}'
{% endmacro %}
