-- What was known of a month before and after it was evaluated again: a step has two
-- sides, each with the evaluation and the versions of its time.
with
    evaluations as (select * from {{ ref("stg_check__evaluations") }}),

    ordered as (
        select
            *,
            lag(evaluation_id) over (
                partition by month
                order by as_of asc nulls last, evaluation_id asc nulls last
            ) as id_before,
            lag(as_of) over (
                partition by month
                order by as_of asc nulls last, evaluation_id asc nulls last
            ) as as_of_before
        from evaluations
    )

select
    month,
    evaluation_id as step_id,
    as_of as moved_at,
    as_of_before as since,
    'before' as side,
    id_before as evaluation_id,
    as_of_before as as_of
from ordered
where id_before is not null
union all
select
    month,
    evaluation_id as step_id,
    as_of as moved_at,
    as_of_before as since,
    'after' as side,
    evaluation_id,
    as_of
from ordered
where id_before is not null
