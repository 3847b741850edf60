"""From failing rows to violations: the cell, its value as it was loaded, and the sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from expectations.structure.frames import ROW_ID, Batch
from expectations.structure.sentences import absent, repeated, sentence, written
from expectations.structure.suites import REGISTER, UNIQUE
from expectations.structure.validation import Answer
from expectations.violation import Operand, Violation

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


def violations(batch: Batch, table: str, answers: list[Answer]) -> Iterator[Violation]:
    """One violation per rule, item and row; a community that stands twice is one."""
    positions = batch.rows(table) if any(answer.rows for answer in answers) else {}
    for answer in answers:
        if answer.asked.expectation == UNIQUE:
            yield from _repeated(batch, answer)
        elif table == REGISTER:
            yield from (_absent(batch, answer, row) for row in answer.rows)
        else:
            keys = (tuple(row[column] for column in ROW_ID[table]) for row in answer.rows)
            yield from (_of_cell(batch, table, answer, positions[key]) for key in keys)


def _of_cell(batch: Batch, table: str, answer: Answer, position: int) -> Violation:
    frame, item = batch.frames[table], answer.asked.item
    if item is None:
        raise ValueError(f"{answer.asked.rule.id} 没有指标")
    unit = frame[ROW_ID[table][-2]].iloc[position]
    value, text = (_written(frame, column, position) for column in (item.column_name, f"{item.column_name}__text"))
    operand = Operand(item.item_code, unit, batch.month, value or text)
    return Violation(answer.asked.rule.id, unit, batch.month, (operand,), sentence(answer.asked, value, text))


def _written(frame: pd.DataFrame, column: str, position: int) -> str:
    import pandas as pd

    value = frame[column].iloc[position] if column in frame else None
    return "" if pd.isna(value) else written(value)


def _absent(batch: Batch, answer: Answer, row: Row) -> Violation:
    unit: str = row["community_code"]
    return Violation(answer.asked.rule.id, unit, batch.month, (), absent(batch.names.get(unit, unit)))


def _repeated(batch: Batch, answer: Answer) -> Iterator[Violation]:
    by_unit: dict[str, list[int]] = defaultdict(list)
    for row in answer.rows:
        by_unit[row["community_code"]].append(int(row["row_number"]))
    for unit, rows in by_unit.items():
        yield Violation(answer.asked.rule.id, unit, batch.month, (), repeated(batch.names.get(unit, unit), rows))
