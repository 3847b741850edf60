{{ config(materialized="ephemeral") }}

-- Who went into whom with a month, each by the name of its time.
with
    changes as (
        select *, {{ add_months("month", -1) }} as month_before
        from {{ ref("stg_reference__unit_changes") }}
    ),

    units as (select * from {{ ref("stg_reference__units") }})

select
    changes.month,
    changes.level,
    changes.kind,
    changes.code_before,
    befores.unit_name as name_before,
    changes.code_after,
    afters.unit_name as name_after
from changes
left join
    units as befores
    on befores.unit_code = changes.code_before
    and {{ holds_in("befores", "changes.month_before") }}
left join
    units as afters
    on afters.unit_code = changes.code_after
    and {{ holds_in("afters", "changes.month") }}
