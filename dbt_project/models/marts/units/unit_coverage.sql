-- How many of a unit's communities stand behind its figures: a sum over fewer than
-- all is no total.
with
    units as (select * from {{ ref("int_units__subdistricts_by_month") }}),

    subdistricts as (select * from {{ ref("subdistrict_month") }}),

    covered as (
        select
            units.month,
            units.subdistrict_code,
            units.county_code,
            units.communities_due,
            coalesce(subdistricts.communities_reported, 0) as communities_reported
        from units
        left join
            subdistricts
            on subdistricts.month = units.month
            and subdistricts.subdistrict_code = units.subdistrict_code
    )

{% for level, code in [("subdistrict", "subdistrict_code"), ("county", "county_code")] %}
    select
        month,
        '{{ level }}' as org_level,
        {{ code }} as org_code,
        cast(sum(communities_due) as integer) as communities_due,
        cast(sum(communities_reported) as integer) as communities_reported,
        cast(
            sum(communities_due - communities_reported) as integer
        ) as communities_missing
    from covered
    group by month, {{ code }} {{ "union all" if not loop.last }}
{% endfor %}
