{{ config(**monthly()) }}

with
    communities as (
        select * from {{ ref("community_month") }} where {{ month_filter("month") }}
    ),

    series as (select * from {{ ref("int_units__series") }})

select
    communities.month,
    series.series_code,
    {%- for item in items_of("community", additive=true) %}
        cast(
            sum(communities.{{ item.column }}) as {{ item.type }}
        ) as {{ item.column }},
    {%- endfor %}
    cast(count(*) as integer) as communities_reported,
    {{ codes_with_blanks(items_of("community", additive=true)) }} as incomplete_items
from communities
inner join series on series.community_code = communities.community_code
group by communities.month, series.series_code
