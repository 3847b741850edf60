with
    changes as (
        select * from {{ ref("int_units__changed") }} where level = 'community'
    ),

    series as (select * from {{ ref("int_units__series") }})

select
    changes.month,
    changes.code_before as community_code_before,
    changes.code_after as community_code_after,
    changes.kind,
    changes.name_before as community_name_before,
    changes.name_after as community_name_after,
    series.series_code
from changes
inner join series on series.community_code = changes.code_after
