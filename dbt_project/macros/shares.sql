{#- A part of a whole, from 0 to 1; null where there is no whole. -#}
{% macro share(part, whole) -%}
    cast(
        cast({{ part }} as {{ double() }})
        / nullif(cast({{ whole }} as {{ double() }}), 0) as decimal(9, 6)
    )
{%- endmacro %}

{#- What share of a sum a change makes, of the larger of the sums before and after; from 0 to 1. -#}
{% macro share_moved(total, change) -%}
    least(
        cast(1 as decimal(9, 6)),
        coalesce(
            {{
                share(
                    "abs(" ~ change ~ ")",
                    "greatest(abs(" ~ total ~ "), abs(" ~ total ~ " + " ~ change ~ "))",
                )
            }},
            cast(0 as decimal(9, 6))
        )
    )
{%- endmacro %}

{#- For readers: 0.345 is 35%; halves go up on every engine. -#}
{% macro percent(share) -%}
    concat(cast(floor({{ share }} * 100 + 0.5) as integer), '%')
{%- endmacro %}

{% macro scorecard_dimensions() %}
    {{- return(["timeliness", "completeness", "consistency", "stability"]) -}}
{% endmacro %}
