with figures as (select * from {{ ref("int_profile_figures__mapped") }})

select
    figure_code,
    column_name,
    name_zh,
    unit,
    kind,
    additive,
    numerator,
    denominator,
    scale,
    reason_zh,
    {{ always() }} as valid_from,
    cast(null as date) as valid_to
from figures
