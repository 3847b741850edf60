-- What was printed, as an interval: a last digit stands for half a step to both
-- sides, 近 for at least nine tenths.
with
    figures as (select * from {{ ref("stg_profile__figures") }}),

    submissions as (
        select * from {{ ref("int_submissions__latest") }} where form = 'profile'
    ),

    mapped as (select * from {{ ref("int_profile_figures__mapped") }}),

    printed as (
        select figures.*, coalesce(figures.step, 1) as width
        from figures
        inner join submissions on submissions.submission_id = figures.submission_id
    )

select
    printed.month,
    printed.unit_code as org_code,
    mapped.figure_code,
    mapped.name_zh,
    mapped.unit,
    printed.text as printed,
    cast(
        case
            when printed.qualifier = 'nearly'
            then printed.value * 0.9
            when printed.qualifier in ('over', 'range')
            then printed.value
            when mapped.kind = 'count' and printed.width <= 1
            then printed.value
            else printed.value - printed.width * 0.5
        end as decimal(18, 4)
    ) as printed_low,
    cast(
        case
            when printed.qualifier = 'nearly'
            then printed.value
            when printed.qualifier = 'range'
            then printed.value_to
            when printed.qualifier = 'over'
            then null
            when mapped.kind = 'count' and printed.width <= 1
            then printed.value
            else printed.value + printed.width * 0.5
        end as decimal(18, 4)
    ) as printed_high,
    mapped.numerator,
    mapped.denominator,
    mapped.scale,
    printed.workbook,
    printed.sheet,
    printed.cell
from printed
inner join mapped on mapped.figure_code = printed.figure_code
