{#- The distinct values of a group in one text, in their order, so that a rebuild gives the same bytes. -#}
{% macro join_text(expression, separator) %}
    {{- return(adapter.dispatch("join_text", "wuxing")(expression, separator)) -}}
{% endmacro %}

{% macro default__join_text(expression, separator) -%}
    string_agg(distinct {{ expression }}, '{{ separator }}' order by {{ expression }})
{%- endmacro %}

{% macro spark__join_text(expression, separator) -%}
    array_join(array_sort(collect_set({{ expression }})), '{{ separator }}')
{%- endmacro %}
