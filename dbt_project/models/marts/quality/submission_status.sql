with
    submissions as (select * from {{ ref("int_submissions__due") }}),

    contents as (select * from {{ ref("workbook_contents") }}),

    joined as (
        select
            submissions.*,
            contents.communities_reported,
            coalesce(contents.items_filled, submissions.cells_loaded) as items_filled,
            coalesce(contents.items_asked, submissions.cells_found) as items_asked
        from submissions
        left join contents on contents.submission_id = submissions.submission_id
    )

select
    month,
    subdistrict_code,
    form,
    case
        when submission_id is null
        then 'missing'
        when cells_rejected > 0 or communities_reported < communities_due
        then 'partial'
        when version > 1
        then 'corrected'
        else 'received'
    end as status,
    due_on,
    first_received_at as received_at,
    case when version > 1 then received_at end as last_corrected_at,
    version,
    cells_found,
    cells_loaded,
    cells_blank,
    cells_rejected,
    case
        when submission_id is null
        then cast(0 as decimal(9, 6))
        else {{ share("items_filled", "items_asked") }}
    end as completeness,
    case
        when due_on is null
        then null
        when submission_id is null
        then false
        else {{ local_day("first_received_at") }} <= due_on
    end as on_time,
    communities_due,
    communities_reported,
    cast(items_asked as integer) as items_asked,
    cast(items_filled as integer) as items_filled,
    submission_id,
    workbook
from joined
