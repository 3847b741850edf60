with source as (select * from {{ source("reference", "cadre_bands") }})

select
    cadre_group,
    dimension,
    band,
    cast(band_order as integer) as band_order,
    name_zh,
    plus_item,
    minus_item,
    summary_share
from source
