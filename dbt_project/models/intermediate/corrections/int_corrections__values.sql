-- Every value of a correction and of what it corrects: in the cells, and added up.
{% set sheets = [
    ("cell", "stg_monthly_report__communities", "community_code", items_of("community")),
    ("sum", "stg_monthly_report__communities", "subdistrict_code", items_of("community", additive=true)),
    ("cell", "stg_monthly_report__subdistricts", "subdistrict_code", items_of("subdistrict")),
] %}
with
    corrections as (select * from {{ ref("int_corrections__versions") }}),

    sides as (
        select month, submission_id, 'before' as side, corrected_id as sent_as
        from corrections
        union all
        select month, submission_id, 'after' as side, submission_id as sent_as
        from corrections
    ),

    items as (select * from {{ ref("stg_reference__items") }})

{% for effect, rows_sent, unit, wanted in sheets %}
    select
        sides.month,
        sides.submission_id,
        sides.side,
        '{{ effect }}' as effect,
        sent.unit_code,
        items.item_code,
        {{ item_text("sent", "items.item_code", wanted) }} as value,
        {{ item_value("sent", "items.item_code", wanted) }} as number,
        sent.row_number
    from sides
    inner join
        (
            select
                submission_id,
                month,
                {{ unit }} as unit_code,
                {%- if effect == "sum" %}
                    {%- for item in wanted %}
                        cast(
                            sum({{ item.column }}) as {{ item.type }}
                        ) as {{ item.column }},
                    {%- endfor %}
                    cast(null as integer) as row_number
                {%- else %}
                    {%- for item in wanted %} {{ item.column }},
                    {%- endfor %}
                    row_number
                {%- endif %}
            from {{ ref(rows_sent) }}
            {% if effect == "sum" %}
                group by submission_id, month, {{ unit }}
            {% endif %}
        ) as sent
        on sent.submission_id = sides.sent_as
        and sent.month = sides.month
    inner join
        items
        on items.item_code in (
            {% for item in wanted %}
                '{{ item.code }}'{{ ", " if not loop.last }}
            {% endfor %}
        )
        {{ "union all" if not loop.last }}
{% endfor %}
