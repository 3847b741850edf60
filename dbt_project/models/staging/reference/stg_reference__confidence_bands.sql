with source as (select * from {{ source("reference", "confidence_bands") }})

select band, low, high
from source
