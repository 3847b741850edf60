{{ config(**monthly()) }}


with
    communities as (
        select *
        from {{ ref("int_communities__latest") }}
        where {{ month_filter("month") }}
    )

select
    month,
    community_code,
    subdistrict_code,
    submission_id,
    {{ item_columns("community") }},
    workbook,
    sheet,
    row_number
from communities
