with source as (select * from {{ source("reference", "units") }})

select
    unit_code,
    unit_name,
    level,
    parent_code,
    community_type,
    star_scheme,
    successor_code,
    aliases,
    valid_from,
    valid_to
from source
