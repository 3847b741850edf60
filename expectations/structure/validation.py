"""Runs suites in an ephemeral Great Expectations context and builds its Data Docs. Knows no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.structure.docs import build_docs
from expectations.structure.suites import Asked

if TYPE_CHECKING:
    import pandas as pd

SEVERITY = {"mandatory": "critical", "verification": "warning", "hint": "info"}


class ValidationFailed(RuntimeError):
    """Great Expectations could not evaluate an expectation: a fault of ours, never of the data."""


@dataclass(frozen=True)
class Suite:
    """A table, the columns that name its rows, and what is asked of it."""

    name: str
    frame: pd.DataFrame
    row_id: tuple[str, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Answer:
    """``rows`` are the failing rows, each as a mapping of its id columns."""

    asked: Asked
    rows: tuple[Mapping[str, Any], ...]


def validate(suites: list[Suite], months: list[date], docs_folder: Path | None) -> dict[str, list[Answer]]:
    """The answers of every suite by its name; Data Docs go to a folder of ``docs_folder`` named after ``months``.

    Raises ValidationFailed where an expectation raised.
    """
    if not suites:
        return {}
    context = _context()
    source = context.data_sources.add_pandas("月报")
    answers = {suite.name: list(_run(context, source, suite, months)) for suite in suites}
    if docs_folder is not None:
        build_docs(context, docs_folder, _span(months))
    return answers


def _span(months: list[date]) -> str:
    first, last = f"{min(months):%Y-%m}", f"{max(months):%Y-%m}"
    return first if first == last else f"{first}_{last}"


def _context() -> Any:
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)  # 1.24 has no code that sends any, older versions did and later ones may
    context.variables.progress_bars = {"globally": False}
    for site in list(context.list_data_docs_sites()):  # the default one is a folder of its own under /tmp
        context.delete_data_docs_site(site)
    return context


def _run(context: Any, source: Any, suite: Suite, months: list[date]) -> Iterator[Answer]:
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier

    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe(_span(months))
    expectations = [_expectation(number, asked) for number, asked in enumerate(suite.asked)]
    definition = gx.ValidationDefinition(
        name=suite.name, data=batch, suite=context.suites.add(gx.ExpectationSuite(suite.name, expectations))
    )
    # the last month in place of the clock, so that a batch's page keeps its address
    last = max(months)
    run = RunIdentifier(_span(months), datetime(last.year, last.month, last.day, tzinfo=UTC))
    shape = {"result_format": "COMPLETE", "unexpected_index_column_names": list(suite.row_id)}
    result = definition.run(
        batch_parameters={"dataframe": suite.frame},
        run_id=run,
        result_format=shape | {"return_unexpected_index_query": False},
    )
    for answer in result.results:
        yield _answer(answer, suite)


def _expectation(number: int, asked: Asked) -> Any:
    import great_expectations.expectations as gxe

    return getattr(gxe, asked.expectation)(
        column=asked.column,
        description=asked.description,
        severity=SEVERITY[asked.rule.level],
        meta={"number": number},
        **asked.arguments,
    )


def _answer(answer: Any, suite: Suite) -> Answer:
    asked = suite.asked[answer.expectation_config.meta["number"]]
    if answer.exception_info["raised_exception"]:
        raise ValidationFailed(f"{suite.name}：{asked.description}：{answer.exception_info['exception_message']}")
    return Answer(asked, tuple(answer.result.get("unexpected_index_list") or ()))
