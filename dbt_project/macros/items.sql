{#- Items by sheet, and by `additive` or `asked` where given; `items()` is generated from items.csv. -#}
{% macro items_of(sheet, additive=none, asked=none) %}
    {%- set found = [] -%}
    {%- for item in items() if item.sheet == sheet -%}
        {%- if (additive is none or item.additive == additive) and (asked is none or item.asked == asked) -%}
            {%- do found.append(item) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{#- The typed columns of a sheet, one a line. -#}
{% macro item_columns(sheet, prefix="") %}
    {%- for item in items_of(sheet) %}
        cast(
            {{ prefix }}{{ item.column }} as {{ item.type }}
        ) as {{ item.column }}{{ "," if not loop.last }}
    {%- endfor -%}
{% endmacro %}

{#- What stands in a row of subdistrict_month: sums over communities, and the sub-district's own items. -#}
{% macro items_of_subdistricts() %}
    {{- return(items_of("community", additive=true) + items_of("subdistrict")) -}}
{% endmacro %}

{#- The value of the item that `code` names, as an exact number (是 = 1, 否 = 0); null where it has none. -#}
{% macro item_value(row, code, items) -%}
    case
        {{ code }}
        {%- for item in items if item.numeric %}
            when '{{ item.code }}'
            then
                {%- if item.type == "boolean" %}
                    case
                        when {{ row }}.{{ item.column }}
                        then 1.0000
                        when not {{ row }}.{{ item.column }}
                        then 0.0000
                    end
                {%- else %} cast({{ row }}.{{ item.column }} as decimal(18, 4))
                {%- endif %}
        {%- endfor %}
    end
{%- endmacro %}

{#- How many of the items of a row are filled. -#}
{% macro count_filled(row, items) -%}
    {%- for item in items -%}
        case
            when {{ row }}.{{ item.column }} is null then 0 else 1
        end{{ " + " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- How many of the items differ between two rows; a blank is a value of its own. -#}
{% macro count_differing(row, other, items) -%}
    {%- for item in items -%}
        case
            when
                {{ row }}.{{ item.column }}
                is distinct from {{ other }}.{{ item.column }}
            then 1
            else 0
        end{{ " + " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The codes of items as SQL literals. -#}
{% macro quoted_codes(items) -%}
    {%- for item in items -%}
        '{{ item.code }}'{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The codes of the items that are blank in at least one row of the group, joined by `;`; null where none is. -#}
{% macro codes_with_blanks(items) -%}
    nullif(
        concat_ws(
            ';'
            {%- for item in items %}
                ,
                case when count(*) > count({{ item.column }}) then '{{ item.code }}' end
            {%- endfor %}
        ),
        ''
    )
{%- endmacro %}

{#- Whether a list joined by `;` has an element; portable, where splitting into rows is not. -#}
{% macro list_has(list, element) -%}
    concat(';', {{ list }}, ';') like concat('%;', {{ element }}, ';%')
{%- endmacro %}

{#- The same as readers write it: 是, 否, a number, a choice; null where it has none. -#}
{% macro item_text(row, code, items) -%}
    case
        {{ code }}
        {%- for item in items %}
            when '{{ item.code }}'
            then
                {%- if item.type == "boolean" %}
                    case
                        when {{ row }}.{{ item.column }}
                        then '是'
                        when not {{ row }}.{{ item.column }}
                        then '否'
                    end
                {%- else %} cast({{ row }}.{{ item.column }} as varchar)
                {%- endif %}
        {%- endfor %}
    end
{%- endmacro %}
