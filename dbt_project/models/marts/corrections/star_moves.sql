{{ config(**monthly()) }}

-- Criteria that a correction made met, missed or undecided. A first report moves none.
with
    measured as (
        select *
        from {{ ref("int_corrections__criteria") }}
        where {{ month_filter("month") }}
    ),

    decided as ({{ decided("measured") }}),

    sides as (
        select
            *,
            {{ star_status("status", "over (partition by step_id, side, community_code, star)") }}
            as star_status
        from decided
    ),

    causes as (select * from {{ ref("int_corrections__causes") }}),

    steps as (
        select distinct step_id, moved_at from {{ ref("int_evaluations__steps") }}
    )

select
    afters.month,
    afters.step_id,
    afters.community_code,
    afters.subdistrict_code,
    afters.star,
    afters.criterion_code,
    befores.status as status_before,
    afters.status as status_after,
    befores.star_status as star_before,
    afters.star_status as star_after,
    cast(befores.value as decimal(18, 4)) as value_before,
    cast(afters.value as decimal(18, 4)) as value_after,
    befores.reason as reason_before,
    afters.reason as reason_after,
    nullif(
        concat_ws(
            ';',
            case
                when befores.numerator is distinct from afters.numerator
                then afters.numerator_item
            end,
            case
                when befores.denominator is distinct from afters.denominator
                then afters.denominator_item
            end
        ),
        ''
    ) as item_codes,
    steps.moved_at,
    causes.caused_by
from sides as afters
inner join
    sides as befores
    on befores.step_id = afters.step_id
    and befores.community_code = afters.community_code
    and befores.criterion_code = afters.criterion_code
inner join
    causes
    on causes.step_id = afters.step_id
    and causes.subdistrict_code = afters.subdistrict_code
inner join steps on steps.step_id = afters.step_id
where
    befores.side = 'before'
    and afters.side = 'after'
    and befores.status <> afters.status
