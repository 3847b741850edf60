{#- Binary floating point of 8 bytes, for shares that are only shown: `float` has 4 on DuckDB. -#}
{% macro double() %}
    {{- return(adapter.dispatch("double", "wuxing")()) -}}
{% endmacro %}

{% macro default__double() -%} double precision {%- endmacro %}

{% macro spark__double() -%} double {%- endmacro %}
