with
    cells as (select * from {{ ref("stg_check__finding_cells") }}),

    evaluations as (select * from {{ ref("int_evaluations__ranked") }} where age = 1)

select cells.*
from cells
inner join evaluations on evaluations.evaluation_id = cells.evaluation_id
