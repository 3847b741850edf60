{{ config(**monthly()) }}


with
    communities as (
        select * from {{ ref("community_month") }} where {{ month_filter("month") }}
    ),

    subdistricts as (
        select * from {{ ref("subdistrict_month") }} where {{ month_filter("month") }}
    ),

    units as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    by_community as (
        select
            communities.month,
            communities.community_code,
            asked.item_code,
            {{ item_value("communities", "asked.item_code", items_of("community", additive=true)) }}
            as value
        from communities
        cross join {{ ref("int_cadre_bands__items") }} as asked
    ),

    by_subdistrict as (
        select
            subdistricts.month,
            subdistricts.subdistrict_code,
            units.county_code,
            asked.item_code,
            asked.additive,
            asked.weight_item,
            {{ item_value("subdistricts", "asked.item_code", items_of_subdistricts()) }}
            as value
        from subdistricts
        inner join
            units
            on units.month = subdistricts.month
            and units.subdistrict_code = subdistricts.subdistrict_code
        cross join {{ ref("int_unit_items__asked") }} as asked
    ),

    weighted as (
        select parts.*, parts.value * weights.value as product, weights.value as weight
        from by_subdistrict as parts
        left join
            by_subdistrict as weights
            on weights.month = parts.month
            and weights.subdistrict_code = parts.subdistrict_code
            and weights.item_code = parts.weight_item
    ),

    by_county as (
        select
            month,
            county_code,
            item_code,
            case
                when additive
                then cast(sum(value) as decimal(18, 4))
                when count(*) = count(product)
                then {{ quotient("sum(product)", "sum(weight)") }}
            end as value
        from weighted
        group by month, county_code, item_code, additive
    )

select month, 'community' as org_level, community_code as org_code, item_code, value
from by_community
union all
select month, 'subdistrict' as org_level, subdistrict_code as org_code, item_code, value
from by_subdistrict
union all
select month, 'county' as org_level, county_code as org_code, item_code, value
from by_county
