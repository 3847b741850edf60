{#-
    Last month's figures of a level under the codes of each month, as `expectations/carried.py` has them: a renamed
    unit's are its predecessor's, a merged one's the sums of what can be added up, and of people who were never counted
    apart there are none.
-#}
{% macro figures_before(level, figures, items) %}
    {%- set code = level ~ "_code" -%}
    with
        origins as (
            select * from {{ ref("int_units__origins") }} where level = '{{ level }}'
        ),

        befores as (
            select
                now.month,
                {{ add_months("now.month", -1) }} as month_before,
                now.{{ code }},
                coalesce(origins.code_before, now.{{ code }}) as code_before,
                coalesce(origins.parts, 1) as parts
            from {{ figures }} as now
            left join
                origins
                on origins.month = now.month
                and origins.unit_code = now.{{ code }}
            where coalesce(origins.is_counted, true)
        )

    select
        befores.month,
        befores.{{ code }},
        {%- for item in items %}
            last.{{ item.column }}{{ "," if not loop.last }}
        {%- endfor %}
    from befores
    inner join
        {{ figures }} as last
        on last.month = befores.month_before
        and last.{{ code }} = befores.code_before
    where befores.parts = 1
    union all
    select
        befores.month,
        befores.{{ code }},
        {%- for item in items %}
            {%- if item.additive %}
                cast(
                    case
                        when count(last.{{ item.column }}) = count(*)
                        then sum(last.{{ item.column }})
                    end as {{ item.type }}
                )
            {%- else %} cast(null as {{ item.type }})
            {%- endif %} as {{ item.column }}{{ "," if not loop.last }}
        {%- endfor %}
    from befores
    inner join
        {{ figures }} as last
        on last.month = befores.month_before
        and last.{{ code }} = befores.code_before
    where befores.parts > 1
    group by befores.month, befores.{{ code }}, befores.parts
    having count(*) = befores.parts
{% endmacro %}
