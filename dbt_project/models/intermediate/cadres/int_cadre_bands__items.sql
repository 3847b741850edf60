{{ config(materialized="ephemeral") }}

-- The items that the structure of a community's cadres reads.
with
    bands as (
        select * from {{ ref("int_cadre_bands__grouped") }} where sheet = 'community'
    )

select plus_item as item_code
from bands
union
select minus_item as item_code
from bands
where minus_item is not null
union
select headcount_item as item_code
from bands
