"""Writes raw Parquet as ingest and expectations would, small and by hand, so that these tests need neither of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.data_root import DataRoot
from ingest.raw.schema import TABLES
from ingest.raw.store import ensure_schemas, write_parquet
from ingest.reference import Item, items
from ingest.reference.publish import write_reference

COUNTY = "990101000000"
BASE = {
    "P01": 800, "P02": 2000, "P03": 1900, "P04": 10, "P05": "城中村", "D01": 2, "D02": 1, "D03": 100, "D04": 30,
    "D06": 0, "D07": 0, "D08": 4, "D09": 4, "B01": 8, "B02": 6, "B03": 2, "B04": 2, "B05": 3, "B06": 3, "B07": 2,
    "E01": 30, "E02": 5, "E03": 1, "E04": 10, "E05": 5, "E06": 21, "E07": 0, "W01": 700, "W02": 0, "W03": 500,
    "W04": True, "F01": True, "F02": True, "F03": True, "F04": True, "H01": 1900, "H02": 1850, "H03": 1500,
    "H04": 1440, "V01": 50, "V02": 2, "V03": 30, "R01": 1, "X01": 5, "X02": "11111",
    "D05": "50.00", "B08": "48.00", "S01": 3, "S02": 2, "S03": 1, "S04": 0, "S05": 1, "S06": 1, "S07": 1,
    "S08": "52.00", "S09": 1, "S10": 1, "S11": 1, "S12": 1, "G01": 3,
}  # fmt: skip
UNITS_HEADER = (
    "unit_code,unit_name,level,parent_code,community_type,star_scheme,valid_from,valid_to,successor_code,aliases"
)
RULES = pa.schema(
    [(name, pa.string()) for name in ("rule_code", "level", "kind", "title_zh", "expression", "scope", "form")]
    + [("channel", pa.string()), ("valid_from", pa.date32()), ("valid_to", pa.date32()), ("item_codes", pa.string())]
    + [("explanation_required", pa.bool_()), ("content_sign", pa.string())]
)


def at(day: date, hour: int = 1) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def subdistrict(number: int) -> str:
    return f"990101{number:03}000"


def community(subdistrict_number: int, number: int) -> str:
    return f"990101{subdistrict_number:03}{number:03}"


def monthly_report(month: date, subdistrict_code: str, version: int) -> str:
    """The id of a submission."""
    return f"monthly_report-{month:%Y-%m}-{subdistrict_code}-v{version}"


@dataclass
class RawFiles:
    """A data root under ``path`` with its units and raw files; every method writes at once."""

    path: Path
    subdistricts: int = 2
    communities: int = 3
    written: int = field(default=0)

    def __post_init__(self) -> None:
        self.root = DataRoot(self.path).create()
        self.root.units_file.write_text("\n".join([UNITS_HEADER, *self._units()]) + "\n", encoding="utf-8")
        write_reference(self.root)
        ensure_schemas(self.root)
        write_parquet(self.root.raw / "reference" / "rules.parquet", RULES.empty_table())

    def _units(self) -> list[str]:
        lines = [f"{COUNTY},示例市,county,,,,2020-01-01,,,"]
        for s in range(1, self.subdistricts + 1):
            lines.append(f"{subdistrict(s)},街道{s},subdistrict,{COUNTY},,,2020-01-01,,,")
            lines += [
                f"{community(s, c)},社区{s}-{c},community,{subdistrict(s)},城中村,village,2020-01-01,,,"
                for c in range(1, self.communities + 1)
            ]
        return lines

    def write(self, table: str, month: date, rows: list[dict[str, Any]]) -> None:
        self.written += 1
        data = pa.Table.from_pylist(rows, schema=TABLES[table])
        write_parquet(self.root.raw / table / f"month={month:%Y-%m}" / f"batch{self.written:04}.parquet", data)

    def submit(
        self,
        month: date,
        number: int,
        *,
        version: int = 1,
        received: datetime | None = None,
        changes: dict[int, dict[str, Any]] | None = None,
        own: dict[str, Any] | None = None,
        visible: bool = True,
    ) -> None:
        """The monthly report of sub-district ``number``: ``changes`` by community number, None leaves a row out."""
        sender = self._sender(month, number, version)
        changed = changes or {}
        rows = [
            self._row("community", sender, c, changed.get(c, {}))
            for c in range(1, self.communities + 1)
            if changed.get(c, {}) is not None
        ]
        counts = {"S01": self.communities, "G01": self.communities}
        self.write("monthly_report_communities", month, rows)
        self.write("monthly_report_subdistricts", month, [self._row("subdistrict", sender, None, counts | (own or {}))])
        if visible:
            arrived = received or at(_next_month(month).replace(day=2 + version))
            self.write("receipts", month, [_receipt(sender, version, arrived, len(rows))])

    def _sender(self, month: date, number: int, version: int) -> dict[str, Any]:
        code = subdistrict(number)
        submission_id = monthly_report(month, code, version)
        return {"batch_id": f"b-{submission_id}", "submission_id": submission_id, "month": month,
                "subdistrict_code": code}  # fmt: skip

    def _row(self, sheet: str, sender: dict[str, Any], number: int | None, changes: dict[str, Any]) -> dict[str, Any]:
        row = sender | {"workbook": f"{sender['submission_id']}.xlsx", "sheet": sheet, "row_number": 5 + (number or 0)}
        if number is not None:
            code = sender["subdistrict_code"][:9] + f"{number:03}"
            row |= {"community_code": code, "community_name": f"社区{number}"}
        for item in items():
            if item.sheet == sheet:
                row[item.column_name] = _typed(item, changes.get(item.item_code, BASE[item.item_code]))
        return row

    def profile(self, month: date, figures: list[dict[str, Any]]) -> None:
        """A 概况表 with the given cells, by the columns of ``profile_figures``."""
        submission_id = f"profile-{month:%Y-%m}-{COUNTY}-v1"
        sender = {"batch_id": f"b-{submission_id}", "submission_id": submission_id, "month": month,
                  "subdistrict_code": COUNTY}  # fmt: skip
        place = {"workbook": "概况表.xlsx", "sheet": "概况表", "row_number": 4, "column_letter": "C"}
        self.write("profile_figures", month, [sender | place | figure for figure in figures])
        receipt = _receipt(sender, 1, at(_next_month(month)), len(figures)) | {"form": "profile"}
        self.write("receipts", month, [receipt])

    def evaluate(
        self,
        month: date,
        name: str,
        as_of: datetime,
        findings: Sequence[dict[str, Any]] = (),
        executions: Sequence[dict[str, Any]] = (),
        suggestions: Sequence[dict[str, Any]] = (),
        visible: bool = True,
    ) -> None:
        """An evaluation of ``month`` with its findings; each finding takes part with one cell and has two readings."""
        key = {"evaluation_id": name, "month": month}
        self.write("findings", month, [key | FINDING | finding for finding in findings])
        cells = [
            key | {"alert_id": finding["alert_id"], "ordinal": 1, "sheet": "社区月报", "cell": "P7"}
            for finding in findings
        ]
        self.write("finding_cells", month, cells)
        self.write("suggestions", month, [key | SUGGESTION | suggestion for suggestion in suggestions])
        self.write("rule_executions", month, [key | execution for execution in executions])
        if visible:
            self.write("evaluations", month, [key | {"as_of": as_of, "month_as_of": as_of, "rules_version": "r1"}])


FINDING = {
    "form": "monthly_report",
    "subdistrict_code": subdistrict(1),
    "community_code": community(1, 1),
    "unit_code": community(1, 1),
    "unit_level": "community",
    "rule_code": "team_by_sex",
    "severity": "mandatory",
    "channel": "alert",
    "message": "B02+B03=B01：5+2≠8",
    "item_codes": "B01;B02;B03",
}

SUGGESTION = {"rank": 1, "ordinal": 1, "kind": "cells", "is_suggested": True, "probability": 0.9, "confidence": 0.8}


def suggested(finding: dict[str, Any], item: str, value: str, submission_id: str, **other: Any) -> dict[str, Any]:
    """A row of ``suggestions``: a cell of the finding's own unit should read ``value``."""
    return {"alert_id": finding["alert_id"], "unit_code": finding["unit_code"], "item_code": item, "value": value,
            "number": Decimal(value), "submission_id": submission_id} | other  # fmt: skip


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _typed(item: Item, value: Any) -> Any:
    if value is None or item.value_type not in ("money", "mean"):
        return value
    return Decimal(str(value)).quantize(Decimal("0.01"))


def _receipt(sender: dict[str, Any], version: int, received_at: datetime, rows: int) -> dict[str, Any]:
    return sender | {
        "form": "monthly_report",
        "version": version,
        "sha256": sender["submission_id"],
        "workbook": f"{sender['submission_id']}.xlsx",
        "received_at": received_at,
        "template_version": "1",
        "rows_loaded": rows,
        "cells_found": 40 * rows,
        "cells_loaded": 40 * rows,
        "cells_blank": 0,
        "cells_rejected": 0,
        "cells_label": 10,
    }
