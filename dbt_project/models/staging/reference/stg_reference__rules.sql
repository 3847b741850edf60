with source as (select * from {{ source("reference", "rules") }})

select
    rule_code,
    level,
    kind,
    title_zh,
    expression,
    scope,
    form,
    channel,
    item_codes,
    explanation_required,
    content_sign,
    coalesce(valid_from, {{ always() }}) as valid_from,
    valid_to
from source
