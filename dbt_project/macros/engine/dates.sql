{#- The day in China on which something arrived: due days are counted there, whatever the server's zone. -#}
{% macro local_day(instant) %}
    {{- return(adapter.dispatch("local_day", "wuxing")(instant)) -}}
{% endmacro %}

{% macro default__local_day(instant) -%}
    cast({{ instant }} at time zone 'Asia/Shanghai' as date)
{%- endmacro %}

{% macro spark__local_day(instant) -%}
    cast(from_utc_timestamp({{ instant }}, 'Asia/Shanghai') as date)
{%- endmacro %}

{% macro add_months(day, months) -%}
    cast({{ dbt.dateadd("month", months, day) }} as date)
{%- endmacro %}

{% macro add_days(day, days) -%}
    cast({{ dbt.dateadd("day", days, day) }} as date)
{%- endmacro %}
