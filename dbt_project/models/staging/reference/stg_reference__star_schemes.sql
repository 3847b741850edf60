with source as (select * from {{ source("reference", "star_schemes") }})

select
    star_scheme,
    star,
    cast(star_order as integer) as star_order,
    name_zh,
    valid_from,
    valid_to
from source
