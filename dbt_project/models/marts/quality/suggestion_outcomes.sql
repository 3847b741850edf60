-- What became of suggestions: the sender's next version says who was right. A cell that
-- stays while its alert stays open answers nothing.
with
    answers as (
        select
            *,
            case
                when number_after is not distinct from number
                then 'accepted'
                when number_after is not distinct from number_before
                then 'unchanged'
                else 'other_value'
            end as outcome
        from {{ ref("int_suggestions__answered") }}
    ),

    readings as (
        select
            submission_id,
            alert_id,
            rank,
            {{ join_text("concat(unit_code, ' ', item_code, '=', value)", ";") }}
            as reading_values,
            min(case when outcome = 'accepted' then 1 else 0 end) = 1 as is_right,
            max(case when outcome <> 'unchanged' or is_settled then 1 else 0 end)
            = 1 as is_answered
        from answers
        group by submission_id, alert_id, rank
    )

select
    alert_id,
    answers.month,
    answers.subdistrict_code,
    submission_id,
    rank,
    answers.unit_code,
    answers.item_code,
    answers.rule_code,
    answers.kind,
    answers.probability,
    answers.confidence,
    cast(answers.number_before as decimal(18, 4)) as reported,
    cast(answers.number as decimal(18, 4)) as suggested,
    cast(answers.number_after as decimal(18, 4)) as next_value,
    answers.outcome,
    readings.reading_values,
    readings.is_right,
    readings.is_answered,
    answers.next_submission_id,
    answers.corrected_at
from answers
inner join readings using (submission_id, alert_id, rank)
