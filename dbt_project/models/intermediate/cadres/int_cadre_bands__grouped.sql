{{ config(materialized="ephemeral") }}

-- Each band with the items that count it and its whole group.
with
    bands as (select * from {{ ref("stg_reference__cadre_bands") }}),

    groups as (select * from {{ ref("stg_reference__cadre_groups") }})

select bands.*, groups.sheet, groups.headcount_item, groups.mean_age_item
from bands
inner join groups on groups.cadre_group = bands.cadre_group
