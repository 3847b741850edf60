with
    suggestions as (select * from {{ ref("stg_check__suggestions") }}),

    evaluations as (select * from {{ ref("int_evaluations__ranked") }} where age = 1)

select suggestions.*
from suggestions
inner join evaluations on evaluations.evaluation_id = suggestions.evaluation_id
