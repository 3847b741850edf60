-- Which items a unit's stars read in a month: of a community by its own scheme, above
-- it by all schemes below.
with
    judged as (
        select *
        from {{ ref("int_star_criteria__by_community") }}
        where criterion_code is not null
    ),

    subdistricts as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    operands as (
        select
            month,
            community_code,
            subdistrict_code,
            star,
            star_name_zh,
            numerator_item as item_code
        from judged
        union
        select
            month,
            community_code,
            subdistrict_code,
            star,
            star_name_zh,
            denominator_item as item_code
        from judged
        where denominator_item is not null
    )

select month, community_code as unit_code, star, star_name_zh, item_code
from operands
union
select month, subdistrict_code as unit_code, star, star_name_zh, item_code
from operands
union
select
    operands.month,
    subdistricts.county_code as unit_code,
    operands.star,
    operands.star_name_zh,
    operands.item_code
from operands
inner join
    subdistricts
    on subdistricts.month = operands.month
    and subdistricts.subdistrict_code = operands.subdistrict_code
