{#- Generic tests of what our own SQL promises. `is not true` catches a null as well as a false. -#}
{% test unique_grain(model, columns) %}
    select {{ columns | join(", ") }}
    from {{ model }}
    group by {{ columns | join(", ") }}
    having
        count(*) > 1 {%- for column in columns %} or {{ column }} is null {%- endfor %}
{% endtest %}

{% test holds(model, expressions) %}
    {%- for expression in expressions %}
        select
            '{{ dbt.escape_single_quotes(expression) }}' as violated,
            count(*) as row_count
        from {{ model }}
        where ({{ expression }}) is not true
        having count(*) > 0 {{ "union all" if not loop.last }}
    {%- endfor %}
{% endtest %}

{#- Every key of this model stands in the other one; a null key refers to nothing. -#}
{% test refers_to(model, columns, to) %}
    {%- set keys = columns | join(", ") %}
    select {{ keys }}
    from {{ model }}
    where {{ columns[0] }} is not null
    except
    select {{ keys }}
    from {{ to }}
{% endtest %}

{#- The parts, summed over the grain, give the whole of another model. -#}
{% test adds_up(model, parts, by, whole_of, whole) %}
    with
        summed as (
            select {{ by | join(", ") }}, sum({{ parts }}) as parts
            from {{ model }}
            group by {{ by | join(", ") }}
        ),
        wholes as (
            select {{ by | join(", ") }}, {{ whole }} as whole
            from {{ whole_of }}
            group by {{ by | join(", ") }}
        )
    select summed.*, wholes.whole
    from summed
    left join
        wholes
        on {% for key in by %}
            wholes.{{ key }} = summed.{{ key }} {{ "and " if not loop.last }}
        {% endfor %}
    where (summed.parts = wholes.whole) is not true
{% endtest %}

{#- The bands of a group's dimension are the whole group; where a band is unknown nothing can be said. -#}
{% test partition_adds_up(model, parts, whole, by) %}
    select {{ by | join(", ") }}
    from {{ model }}
    group by {{ by | join(", ") }}
    having
        count(*) = count({{ parts }})
        and (sum({{ parts }}) = max({{ whole }})) is not true
{% endtest %}

{#- What the counties have is what their sub-districts have. -#}
{% test county_adds_up(model, measure, by) %}
    select {{ by | join(", ") }}
    from {{ model }}
    where org_level in ('county', 'subdistrict')
    group by {{ by | join(", ") }}
    having
        coalesce(sum(case when org_level = 'county' then {{ measure }} end), 0)
        <> coalesce(sum(case when org_level = 'subdistrict' then {{ measure }} end), 0)
{% endtest %}
