-- Every form that was due from a sub-district, and every form that came without being
-- due (the 概况表 has no due day).
with
    due as (select * from {{ ref("int_calendar__due") }}),

    submissions as (select * from {{ ref("int_submissions__latest") }})

select
    coalesce(due.month, submissions.month) as month,
    coalesce(due.subdistrict_code, submissions.subdistrict_code) as subdistrict_code,
    coalesce(due.form, submissions.form) as form,
    due.due_on,
    due.communities_due,
    submissions.submission_id,
    submissions.version,
    submissions.workbook,
    submissions.first_received_at,
    submissions.sending,
    submissions.sent_at,
    submissions.cells_found,
    submissions.cells_loaded,
    submissions.cells_blank,
    submissions.cells_rejected
from due
full outer join
    submissions
    on submissions.month = due.month
    and submissions.subdistrict_code = due.subdistrict_code
    and submissions.form = due.form
