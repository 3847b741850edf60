{{ config(materialized="ephemeral") }}

-- Each figure of the 概况表 with the decision (a seed) how the monthly marts give it;
-- most have one, some none.
with
    figures as (select * from {{ ref("stg_reference__profile_figures") }}),

    computations as (select * from {{ ref("profile_computations") }})

select
    figures.*,
    computations.numerator,
    computations.denominator,
    cast(coalesce(computations.scale, 1) as integer) as scale,
    computations.reason_zh
from figures
left join computations on computations.figure_code = figures.figure_code
