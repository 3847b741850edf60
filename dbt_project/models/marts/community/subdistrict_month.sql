{{ config(**monthly()) }}


with
    submissions as (
        select *
        from {{ ref("int_subdistricts__latest") }}
        where {{ month_filter("month") }}
    ),

    communities as (
        select * from {{ ref("community_month") }} where {{ month_filter("month") }}
    ),

    sums as (
        select
            month,
            subdistrict_code,
            {%- for item in items_of("community", additive=true) %}
                cast(sum({{ item.column }}) as {{ item.type }}) as {{ item.column }},
            {%- endfor %}
            cast(count(*) as integer) as communities_reported,
            {{ codes_with_blanks(items_of("community", additive=true)) }}
            as incomplete_items
        from communities
        group by month, subdistrict_code
    )

select
    submissions.month,
    submissions.subdistrict_code,
    submissions.submission_id,
    {%- for item in items_of("community", additive=true) %}
        sums.{{ item.column }},
    {% endfor %}
    {%- for item in items_of("subdistrict") %}
        submissions.{{ item.column }},
    {% endfor %}
    coalesce(sums.communities_reported, 0) as communities_reported,
    sums.incomplete_items
from submissions
left join
    sums
    on sums.month = submissions.month
    and sums.subdistrict_code = submissions.subdistrict_code
