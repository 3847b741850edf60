with rules as (select * from {{ ref("int_rules__dated") }})

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
    valid_from,
    valid_to
from rules
