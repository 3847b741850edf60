{{ config(materialized="ephemeral") }}

-- Items are not versioned yet; they hold from the open start, so that a join by date
-- keeps them.
with items as (select * from {{ ref("stg_reference__items") }})

select *, {{ always() }} as valid_from, cast(null as date) as valid_to
from items
