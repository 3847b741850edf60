{{ config(**monthly()) }}

-- What a correction moved: cells, and the sums of its sub-district.
with
    corrections as (
        select *
        from {{ ref("int_corrections__versions") }}
        where {{ month_filter("month") }}
    ),

    moved as (
        select
            submission_id,
            effect,
            unit_code,
            item_code,
            max(case when side = 'before' then value end) as value_before,
            max(case when side = 'after' then value end) as value_after,
            max(case when side = 'after' then number end)
            - max(case when side = 'before' then number end) as change,
            max(case when side = 'after' then row_number end) as row_number
        from {{ ref("int_corrections__values") }}
        where {{ month_filter("month") }}
        group by submission_id, effect, unit_code, item_code
        having
            max(case when side = 'before' then value end)
            is distinct from max(case when side = 'after' then value end)
    ),

    headers as (select * from {{ ref("int_corrections__headers") }})

select
    corrections.month,
    corrections.subdistrict_code,
    corrections.submission_id,
    moved.effect,
    moved.unit_code,
    moved.item_code,
    moved.value_before,
    moved.value_after,
    cast(moved.change as decimal(18, 4)) as change,
    corrections.version,
    corrections.received_at,
    corrections.workbook,
    case when moved.effect = 'cell' then headers.sheet end as sheet,
    case
        when moved.effect = 'cell' and moved.row_number is not null
        then
            concat(
                headers.column_letter,
                cast(coalesce(headers.row_number, moved.row_number) as varchar)
            )
    end as cell,
    corrections.is_read_again
from moved
inner join corrections on corrections.submission_id = moved.submission_id
left join
    headers
    on headers.submission_id = moved.submission_id
    and headers.item_code = moved.item_code
