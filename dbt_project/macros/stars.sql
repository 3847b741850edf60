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

{#- What an item's value is divided by; a criterion without a denominator compares the item itself. -#}
{% macro denominator_value(row) -%}
    case
        when denominator_item is null
        then cast(1 as decimal(18, 4))
        else {{ item_value(row, "denominator_item", items_of("community")) }}
    end
{%- endmacro %}

{#- Measured criteria (numerator, denominator, alert_ids beside the criterion) with value, status and reason. -#}
{% macro decided(measured) -%}
    select
        *,
        case
            when reason is not null then 'unknown' when passes then 'met' else 'not_met'
        end as status
    from
        (
            select
                *,
                {{ quotient("scale * numerator", "denominator") }} as value,
                {{ is_met("scale * numerator", "operator", "threshold * denominator") }}
                as passes,
                {{ unknown_reason("numerator", "denominator") }} as reason
            from {{ measured }}
        ) as judged_by_value
{%- endmacro %}

{#- A star from the statuses of its criteria: one surely missed decides. With `over`, of a window instead of a group. -#}
{% macro star_status(status, over="") -%}
    case
        when max(case when {{ status }} = 'not_met' then 1 else 0 end) {{ over }} = 1
        then 'not_met'
        when max(case when {{ status }} = 'unknown' then 1 else 0 end) {{ over }} = 1
        then 'unknown'
        else 'met'
    end
{%- endmacro %}

{#- The status of a star, for the reader. -#}
{% macro status_zh(status) -%}
    case {{ status }} when 'met' then '达标' when 'not_met' then '不达标' else '无法判定' end
{%- endmacro %}

{#- The five stars, in their order; their Chinese names depend on the scheme and stand in star_schemes. -#}
{% macro stars() %}
    {{- return(["branch", "industry", "livability", "peace", "civility"]) -}}
{% endmacro %}
