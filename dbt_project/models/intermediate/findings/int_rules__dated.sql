{{ config(materialized="ephemeral") }}

with rules as (select * from {{ ref("stg_reference__rules") }})

select
    rule_code,
    title_zh,
    level,
    kind,
    expression,
    scope,
    form,
    channel,
    item_codes,
    explanation_required,
    coalesce(valid_from, {{ always() }}) as valid_from,
    valid_to
from rules
