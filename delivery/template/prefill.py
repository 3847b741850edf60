"""What the workbook of a month can already say: the communities of the register, and last month's prefilled items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.data_root import DataRoot
from ingest.raw.read import load_month, receipts
from ingest.reference import Item, items
from ingest.units import Register

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Prefilled:
    """Values by item code, for each community code and for the sub-district; ``month`` is where they are from."""

    month: date | None
    communities: Mapping[str, Row]
    summary: Row


def prefill(root: DataRoot, subdistrict: str, month: date, register: Register) -> Prefilled:
    """The prefilled items of the latest earlier report of ``subdistrict``; nothing where there is none."""
    source = _latest_before(root, subdistrict, month)
    if source is None:
        return Prefilled(None, {}, {})
    tables = load_month(root, source)
    sent = {
        row["community_code"]: _values(row, "community") for row in tables["monthly_report_communities"].to_pylist()
    }
    own = [r for r in tables["monthly_report_subdistricts"].to_pylist() if r["subdistrict_code"] == subdistrict]
    found = {
        unit.unit_code: values
        for unit in register.children(subdistrict, month)
        if (values := sent.get(unit.unit_code) or sent.get(_predecessor(unit.unit_code, register)))
    }
    return Prefilled(source, found, _values(own[0], "subdistrict") if own else {})


def _latest_before(root: DataRoot, subdistrict: str, month: date) -> date | None:
    rows = receipts(root).select(["form", "month", "subdistrict_code"]).to_pylist()
    return max(
        (r["month"] for r in rows if (r["form"], r["subdistrict_code"]) == ("monthly_report", subdistrict) and
         r["month"] < month),
        default=None,
    )  # fmt: skip


def _predecessor(code: str, register: Register) -> str:
    """The one unit whose people are now this one's (村改居); of a merger none, because nobody reported the sum."""
    codes = {unit.unit_code for versions in register.versions.values() for unit in versions if _leads_to(unit, code)}
    return codes.pop() if len(codes) == 1 else ""


def _leads_to(unit: Any, code: str) -> bool:
    return bool(unit.successor_code == code and unit.unit_code != code)


def _values(row: Row, sheet: str) -> Row:
    return {item.item_code: row[item.column_name] for item in items() if _is_prefilled(item, sheet)}


def _is_prefilled(item: Item, sheet: str) -> bool:
    return item.sheet == sheet and item.asked == "prefilled"
