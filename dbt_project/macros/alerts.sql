{#- What supervisors read of an alert's effect, and by what number alerts are ordered. -#}
{#- One star by both readings; of an alert above the community with the name of whose star it is. -#}
{% macro star_sentence() -%}
    concat(
        case
            when findings.community_code is null
            then coalesce(communities.community_name, readings.community_code)
            else ''
        end,
        readings.star_name_zh,
        case
            when
                readings.suggested = readings.reported
                and coalesce(readings.otherwise, {{ status_zh("readings.reported") }})
                = {{ status_zh("readings.reported") }}
            then concat('：按上报值和建议值都', {{ status_zh("readings.reported") }})
            else
                concat(
                    '：按上报值',
                    {{ status_zh("readings.reported") }},
                    '，按建议值',
                    {{ status_zh("readings.suggested") }},
                    case
                        when readings.otherwise <> {{ status_zh("readings.suggested") }}
                        then concat('，按其余可能', readings.otherwise)
                        else ''
                    end
                )
        end
    )
{%- endmacro %}

{#- All of them, then the stars that its items take part in but its suggestion leaves alone. -#}
{% macro star_impact() -%}
    {%- set others = join_text(
        "case when said.sentence is null then concerned.star_name_zh end", "、"
    ) -%}
    nullif(
        concat_ws(
            '；',
            {{ join_text("said.sentence", "；") }},
            case
                when count(said.sentence) = 0
                then concat('涉及', {{ others }})
                when count(said.sentence) < count(*)
                then concat('另涉及', {{ others }})
            end
        ),
        ''
    )
{%- endmacro %}

{#- A mandatory finding about no single item (nothing sent, an empty report) is about all of them. -#}
{% macro concerns_everything() -%}
    findings.severity = 'mandatory' and coalesce(findings.item_codes, '') = ''
{%- endmacro %}

{#- The number that orders the queue: docs/how-to/work-the-queue.md. -#}
{% macro alert_priority() -%}
    cast(
        weights.base + greatest(
            case
                when {{ concerns_everything() }}
                then cast(1 as decimal(9, 4))
                else cast(coalesce(findings.confidence, 0) as decimal(9, 4))
            end,
            weights.least_confidence
        )
        * (
            weights.star_touched * case
                when {{ concerns_everything() }}
                then {{ stars() | length }}
                else coalesce(alert_stars.stars_touched, 0)
            end
            + weights.star_turned * coalesce(alert_stars.stars_turned, 0)
            + weights.share_of_total
            * case
                when {{ concerns_everything() }} then 1 else coalesce(moved.share, 0)
            end
        ) as decimal(9, 2)
    )
{%- endmacro %}

{#- The same in words. -#}
{% macro alert_priority_reason() -%}
    concat_ws(
        '；',
        case
            findings.severity
            when 'mandatory'
            then '强制性'
            when 'verification'
            then '核实性'
            else '提示性'
        end,
        case
            when {{ concerns_everything() }}
            then '涉及全部指标和五星'
            when alert_stars.stars_turned > 0
            then
                concat(
                    '涉及',
                    alert_stars.stars_touched,
                    '颗星，其中',
                    alert_stars.stars_turned,
                    '颗两种读法不同'
                )
            when alert_stars.stars_touched > 0
            then concat('涉及', alert_stars.stars_touched, '颗星')
        end,
        case
            when moved.share >= 0.01
            then concat('改动约占合计的', {{ percent("moved.share") }})
        end,
        case
            when findings.suggested_values is null
            then null
            when findings.confidence >= 0.99
            then '把握99%以上'
            else concat('把握', {{ percent("findings.confidence") }})
        end
    )
{%- endmacro %}
