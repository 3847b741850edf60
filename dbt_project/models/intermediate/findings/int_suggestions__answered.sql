-- The value of a suggested cell in the version that it is about and in the next one.
{% set sheets = [
    ["community", "stg_monthly_report__communities"],
    ["subdistrict", "stg_monthly_report__subdistricts"],
] %}
with suggestions as (select * from {{ ref("int_suggestions__followed") }})

{% for sheet, rows_sent in sheets %}
    select
        suggestions.*,
        {{ item_value("before", "suggestions.item_code", items_of(sheet)) }}
        as number_before,
        {{ item_value("after", "suggestions.item_code", items_of(sheet)) }}
        as number_after
    from suggestions
    inner join
        {{ ref(rows_sent) }} as before
        on before.submission_id = suggestions.submission_id
        and before.{{ sheet }}_code = suggestions.unit_code
    inner join
        {{ ref(rows_sent) }} as after
        on after.submission_id = suggestions.next_submission_id
        and after.{{ sheet }}_code = suggestions.unit_code
    where suggestions.item_code in ({{ quoted_codes(items_of(sheet)) }})
    union all
{% endfor %}
select
    suggestions.*,
    cast(before.value as decimal(18, 4)) as number_before,
    cast(after.value as decimal(18, 4)) as number_after
from suggestions
inner join
    {{ ref("stg_profile__figures") }} as before
    on before.submission_id = suggestions.submission_id
    and before.unit_code = suggestions.unit_code
    and before.figure_code = suggestions.item_code
inner join
    {{ ref("stg_profile__figures") }} as after
    on after.submission_id = suggestions.next_submission_id
    and after.unit_code = suggestions.unit_code
    and after.figure_code = suggestions.item_code
