with criteria as (select * from {{ ref("int_star_criteria__named") }})

select
    criterion_code,
    name_zh,
    star_scheme,
    star,
    star_order,
    star_name_zh,
    numerator_item,
    denominator_item,
    scale,
    operator,
    threshold,
    unit,
    label,
    note_zh,
    valid_from,
    valid_to
from criteria
