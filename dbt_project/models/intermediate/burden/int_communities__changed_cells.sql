-- How many prefilled cells of a community differ from last month's figures of the
-- same people.
{% set prefilled = items_of("community", asked="prefilled") %}
with
    nows as (select * from {{ ref("int_communities__latest") }}),

    befores as ({{ figures_before("community", "nows", prefilled) }})

select
    nows.month,
    nows.subdistrict_code,
    nows.community_code,
    cast(
        {{ count_differing("nows", "befores", prefilled) }} as integer
    ) as cells_changed
from nows
inner join
    befores
    on befores.month = nows.month
    and befores.community_code = nows.community_code
