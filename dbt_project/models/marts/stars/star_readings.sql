{{ config(**monthly()) }}

-- Both readings of each star that a suggestion touches, by the value as reported and
-- by the suggested one; what alerts say of either does not count here.
{% set of_star = "over (partition by month, alert_id, rank, community_code, star)" %}
with
    criteria as (
        select *, cast(null as varchar) as alert_ids
        from {{ ref("int_star_criteria__suggested") }}
        where touches_star and {{ month_filter("month") }}
    ),

    communities as (
        select * from {{ ref("community_month") }} where {{ month_filter("month") }}
    ),

    as_reported as (
        select
            criteria.*,
            {{ item_value("communities", "numerator_item", items_of("community")) }}
            as numerator,
            {{ denominator_value("communities") }} as denominator
        from criteria
        left join
            communities
            on communities.month = criteria.month
            and communities.community_code = criteria.community_code
    ),

    as_suggested as (
        select
            month,
            alert_id,
            rank,
            community_code,
            criterion_code,
            numerator_item,
            denominator_item,
            scale,
            operator,
            threshold,
            alert_ids,
            coalesce(suggested_numerator, numerator) as numerator,
            coalesce(suggested_denominator, denominator) as denominator
        from as_reported
    ),

    reported as ({{ decided("as_reported") }}),

    suggested as ({{ decided("as_suggested") }})

select
    month,
    alert_id,
    rank,
    community_code,
    criterion_code,
    reported.subdistrict_code,
    reported.star,
    reported.star_name_zh,
    reported.value as value_reported,
    suggested.value as value_suggested,
    reported.status as status_reported,
    suggested.status as status_suggested,
    {{ star_status("reported.status", of_star) }} as star_reported,
    {{ star_status("suggested.status", of_star) }} as star_suggested
from reported
inner join suggested using (month, alert_id, rank, community_code, criterion_code)
