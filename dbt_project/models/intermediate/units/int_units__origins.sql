-- Whose people a unit's people were last month, where that is not simply itself;
-- nobody's
-- where they were not counted apart.
with changes as (select * from {{ ref("int_units__changed") }})

select
    month,
    level,
    code_after as unit_code,
    code_before,
    kind in ('renamed', 'merged') as is_counted,
    count(*) over (partition by month, level, code_after) as parts
from changes
