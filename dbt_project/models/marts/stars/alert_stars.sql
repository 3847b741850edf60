{{ config(**monthly()) }}

-- Which stars an alert concerns, and what its suggestion would make of them.
with
    findings as (
        select *
        from {{ ref("int_findings__lifecycle") }}
        where channel = 'alert' and {{ month_filter("month") }}
    ),

    star_items as (
        select *
        from {{ ref("int_star_criteria__items") }}
        where {{ month_filter("month") }}
    ),

    communities as (select * from {{ ref("int_units__communities_by_month") }}),

    concerned as (
        select distinct findings.month, findings.alert_id, star_items.star_name_zh
        from findings
        inner join
            star_items
            on star_items.month = findings.month
            and star_items.unit_code = findings.unit_code
        where {{ list_has("findings.item_codes", "star_items.item_code") }}
    ),

    readings as (
        select
            month,
            alert_id,
            community_code,
            star_name_zh,
            max(star_reported) as reported,
            max(case when rank = 1 then star_suggested end) as suggested,
            {{ join_text("case when rank > 1 then " ~ status_zh("star_suggested") ~ " end", "或") }}
            as otherwise,
            max(case when star_suggested <> star_reported then 1 else 0 end) as turned
        from {{ ref("star_readings") }}
        where {{ month_filter("month") }}
        group by month, alert_id, community_code, star_name_zh
    ),

    said as (
        select readings.*, {{ star_sentence() }} as sentence
        from readings
        inner join
            findings
            on findings.month = readings.month
            and findings.alert_id = readings.alert_id
        left join
            communities
            on communities.month = readings.month
            and communities.community_code = readings.community_code
    )

select
    coalesce(said.month, concerned.month) as month,
    coalesce(said.alert_id, concerned.alert_id) as alert_id,
    cast(
        count(distinct coalesce(said.star_name_zh, concerned.star_name_zh)) as integer
    ) as stars_touched,
    cast(sum(coalesce(said.turned, 0)) as integer) as stars_turned,
    {{ star_impact() }} as star_impact
from said
full outer join
    concerned
    on concerned.month = said.month
    and concerned.alert_id = said.alert_id
    and concerned.star_name_zh = said.star_name_zh
group by 1, 2
