-- The evaluations of a month from the newest; the newest is what holds.
with evaluations as (select * from {{ ref("stg_check__evaluations") }})

select
    evaluation_id,
    month,
    as_of,
    month_as_of,
    overdue,
    row_number() over (
        partition by month order by as_of desc nulls last, evaluation_id desc nulls last
    ) as age
from evaluations
