"""What the workbook of a month can already say: the communities of the register, and last month's prefilled items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expectations.carried import carried
from ingest.data_root import DataRoot
from ingest.raw.read import load_month, receipts
from ingest.reference import Item, items
from ingest.succession import Succession
from ingest.units import Register

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Prefilled:
    """Values by item code, for each community code and for the sub-district; ``month`` is where they are from."""

    month: date | None
    communities: Mapping[str, Row]
    summary: Row


def prefill(root: DataRoot, subdistrict: str, month: date, register: Register) -> Prefilled:
    """The prefilled items of the latest earlier report of ``subdistrict``; nothing where there is none.

    A renamed unit has its predecessor's, a merged one the sums of what can be added up.
    """
    succession = Succession(unit for versions in register.versions.values() for unit in versions)
    source = _latest_before(root, subdistrict, month, succession)
    if source is None:
        return Prefilled(None, {}, {})
    tables = carried(load_month(root, source), succession.origins(month, source))
    sent = {
        row["community_code"]: _values(row, "community") for row in tables["monthly_report_communities"].to_pylist()
    }
    own = [r for r in tables["monthly_report_subdistricts"].to_pylist() if r["subdistrict_code"] == subdistrict]
    children = (unit.unit_code for unit in register.children(subdistrict, month))
    found = {code: sent[code] for code in children if code in sent}
    return Prefilled(source, found, _values(own[0], "subdistrict") if own else {})


def _latest_before(root: DataRoot, subdistrict: str, month: date, succession: Succession) -> date | None:
    senders: dict[date, set[str]] = defaultdict(set)
    for row in receipts(root).select(["form", "month", "subdistrict_code"]).to_pylist():
        if row["form"] == "monthly_report" and row["month"] < month:
            senders[row["month"]].add(row["subdistrict_code"])
    return max(
        (then for then, sent in senders.items() if sent & _once(subdistrict, succession, month, then)), default=None
    )


def _once(subdistrict: str, succession: Succession, month: date, then: date) -> frozenset[str]:
    """Whose report then was about the people who are this sub-district's now."""
    return succession.origins(month, then).get(subdistrict, frozenset({subdistrict})) or frozenset()


def _values(row: Row, sheet: str) -> Row:
    return {item.item_code: row[item.column_name] for item in items() if _is_prefilled(item, sheet)}


def _is_prefilled(item: Item, sheet: str) -> bool:
    return item.sheet == sheet and item.asked == "prefilled"
