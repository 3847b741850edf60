-- How many cells of a community's row the sender changed later; a row that came or went
-- has changed whole.
with
    rows_sent as (select * from {{ ref("stg_monthly_report__communities") }}),

    sent as (
        select * from {{ ref("int_submissions__sent") }} where form = 'monthly_report'
    ),

    latest as (
        select *
        from {{ ref("int_submissions__latest") }}
        where form = 'monthly_report' and sending > 1
    ),

    firsts as (
        select rows_sent.*
        from rows_sent
        inner join
            sent on sent.submission_id = rows_sent.submission_id and sent.sending = 1
        inner join
            latest
            on latest.month = rows_sent.month
            and latest.subdistrict_code = rows_sent.subdistrict_code
    ),

    lasts as (
        select rows_sent.*
        from rows_sent
        inner join latest on latest.submission_id = rows_sent.submission_id
    )

select
    coalesce(lasts.month, firsts.month) as month,
    coalesce(lasts.subdistrict_code, firsts.subdistrict_code) as subdistrict_code,
    coalesce(lasts.community_code, firsts.community_code) as community_code,
    cast(
        {{ count_differing("firsts", "lasts", items_of("community")) }} as integer
    ) as cells_corrected
from firsts
full outer join
    lasts on lasts.month = firsts.month and lasts.community_code = firsts.community_code
