-- How much a suggested value would move the sum it is part of: a community's in its
-- sub-district, a sub-district's in the county.
{% set parts = [
    ["community", "int_communities__latest"],
    ["subdistrict", "int_subdistricts__latest"],
] %}
with
    suggestions as (
        select *
        from {{ ref("int_suggestions__latest") }}
        where is_suggested and number is not null
    ),

    additive as (select * from {{ ref("stg_reference__items") }} where additive),

    wholes as (
        select month, subdistrict_code as whole_code, community_code as unit_code
        from {{ ref("int_units__communities_by_month") }}
        union all
        select month, county_code as whole_code, subdistrict_code as unit_code
        from {{ ref("int_units__subdistricts_by_month") }}
    ),

    asked as (
        select distinct suggestions.month, wholes.whole_code, suggestions.item_code
        from suggestions
        inner join additive on additive.item_code = suggestions.item_code
        inner join
            wholes
            on wholes.month = suggestions.month
            and wholes.unit_code = suggestions.unit_code
    ),

    reported as (
        {% for sheet, rows_sent in parts %}
            select
                asked.*,
                wholes.unit_code,
                {{ item_value("rows_sent", "asked.item_code", items_of(sheet)) }}
                as number
            from asked
            inner join
                wholes
                on wholes.month = asked.month
                and wholes.whole_code = asked.whole_code
            inner join
                {{ ref(rows_sent) }} as rows_sent
                on rows_sent.month = wholes.month
                and rows_sent.{{ sheet }}_code = wholes.unit_code
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),

    summed as (
        select *, sum(number) over (partition by month, whole_code, item_code) as total
        from reported
    )

select
    suggestions.month,
    suggestions.alert_id,
    suggestions.rank,
    suggestions.unit_code,
    suggestions.item_code,
    summed.whole_code,
    summed.number as reported,
    suggestions.number as suggested,
    {{ share_moved("summed.total", "suggestions.number - coalesce(summed.number, 0)") }}
    as share
from suggestions
inner join
    summed
    on summed.month = suggestions.month
    and summed.unit_code = suggestions.unit_code
    and summed.item_code = suggestions.item_code
