{{ config(**monthly()) }}


with
    judged as (
        select distinct month, community_code, subdistrict_code, star_scheme
        from {{ ref("int_star_criteria__by_community") }}
        where {{ month_filter("month") }}
    ),

    indicators as (
        select * from {{ ref("star_indicators") }} where {{ month_filter("month") }}
    ),

    communities as (
        select * from {{ ref("community_month") }} where {{ month_filter("month") }}
    ),

    stars as (
        select month, community_code, star, {{ star_status("status") }} as status
        from indicators
        group by month, community_code, star
    ),

    counted as (
        select
            month,
            community_code,
            {%- for star in stars() %}
                max(case when star = '{{ star }}' then status end) as {{ star }}_star,
            {%- endfor %}
            cast(
                sum(case when status = 'met' then 1 else 0 end) as integer
            ) as stars_met,
            cast(
                sum(case when status = 'unknown' then 1 else 0 end) as integer
            ) as stars_unknown
        from stars
        group by month, community_code
    )

select
    judged.month,
    judged.community_code,
    judged.subdistrict_code,
    {%- for star in stars() %}
        coalesce(counted.{{ star }}_star, 'not_applicable') as {{ star }}_star,
    {% endfor %}
    coalesce(counted.stars_met, 0) as stars_met,
    coalesce(counted.stars_unknown, 0) as stars_unknown,
    cast(communities.planned_star_level as integer) as stars_planned,
    cast(
        communities.planned_star_level - coalesce(counted.stars_met, 0) as integer
    ) as gap,
    communities.planned_stars,
    judged.star_scheme
from judged
left join
    counted
    on counted.month = judged.month
    and counted.community_code = judged.community_code
left join
    communities
    on communities.month = judged.month
    and communities.community_code = judged.community_code
