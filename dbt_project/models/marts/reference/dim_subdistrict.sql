with units as (select * from {{ ref("int_units__named") }} where level = 'subdistrict')

select
    unit_code as subdistrict_code,
    unit_name as subdistrict_name,
    parent_code as county_code,
    parent_name as county_name,
    successor_code,
    valid_from,
    valid_to
from units
