{{ config(materialized="ephemeral") }}

-- The code under which the figures of a community's people run on.
with series as (select * from {{ ref("stg_reference__unit_series") }})

select unit_code as community_code, series_code
from series
where level = 'community'
