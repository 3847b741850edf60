-- What each community is judged by in a month; only where its sub-district has
-- reported, else there is nothing to judge.
with
    communities as (select * from {{ ref("int_units__communities_by_month") }}),

    submissions as (
        select * from {{ ref("int_submissions__latest") }} where form = 'monthly_report'
    ),

    criteria as (select * from {{ ref("int_star_criteria__named") }})

select
    communities.month,
    communities.community_code,
    communities.subdistrict_code,
    communities.star_scheme,
    criteria.star,
    criteria.star_name_zh,
    criteria.criterion_code,
    criteria.numerator_item,
    criteria.denominator_item,
    criteria.scale,
    criteria.operator,
    criteria.threshold
from communities
inner join
    submissions
    on submissions.month = communities.month
    and submissions.subdistrict_code = communities.subdistrict_code
left join
    criteria
    on criteria.star_scheme = communities.star_scheme
    and {{ holds_in("criteria", "communities.month") }}
