-- How many communities of a unit hold a star, plan a level, are of a type.
with
    ratings as (select * from {{ ref("star_ratings") }}),

    communities as (select * from {{ ref("community_month") }}),

    units as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    types as (
        select distinct community_type from communities where community_type is not null
    ),

    facts as (
        {%- for star in stars() %}
            select
                month,
                subdistrict_code,
                'star:{{ star }}' as measure,
                case when {{ star }}_star = 'met' then 1 else 0 end as counted,
                case when {{ star }}_star = 'unknown' then 1 else 0 end as undecided
            from ratings
            union all
        {%- endfor %}
        select
            ratings.month,
            ratings.subdistrict_code,
            concat('planned:', level.star_level) as measure,
            case
                when ratings.stars_planned = level.star_level then 1 else 0
            end as counted,
            case when ratings.stars_planned is null then 1 else 0 end as undecided
        from ratings
        cross join (values (0), (1), (2), (3), (4), (5)) as level(star_level)
        union all
        select
            communities.month,
            communities.subdistrict_code,
            concat('type:', types.community_type) as measure,
            case
                when communities.community_type = types.community_type then 1 else 0
            end as counted,
            case when communities.community_type is null then 1 else 0 end as undecided
        from communities
        cross join types
    ),

    placed as (
        select facts.*, units.county_code
        from facts
        inner join
            units
            on units.month = facts.month
            and units.subdistrict_code = facts.subdistrict_code
    )

{% for level, code in [("subdistrict", "subdistrict_code"), ("county", "county_code")] %}
    select
        month,
        '{{ level }}' as org_level,
        {{ code }} as org_code,
        measure,
        cast(sum(counted) as integer) as communities,
        cast(sum(undecided) as integer) as undecided
    from placed
    group by month, {{ code }}, measure {{ "union all" if not loop.last }}
{% endfor %}
