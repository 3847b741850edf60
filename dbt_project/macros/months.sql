{#- The months to replace, as SQL date literals; none means all. Read only at execution, so that the manifest stays valid. -#}
{% macro months_to_replace() %}
    {%- set dates = [] -%}
    {%- if execute -%}
        {%- for part in env_var("WUXING_MONTHS", "").split(",") if part.strip() -%}
            {%- do dates.append("date '" ~ modules.datetime.date.fromisoformat(part.strip()) ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(dates) -}}
{% endmacro %}

{#- A literal predicate, because only that reaches the scan; always true where the whole table is built. -#}
{% macro month_filter(column) %}
    {%- set dates = months_to_replace() -%}
    {%- if dates and is_incremental() -%} {{ column }} in ({{ dates | join(", ") }})
    {%- else -%} 1 = 1
    {%- endif -%}
{% endmacro %}

{#- Before the insert, because delete+insert leaves a month alone that has no row any more. -#}
{% macro clear_months() %}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ month_filter("month") }}
    {%- endif -%}
{% endmacro %}

{#- Whether a dated row holds in a month: on its first day, as `holds_on` of ingest.reference has it. -#}
{% macro holds_in(row, month) -%}
    {{ row }}.valid_from <= {{ month }}
    and ({{ row }}.valid_to is null or {{ month }} <= {{ row }}.valid_to)
{%- endmacro %}

{#- Undated reference rows have always held; a null here would drop them from every join by date. -#}
{% macro always() -%} cast('1900-01-01' as date) {%- endmacro %}
