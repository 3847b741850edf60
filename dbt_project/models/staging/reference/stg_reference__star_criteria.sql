with source as (select * from {{ source("reference", "star_criteria") }})

select
    criterion_code,
    star_scheme,
    star,
    name_zh,
    numerator_item,
    denominator_item,
    cast(scale as integer) as scale,
    operator,
    cast(threshold as decimal(18, 4)) as threshold,
    unit,
    label,
    note_zh,
    valid_from,
    valid_to
from source
