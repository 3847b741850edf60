{#- For showing only: whether a line is reached is decided without division, by is_met. -#}
{% macro quotient(part, whole) -%}
    cast(
        cast({{ part }} as {{ double() }})
        / nullif(cast({{ whole }} as {{ double() }}), 0) as decimal(18, 4)
    )
{%- endmacro %}

{#- Exact decimals on both sides, so that 80.00 % is never missed by a rounding. -#}
{% macro is_met(left, operator, right) -%}
    case
        {{ operator }}
        {%- for sign in [">=", ">", "<=", "<", "="] %}
            when '{{ sign }}' then {{ left }} {{ sign }} {{ right }}
        {%- endfor %}
    end
{%- endmacro %}

{#- The distance to the line, positive on its good side. -#}
{% macro star_margin(value, operator, threshold) -%}
    case
        when {{ operator }} in ('>=', '>')
        then {{ value }} - {{ threshold }}
        when {{ operator }} in ('<=', '<')
        then {{ threshold }} - {{ value }}
        else - abs({{ value }} - {{ threshold }})
    end
{%- endmacro %}

{#- Why a criterion cannot be judged, for the reader; null where it can. -#}
{% macro unknown_reason(numerator, denominator) -%}
    case
        when {{ numerator }} is null or {{ denominator }} is null
        then
            concat(
                '缺 ',
                concat_ws(
                    '、',
                    case when {{ numerator }} is null then numerator_item end,
                    case when {{ denominator }} is null then denominator_item end
                )
            )
        when {{ denominator }} <= 0
        then concat('分母 ', denominator_item, ' 为 0')
        when alert_ids is not null
        then concat('告警 ', alert_ids)
    end
{%- endmacro %}

{#- The five stars, in their order; their Chinese names depend on the scheme and stand in star_schemes. -#}
{% macro stars() %}
    {{- return(["branch", "industry", "livability", "peace", "civility"]) -}}
{% endmacro %}
