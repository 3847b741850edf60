with units as (select * from {{ ref("int_units__named") }} where level = 'community')

select
    unit_code as community_code,
    unit_name as community_name,
    parent_code as subdistrict_code,
    parent_name as subdistrict_name,
    community_type,
    star_scheme,
    successor_code,
    valid_from,
    valid_to
from units
