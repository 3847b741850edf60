"""Printed sheets for the tests: texts by figure and column, read as ingest reads them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from expectations.catalogue.load import SHIPPED, read_rules
from expectations.printed import evaluate_profile
from ingest.data_root import DataRoot
from ingest.raw.schema import TABLES
from ingest.reference import read_units

MONTH = date(2024, 3, 1)
COUNTY = "990101000000"
COLUMNS = {"甲": "990101001000", "乙": "990101002000", "合计": COUNTY}
UNITS_FILE = Path(__file__).parents[3] / "examples" / "units.csv"
WORDS = {
    "近二分之一": (Decimal(50), None, None, "nearly"),
    "1.9万": (Decimal(19000), None, Decimal(1000), "exact"),
    "7–8": (Decimal(7), Decimal(8), Decimal(1), "range"),
}


def read(text: str):
    """(value, value_to, step, qualifier) of a printed text, as raw holds them."""
    if text in WORDS:
        return WORDS[text]
    if text.endswith("余"):
        return Decimal(text[:-1]), None, Decimal(1), "over"
    value = Decimal(text.removesuffix("%"))
    return value, None, Decimal(1).scaleb(int(value.as_tuple().exponent)), "exact"


def table_of(texts: dict[tuple[str, str], str]) -> pa.Table:
    rows = []
    for (code, column), text in texts.items():
        value, value_to, step, qualifier = read(text)
        row = {"figure_code": code, "unit_code": COLUMNS[column], "subdistrict_code": COUNTY, "text": text}
        rows.append(row | {"value": value, "value_to": value_to, "step": step, "qualifier": qualifier})
    return pa.Table.from_pylist(rows, schema=TABLES["profile_figures"])


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    root = DataRoot(tmp_path_factory.mktemp("data")).create()
    root.units_file.write_bytes(UNITS_FILE.read_bytes())
    return root


@pytest.fixture(scope="session")
def units(root):
    return read_units(root)


@pytest.fixture(scope="session")
def rules():
    return [rule for _, rule in read_rules(SHIPPED / "profile.yml")]


@pytest.fixture(scope="session")
def evaluate(units, rules):
    """Texts by (figure, column) → Outcome, with all shipped rules or those given."""

    def evaluate(texts, rules=rules, month=MONTH):
        return evaluate_profile(table_of(texts), units, month, rules)

    return evaluate
