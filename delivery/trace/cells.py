"""The last step of each way: one cell of one submission, as sent and as loaded."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpyxl.utils import coordinate_to_tuple, range_boundaries
from openpyxl.utils.exceptions import CellCoordinatesException

from delivery.console.words import SEVERITIES
from delivery.trace.steps import CannotTrace, Sources, Step, figure, sent
from ingest.reference import Item

Row = dict[str, Any]
TABLES = {"community": "monthly_report_communities", "subdistrict": "monthly_report_subdistricts"}


def cell_step(sources: Sources, item: Item, unit_code: str, month: date) -> Step:
    """The cell that ``item`` of a community or sub-district came from. Raises CannotTrace where nothing was sent."""
    mart, key = _mart_row(sources, item, unit_code, month)
    tables = sources.submission(month, mart["submission_id"])
    receipts, rows = tables["receipts"].to_pylist(), tables[TABLES[item.sheet]].to_pylist()
    row = next((each for each in rows if key is None or each["community_code"] == key), None)
    name, value = sources.unit_name(unit_code, month), figure(item, mart[item.column_name])
    title = f"{name} {item.item_code} {item.name_zh}：{value}"
    if not receipts:
        return Step(title, (f"raw/ 里没有 {mart['submission_id']}：数据目录可能不完整，无法追到单元格",))
    if row is None:
        return Step(title, ("报送的工作簿里没有这张表", *_submission(sources, receipts[0])))
    return Step(title, (*_cell(sources, tables, row, item, unit_code), *_submission(sources, receipts[0])))


def _mart_row(sources: Sources, item: Item, unit_code: str, month: date) -> tuple[Row, str | None]:
    level = "community" if item.sheet == "community" else "subdistrict"
    found = sources.one(f"{level}_month", month=month, **{f"{level}_code": unit_code})
    if found is None:
        name = sources.unit_name(unit_code, month)
        raise CannotTrace(f"已发布的数据里没有 {name}（{unit_code}）{month:%Y-%m} 的数：该月没有报送，或该行没有入库")
    return found, unit_code if level == "community" else None


def _cell(sources: Sources, tables: dict[str, Any], row: Row, item: Item, unit_code: str) -> list[str]:
    headers = [h for h in tables["headers"].to_pylist() if h["item_code"] == item.item_code and
               h["raw_table"] == TABLES[item.sheet]]  # fmt: skip
    if not headers:
        return [f"工作簿 {row['workbook']} 的《{row['sheet']}》里没有这个指标，按未填处理"]
    address = f"{headers[0]['column_letter']}{headers[0]['row_number'] or row['row_number']}"
    text = row[f"{item.column_name}__text"]
    said = [p for p in tables["problems"].to_pylist() if _touches(p, row["sheet"], address)]
    lines = [
        f"单元格：{row['workbook']} › {row['sheet']} › {address}（表头“{headers[0]['header_text']}”）",
        f"原文：{sent(text)}；入库：{figure(item, row[item.column_name])}",
    ]
    lines += [f"读取时：{problem['message']}" for problem in said] or ["读取时：原样读取，没有改动"]
    return lines + _alerts(sources, row, address)


def _touches(problem: Row, sheet: str, address: str) -> bool:
    """Whether a problem names the cell itself or a range that has it."""
    if problem["sheet"] != sheet or not problem["cell"]:
        return False
    row, column = coordinate_to_tuple(address)
    for part in problem["cell"].split("、"):
        try:
            left, top, right, bottom = range_boundaries(part)
        except (ValueError, CellCoordinatesException):
            continue
        if left <= column <= right and top <= row <= bottom:
            return True
    return False


def _alerts(sources: Sources, row: Row, address: str) -> list[str]:
    cells = sources.many("quality_alert_cells", cell_month=row["month"], sheet=row["sheet"], workbook=row["workbook"])
    wanted = {cell["alert_id"] for cell in cells if address == cell["cell"]}
    alerts = [alert for alert_id in sorted(wanted) for alert in sources.many("quality_alerts", alert_id=alert_id)]
    return [
        f"未销提醒：{SEVERITIES[each['severity']]}，{each['message']}" for each in alerts if each["status"] == "open"
    ]


def _submission(sources: Sources, receipt: Row) -> list[str]:
    """The submission that a published figure was read from, and whether a newer one waits."""
    newer = _newest_version(sources, receipt)
    waits = [f"注意：已收到第 {newer} 次报送，尚未发布；请运行 wuxing refresh"] if newer > receipt["version"] else []
    return [*submission_lines(sources, receipt), *waits]


def submission_lines(sources: Sources, receipt: Row) -> list[str]:
    """Which submission it is, when it came or was read again, and where its original lies."""
    archived = sorted(sources.root.archive.glob(f"{receipt['sha256']}*"))
    where = f"archive/{archived[0].name}" if archived else "（archive/ 里没有原件，请恢复存档）"
    came = "因名册有变动按原件重新读取" if _is_read_again(sources, receipt) else "收到"
    return [
        f"报送：{receipt['submission_id']}，第 {receipt['version']} 次，"
        f"{receipt['received_at']:%Y-%m-%d %H:%M} UTC {came}",
        f"原件：{where}；sha256 {receipt['sha256']}",
    ]


def _is_read_again(sources: Sources, receipt: Row) -> bool:
    """Whether an earlier version is the same bytes: they become another one only when the register has changed."""
    same = ("form", "month", "subdistrict_code", "sha256")
    return any(
        row["version"] < receipt["version"] and all(row[name] == receipt[name] for name in same)
        for row in sources.receipts
    )


def _newest_version(sources: Sources, receipt: Row) -> int:
    same = ("form", "month", "subdistrict_code")
    versions: list[int] = [row["version"] for row in sources.receipts if all(row[n] == receipt[n] for n in same)]
    return max(versions, default=0)
