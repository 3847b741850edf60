with
    ratings as (select * from {{ ref("star_ratings") }}),

    levels as (
        select star_level
        from (values (0), (1), (2), (3), (4), (5)) as level(star_level)
    ),

    subdistricts as (select distinct month, subdistrict_code from ratings)

select
    subdistricts.month,
    subdistricts.subdistrict_code,
    cast(levels.star_level as integer) as star_level,
    cast(
        sum(
            case when ratings.stars_planned = levels.star_level then 1 else 0 end
        ) as integer
    ) as communities_planned,
    cast(
        sum(
            case when ratings.stars_met = levels.star_level then 1 else 0 end
        ) as integer
    ) as communities_met,
    cast(
        sum(
            case
                when ratings.stars_met = levels.star_level and ratings.stars_unknown > 0
                then 1
                else 0
            end
        ) as integer
    ) as communities_undecided
from subdistricts
cross join levels
inner join
    ratings
    on ratings.month = subdistricts.month
    and ratings.subdistrict_code = subdistricts.subdistrict_code
group by subdistricts.month, subdistricts.subdistrict_code, levels.star_level
