"""Small consistent months as raw tables: what ingest would have written of a clean workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter

from ingest.raw.schema import TABLES
from ingest.reference import Item, Unit, items

COUNTY, FIRST, SECOND = "990101000000", "990101001000", "990101002000"
MARCH, FEBRUARY, JANUARY = date(2024, 3, 1), date(2024, 2, 1), date(2024, 1, 1)
YEAR_AGO = date(2023, 3, 1)
FIRST_ROW = 5  # title, group header, header and unit row come first

CLEAN: dict[str, Any] = {
    "P01": 873, "P02": 2581, "P03": 3199, "P04": 9, "P05": "城中村",
    "D01": 3, "D02": 1, "D03": 99, "D04": 36, "D06": 1, "D07": 2, "D08": 5, "D09": 6,
    "B01": 7, "B02": 5, "B03": 2, "B04": 2, "B05": 3, "B06": 2, "B07": 3,
    "E01": "17.92", "E02": "24.60", "E03": "0.00", "E04": "0.67", "E05": "1.53", "E06": "40.32", "E07": "0.27",
    "W01": 730, "W02": 2, "W03": 674, "W04": True, "F01": True, "F02": True, "F03": True, "F04": True,
    "H01": 2487, "H02": 2421, "H03": 1517, "H04": 1447, "V01": 182, "V02": 8, "V03": 1200, "R01": 1,
    "X01": 4, "X02": "01111",
}  # fmt: skip
# What differs one month before, so that flows and running totals fit.
BEFORE: dict[str, Any] = {
    "D03": 100, "E01": "12.60", "E02": "17.76", "E04": "0.46", "E05": "1.10", "E06": "28.80", "W01": 728,
    "H02": 2416, "H04": 1446, "V03": 275, "V02": 5,
}  # fmt: skip
LIST: dict[str, Any] = {
    "D05": "50.3", "B08": "45.0", "S01": 3, "S02": 2, "S03": 1, "S04": 0, "S05": 2, "S06": 1, "S07": 0,
    "S08": "47.0", "S09": 2, "S10": 1, "S11": 1, "S12": 1, "G01": 3,
}  # fmt: skip


def unit(code: str, name: str, level: str, parent: str, **more: Any) -> Unit:
    row = {"community_type": "", "star_scheme": "", "valid_from": "2020-01-01", "valid_to": "", "successor_code": ""}
    return TypeAdapter(Unit).validate_python(
        {**row, "unit_code": code, "unit_name": name, "level": level, "parent_code": parent, "aliases": "", **more}
    )


def community_units(subdistrict: str, names: str) -> list[Unit]:
    return [
        unit(
            f"{subdistrict[:9]}{n:03}",
            f"{name}社区",
            "community",
            subdistrict,
            community_type="城中村",
            star_scheme="village",
        )
        for n, name in enumerate(names, start=1)
    ]


UNITS = (
    unit(COUNTY, "示例市", "county", ""),
    unit(FIRST, "甲街道", "subdistrict", COUNTY),
    *community_units(FIRST, "子丑寅"),
    unit(SECOND, "乙街道", "subdistrict", COUNTY),
    *community_units(SECOND, "卯辰巳"),
)
COMMUNITIES = tuple(u.unit_code for u in UNITS if u.level == "community")


def typed(item: Item, value: Any) -> Any:
    return Decimal(str(value)) if value is not None and item.value_type in ("money", "mean") else value


def as_text(value: Any) -> str | None:
    return {True: "是", False: "否"}.get(value, str(value)) if value is not None else None


@dataclass
class Month:
    """A month to be changed in place by a test: values by community, the lists and the clerk's totals."""

    month: date = MARCH
    communities: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    totals: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 1

    def tables(self) -> dict[str, pa.Table]:
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        for subdistrict in self.lists:
            _add_submission(self, subdistrict, rows)
        names = ("receipts", "monthly_report_communities", "monthly_report_totals", "monthly_report_subdistricts",
                 "profile_figures", "headers", "problems")  # fmt: skip
        return {name: pa.Table.from_pylist(rows[name], schema=TABLES[name]) for name in names}


def clean_month(month: date = MARCH, **changes: Any) -> Month:
    made = Month(month)
    values = {**CLEAN, **(BEFORE if month < MARCH else {}), **changes}
    made.communities = {code: dict(values) for code in COMMUNITIES}
    made.lists = {FIRST: dict(LIST), SECOND: dict(LIST)}
    made.totals = {code: sums(made, code) for code in made.lists}
    return made


def sums(month: Month, subdistrict: str) -> dict[str, Any]:
    rows = [values for code, values in month.communities.items() if code.startswith(subdistrict[:9])]
    return {
        item.item_code: sum(typed(item, row[item.item_code]) for row in rows)
        for item in items()
        if item.sheet == "community" and item.additive
    }


def _item_columns(values: Mapping[str, Any], sheet: str, additive: bool = False) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for item in items():
        if item.sheet == sheet and (item.additive or not additive):
            value = values.get(item.item_code)
            row[item.column_name] = typed(item, value)
            row[f"{item.column_name}__text"] = as_text(value)
    return row


def _add_submission(month: Month, subdistrict: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    key = {
        "batch_id": f"batch-{month.month:%Y%m}-{month.version}",
        "submission_id": f"monthly_report-{month.month:%Y-%m}-{subdistrict}-v{month.version}",
        "month": month.month,
        "subdistrict_code": subdistrict,
    }
    place = {**key, "workbook": f"{subdistrict}.xlsx", "sheet": "社区月报"}
    mine = {code: row for code, row in month.communities.items() if code.startswith(subdistrict[:9])}
    for number, (code, values) in enumerate(mine.items(), start=FIRST_ROW):
        named = {"row_number": number, "community_code": code, "community_name": code[-3:]}
        rows["monthly_report_communities"].append({**place, **named, **_item_columns(values, "community")})
    if subdistrict in month.totals:
        total = _item_columns(month.totals[subdistrict], "community", additive=True)
        rows["monthly_report_totals"].append({**place, "row_number": FIRST_ROW + len(mine), **total})
    own = {**place, "sheet": "街道汇总", "row_number": 2, **_item_columns(month.lists[subdistrict], "subdistrict")}
    rows["monthly_report_subdistricts"].append(own)
    rows["headers"] += headers(key)
    receipt = {"form": "monthly_report", "version": month.version, "workbook": place["workbook"]}
    arrival = {"sha256": f"{subdistrict}{month.month:%Y%m}{month.version}", "received_at": received_at(month)}
    rows["receipts"].append({**key, **receipt, **arrival})


def received_at(month: Month) -> datetime:
    return datetime(month.month.year, month.month.month, 20 + month.version, tzinfo=UTC)


def column_letter(index: int) -> str:
    return (chr(64 + index // 26) if index // 26 else "") + chr(65 + index % 26)


def headers(key: dict[str, Any]) -> list[dict[str, Any]]:
    community = [item for item in items() if item.sheet == "community"]
    own = [item for item in items() if item.sheet == "subdistrict"]
    common = {**key, "form": "monthly_report"}
    return [
        {**common, "raw_table": "monthly_report_communities", "sheet": "社区月报", "item_code": item.item_code,
         "column_letter": column_letter(index), "row_number": None, "header_text": item.name_zh}
        for index, item in enumerate(community, start=2)
    ] + [
        {**common, "raw_table": "monthly_report_subdistricts", "sheet": "街道汇总", "item_code": item.item_code,
         "column_letter": "C", "row_number": row, "header_text": item.name_zh}
        for row, item in enumerate(own, start=2)
    ]  # fmt: skip
