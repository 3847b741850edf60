{{ config(materialized="ephemeral") }}

-- Versions of units with their parent's name, as it was when the version began.
with units as (select * from {{ ref("stg_reference__units") }})

select units.*, parents.unit_name as parent_name
from units
left join
    units as parents
    on parents.unit_code = units.parent_code
    and {{ holds_in("parents", "units.valid_from") }}
