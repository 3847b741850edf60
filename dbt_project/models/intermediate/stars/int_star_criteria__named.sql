{{ config(materialized="ephemeral") }}

-- A criterion with the name that its star has in its scheme.
with
    criteria as (select * from {{ ref("stg_reference__star_criteria") }}),

    schemes as (select * from {{ ref("stg_reference__star_schemes") }})

select criteria.*, schemes.star_order, schemes.name_zh as star_name_zh
from criteria
left join
    schemes
    on schemes.star_scheme = criteria.star_scheme
    and schemes.star = criteria.star
    and {{ holds_in("schemes", "criteria.valid_from") }}
