{{ config(**monthly()) }}

-- Which open mandatory alert of a community touches a figure that a criterion reads.
with
    judged as (
        select *
        from {{ ref("int_star_criteria__by_community") }}
        where criterion_code is not null and {{ month_filter("month") }}
    ),

    alerts as (
        select *
        from {{ ref("quality_alerts") }}
        where severity = 'mandatory' and status = 'open' and {{ month_filter("month") }}
    )

select
    judged.month,
    judged.community_code,
    judged.criterion_code,
    alerts.alert_id,
    judged.subdistrict_code,
    judged.star
from judged
inner join
    alerts
    on alerts.month = judged.month
    and alerts.community_code = judged.community_code
where
    {{ list_has("alerts.item_codes", "judged.numerator_item") }}
    or {{ list_has("alerts.item_codes", "coalesce(judged.denominator_item, '-')") }}
