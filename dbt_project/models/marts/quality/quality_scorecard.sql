with
    submissions as (
        select *
        from {{ ref("submission_status") }}
        where form = 'monthly_report' and status <> 'not_due'
    ),

    corrections as (
        select month, subdistrict_code, sum(cells_corrected) as cells_corrected
        from {{ ref("int_communities__corrected_cells") }}
        group by month, subdistrict_code
    ),

    rules as (
        select
            month,
            subdistrict_code,
            sum(executed) as executed,
            sum(executed - violated) as kept
        from {{ ref("rule_executions") }}
        group by month, subdistrict_code
    ),

    counted as (
        select
            submissions.month,
            submissions.subdistrict_code,
            submissions.received_at,
            submissions.last_corrected_at,
            case when submissions.on_time then 1 else 0 end as timeliness_part,
            1 as timeliness_whole,
            coalesce(submissions.items_counted, 0) as completeness_part,
            coalesce(submissions.items_asked, 1) as completeness_whole,
            rules.kept as consistency_part,
            rules.executed as consistency_whole,
            submissions.items_asked
            - coalesce(corrections.cells_corrected, 0) as stability_part,
            submissions.items_asked as stability_whole
        from submissions
        left join
            rules
            on rules.month = submissions.month
            and rules.subdistrict_code = submissions.subdistrict_code
        left join
            corrections
            on corrections.month = submissions.month
            and corrections.subdistrict_code = submissions.subdistrict_code
    )

{% for dimension in scorecard_dimensions() %}
    select
        month,
        subdistrict_code,
        '{{ dimension }}' as dimension,
        {{ share(dimension ~ "_part", dimension ~ "_whole") }} as score,
        cast({{ dimension }}_part as bigint) as part,
        cast({{ dimension }}_whole as bigint) as whole,
        {%- for each in scorecard_dimensions() %}
            {{ share(each ~ "_part", each ~ "_whole") }} as {{ each }},
        {% endfor %}
        received_at,
        last_corrected_at
    from counted {{ "union all" if not loop.last }}
{% endfor %}
