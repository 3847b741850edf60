-- Rows of the version that counts, and only of a sub-district's own communities: so a
-- community stands once a month.
with
    rows_sent as (select * from {{ ref("stg_monthly_report__communities") }}),

    submissions as (
        select * from {{ ref("int_submissions__latest") }} where form = 'monthly_report'
    ),

    units as (select * from {{ ref("int_units__communities_by_month") }})

select rows_sent.*
from rows_sent
inner join submissions on submissions.submission_id = rows_sent.submission_id
inner join
    units
    on units.month = rows_sent.month
    and units.community_code = rows_sent.community_code
    and units.subdistrict_code = rows_sent.subdistrict_code
