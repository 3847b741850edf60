-- The criteria of these communities on either side of a step, with what they read then.
with
    submissions as (select * from {{ ref("int_corrections__submissions") }}),

    rows_sent as (select * from {{ ref("stg_monthly_report__communities") }}),

    judged as (
        select *
        from {{ ref("int_star_criteria__by_community") }}
        where criterion_code is not null
    ),

    touched as (
        select
            alerts.step_id,
            alerts.side,
            judged.community_code,
            judged.criterion_code,
            {{ join_text("alerts.alert_id", "、") }} as alert_ids
        from {{ ref("int_corrections__alerts") }} as alerts
        inner join
            judged
            on judged.month = alerts.month
            and judged.community_code = alerts.community_code
        where
            alerts.severity = 'mandatory'
            and (
                {{ list_has("alerts.item_codes", "judged.numerator_item") }}
                or {{ list_has("alerts.item_codes", "coalesce(judged.denominator_item, '-')") }}
            )
        group by
            alerts.step_id, alerts.side, judged.community_code, judged.criterion_code
    )

select
    judged.*,
    submissions.step_id,
    submissions.side,
    touched.alert_ids,
    {{ item_value("rows_sent", "judged.numerator_item", items_of("community")) }}
    as numerator,
    {{ denominator_value("rows_sent") }} as denominator
from {{ ref("int_corrections__communities") }} as moved
inner join
    judged
    on judged.month = moved.month
    and judged.community_code = moved.community_code
inner join
    submissions
    on submissions.step_id = moved.step_id
    and submissions.subdistrict_code = judged.subdistrict_code
left join
    rows_sent
    on rows_sent.submission_id = submissions.submission_id
    and rows_sent.month = submissions.month
    and rows_sent.community_code = judged.community_code
left join
    touched
    on touched.step_id = submissions.step_id
    and touched.side = submissions.side
    and touched.community_code = judged.community_code
    and touched.criterion_code = judged.criterion_code
