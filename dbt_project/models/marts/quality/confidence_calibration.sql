-- How often suggestions of a stated confidence were right. What several rules suggested
-- alike about one version counts once.
with
    readings as (
        select
            submission_id,
            reading_values,
            kind,
            max(confidence) as confidence,
            max(case when is_right then 1 else 0 end) as is_right
        from {{ ref("suggestion_outcomes") }}
        where is_answered
        group by submission_id, reading_values, kind
    ),

    bands as (select * from {{ ref("int_confidence__bands") }})

select
    bands.band,
    readings.kind,
    cast(count(*) as integer) as suggestions,
    cast(sum(readings.is_right) as integer) as right_ones,
    {{ share("sum(readings.is_right)", "count(*)") }} as share_right,
    cast(avg(readings.confidence) as decimal(9, 6)) as mean_confidence
from readings
inner join
    bands
    on bands.low <= readings.confidence
    and (bands.high is null or readings.confidence < bands.high)
group by bands.band, readings.kind
