{#- A part of a whole, from 0 to 1; null where there is no whole. -#}
{% macro share(part, whole) -%}
    cast(
        cast({{ part }} as {{ double() }})
        / nullif(cast({{ whole }} as {{ double() }}), 0) as decimal(9, 6)
    )
{%- endmacro %}

{% macro scorecard_dimensions() %}
    {{- return(["timeliness", "completeness", "consistency", "stability"]) -}}
{% endmacro %}
