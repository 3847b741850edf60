"""Executions are a table that reads like a list."""

from __future__ import annotations

from expectations.violation import Execution, Executions, Outcome

RAN = Execution("TEAM-SEX", "990000001000", 9, 1, 0)
SKIPPED = Execution("TEAM-SEX", "990000002000", 0, 0, 10, "缺 B01（2024-03）")


def test_executions_are_read_back_as_they_were_put_in():
    assert list(Executions.of([RAN, SKIPPED])) == [RAN, SKIPPED]


def test_no_executions_are_an_empty_table_of_the_same_columns():
    assert not Executions.of([])
    assert Executions.of([]).table.schema == Executions.of([RAN]).table.schema


def test_outcomes_are_joined_in_their_order():
    joined = Outcome.joined(Outcome((), Executions.of([one])) for one in (SKIPPED, RAN))
    assert list(joined.executions) == [SKIPPED, RAN]
    assert not Outcome.joined(()).executions
