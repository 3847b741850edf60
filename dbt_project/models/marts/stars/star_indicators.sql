{{ config(**monthly()) }}


with
    judged as (
        select *
        from {{ ref("int_star_criteria__by_community") }}
        where criterion_code is not null and {{ month_filter("month") }}
    ),

    communities as (
        select * from {{ ref("community_month") }} where {{ month_filter("month") }}
    ),

    touched as (
        select
            month,
            community_code,
            criterion_code,
            {{ join_text("alert_id", "、") }} as alert_ids
        from {{ ref("star_disputes") }}
        where {{ month_filter("month") }}
        group by month, community_code, criterion_code
    ),

    measured as (
        select
            judged.*,
            touched.alert_ids,
            {{ item_value("communities", "judged.numerator_item", items_of("community")) }}
            as numerator,
            {{ denominator_value("communities") }} as denominator
        from judged
        left join
            communities
            on communities.month = judged.month
            and communities.community_code = judged.community_code
        left join
            touched
            on touched.month = judged.month
            and touched.community_code = judged.community_code
            and touched.criterion_code = judged.criterion_code
    ),

    decided as ({{ decided("measured") }})

select
    month,
    community_code,
    subdistrict_code,
    star,
    criterion_code,
    value,
    operator,
    threshold,
    cast(
        {{ star_margin("value", "operator", "threshold") }} as decimal(18, 4)
    ) as margin,
    status,
    reason,
    star_scheme,
    cast(numerator as decimal(18, 4)) as numerator,
    cast(denominator as decimal(18, 4)) as denominator
from decided
