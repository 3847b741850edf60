with source as (select * from {{ source("reference", "alert_weights") }})

select
    severity,
    base,
    least_confidence,
    star_touched,
    star_turned,
    share_of_total,
    valid_from,
    valid_to
from source
