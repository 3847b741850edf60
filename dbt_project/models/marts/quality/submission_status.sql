with
    submissions as (select * from {{ ref("int_submissions__due") }}),

    contents as (select * from {{ ref("workbook_contents") }}),

    evaluations as (select * from {{ ref("int_evaluations__ranked") }} where age = 1),

    -- Time as the data know it: a month that nobody looked at since is overdue once
    -- anything newer than its due day came.
    newest as (select max(as_of) as as_of from {{ ref("int_evaluations__ranked") }}),

    joined as (
        select
            submissions.*,
            case
                when submissions.submission_id is not null
                then 'sent'
                when
                    coalesce(evaluations.overdue, false)
                    or {{ local_day("newest.as_of") }} > submissions.due_on
                then 'missing'
                else 'not_due'
            end as state,
            contents.communities_reported,
            coalesce(contents.items_filled, submissions.cells_loaded) as items_filled,
            coalesce(contents.items_counted, submissions.cells_loaded) as items_counted,
            coalesce(contents.items_asked, submissions.cells_found) as items_asked,
            contents.content
        from submissions
        cross join newest
        left join contents on contents.submission_id = submissions.submission_id
        left join evaluations on evaluations.month = submissions.month
    )

select
    month,
    subdistrict_code,
    form,
    case
        when state <> 'sent'
        then state
        when content is not null
        then content
        when cells_rejected > 0 or communities_reported < communities_due
        then 'partial'
        when sending > 1
        then 'corrected'
        else 'received'
    end as status,
    due_on,
    first_received_at as received_at,
    case when sending > 1 then sent_at end as last_corrected_at,
    version,
    cells_found,
    cells_loaded,
    cells_blank,
    cells_rejected,
    case
        when state = 'missing'
        then cast(0 as decimal(9, 6))
        when state = 'not_due'
        then null
        else {{ share("items_counted", "items_asked") }}
    end as completeness,
    case
        when due_on is null or state = 'not_due'
        then null
        when state = 'missing'
        then false
        else {{ local_day("first_received_at") }} <= due_on
    end as on_time,
    communities_due,
    communities_reported,
    cast(items_asked as integer) as items_asked,
    cast(items_filled as integer) as items_filled,
    submission_id,
    workbook,
    content,
    cast(items_counted as integer) as items_counted
from joined
