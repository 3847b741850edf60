{{ config(materialized="ephemeral") }}

-- The items that a sub-district has a number for; a mean comes with the item that
-- weighs it.
with
    items as (select * from {{ ref("stg_reference__items") }}),

    groups as (select * from {{ ref("stg_reference__cadre_groups") }})

select items.item_code, items.additive, groups.headcount_item as weight_item
from items
left join groups on groups.mean_age_item = items.item_code
where items.additive or (items.sheet = 'subdistrict' and items.value_type = 'mean')
