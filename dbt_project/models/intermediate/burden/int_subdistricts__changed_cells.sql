-- How many prefilled cells of a sub-district differ from last month's figures of the
-- same people.
{% set prefilled = items_of("subdistrict", asked="prefilled") %}
with
    nows as (select * from {{ ref("int_subdistricts__latest") }}),

    befores as ({{ figures_before("subdistrict", "nows", prefilled) }})

select
    nows.month,
    nows.subdistrict_code,
    cast(
        {{ count_differing("nows", "befores", prefilled) }} as integer
    ) as cells_changed
from nows
inner join
    befores
    on befores.month = nows.month
    and befores.subdistrict_code = nows.subdistrict_code
