-- The criteria of the communities that suggestions are about, with the operands that a
-- reading would change.
{% set operands = ["numerator", "denominator"] %}
with
    suggestions as (
        select *
        from {{ ref("int_suggestions__latest") }}
        where is_suggested and number is not null
    ),

    readings as (select distinct month, alert_id, rank, unit_code from suggestions),

    judged as (
        select *
        from {{ ref("int_star_criteria__by_community") }}
        where criterion_code is not null
    )

select
    judged.*,
    readings.alert_id,
    readings.rank,
    numerators.number as suggested_numerator,
    denominators.number as suggested_denominator,
    count(coalesce(numerators.number, denominators.number)) over (
        partition by judged.month, readings.alert_id, judged.community_code, judged.star
    )
    > 0 as touches_star
from readings
inner join
    judged
    on judged.month = readings.month
    and judged.community_code = readings.unit_code
{% for operand in operands %}
    left join
        suggestions as {{ operand }}s
        on {{ operand }}s.month = readings.month
        and {{ operand }}s.alert_id = readings.alert_id
        and {{ operand }}s.rank = readings.rank
        and {{ operand }}s.unit_code = readings.unit_code
        and {{ operand }}s.item_code = judged.{{ operand }}_item
{% endfor %}
