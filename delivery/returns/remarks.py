"""What is to be said about each submission of a month: the open findings of its latest evaluation, cell by cell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from delivery.console.words import SEVERITIES
from delivery.returns.stars import Suggested, moved_stars, turned_stars
from expectations.catalogue import Catalogue, RuleBase
from expectations.recorded import read, recorded
from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from ingest.units import Register

CELLS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


@dataclass(frozen=True)
class Place:
    """A cell or range of the sender's workbook; ``suspected`` where it most likely is the wrong one."""

    sheet: str
    cells: str
    suspected: bool


@dataclass(frozen=True)
class Remark:
    """One finding as the sender reads it; ``accepted`` says what would be."""

    severity: str
    unit: str
    sentence: str
    suggestion: str
    accepted: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Answer:
    """All that is to be said about one submission; ``receipt`` is its row of raw's receipts, ``stars`` those that its
    figures moved, compared with the version before.
    """

    receipt: Mapping[str, Any]
    unit_name: str
    remarks: tuple[Remark, ...]
    stars: tuple[str, ...] = ()


def answers(root: DataRoot, month: date, register: Register, catalogue: Catalogue) -> list[Answer]:
    """One for each latest submission of ``month`` that has open findings; none before its first evaluation."""
    evaluations = recorded(root, month)
    if not evaluations:
        return []
    latest = evaluations[-1].evaluation_id
    findings = [row for row in read(root, "findings", month, latest).to_pylist() if _is_told(row)]
    cells = defaultdict(list)
    for row in read(root, "finding_cells", month, latest).to_pylist():
        cells[row["alert_id"]].append(row)
    receipts = load_month(root, month)["receipts"].to_pylist()
    names = Counter((row["form"], row["workbook"]) for row in receipts)
    unmistakable = {key for key, count in names.items() if count == 1}
    told = _Teller(
        register, catalogue.by_id, month, cells, unmistakable, turned_stars(root, month), moved_stars(root, month)
    )
    found = (told.answer(receipt, findings) for receipt in receipts)
    return [answer for answer in found if answer.remarks]


def _is_told(finding: Mapping[str, Any]) -> bool:
    return finding["channel"] == "alert" and not finding["suppressed_by"]


@dataclass(frozen=True)
class _Teller:
    register: Register
    rules: Mapping[str, RuleBase]
    month: date
    cells: Mapping[str, list[dict[str, Any]]]
    unmistakable: set[tuple[str, str]]  # names of workbooks that only one submission of a form has
    stars: Mapping[Suggested, str]
    moved: Mapping[str, tuple[str, ...]]  # by submission

    def answer(self, receipt: Mapping[str, Any], findings: Iterable[Mapping[str, Any]]) -> Answer:
        remarks = [self._remark(finding, receipt) for finding in findings if self._concerns(finding, receipt)]
        moved = self.moved.get(receipt["submission_id"], ())
        return Answer(receipt, self._name(receipt["subdistrict_code"]), tuple(sorted(remarks, key=_order)), moved)

    def _concerns(self, finding: Mapping[str, Any], receipt: Mapping[str, Any]) -> bool:
        if finding["form"] != receipt["form"]:
            return False
        return finding["subdistrict_code"] == receipt["subdistrict_code"] or bool(self._own_cells(finding, receipt))

    def _own_cells(self, finding: Mapping[str, Any], receipt: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The cells of this workbook; of two workbooks with one name, only those of the finding's own unit."""
        mine = finding["subdistrict_code"] == receipt["subdistrict_code"]
        if not mine and (receipt["form"], receipt["workbook"]) not in self.unmistakable:
            return []
        cells = self.cells.get(finding["alert_id"], [])
        return [cell for cell in cells if (cell["workbook"], cell["cell_month"]) == (receipt["workbook"], self.month)]

    def _remark(self, finding: Mapping[str, Any], receipt: Mapping[str, Any]) -> Remark:
        unit = self._name(finding["unit_code"])
        suspected = _suspected(finding)
        places = (
            Place(cell["sheet"], cell["cell"], (cell["item_code"], cell["unit_code"]) in suspected)
            for cell in self._own_cells(finding, receipt)
            if cell["sheet"] is not None and cell["cell"]
        )
        sentence = finding["message"].removeprefix(f"{unit}：")
        return Remark(
            finding["severity"],
            unit,
            sentence,
            self._suggestion(finding),
            self._accepted(finding),
            tuple(dict.fromkeys(places)),
        )

    def _suggestion(self, finding: Mapping[str, Any]) -> str:
        """Where it would turn a star, with both readings side by side: neither is the one that is wanted."""
        said = finding["suggestion"] or ""
        both = self.stars.get((finding["alert_id"], finding["suggested_values"]))
        return f"{said}（{both}；请按实际情况核对）" if both else said

    def _accepted(self, finding: Mapping[str, Any]) -> str:
        rule = self.rules.get(finding["rule_code"])
        if rule is None:
            return "按“问题”所写改正"
        wanted = f"数据满足“{rule.title_zh}”"
        if finding["severity"] == "mandatory":
            return wanted
        return f"{wanted}；确属实的不必改，在“说明”栏写明原因"

    def _name(self, code: str) -> str:
        unit = self.register.get(code, self.month) or self.register.ever(code)
        return unit.unit_name if unit else code


def _suspected(finding: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(item, unit) of the suspected cells: ``B02`` is the unit's own, ``T24@990101002000`` another's."""
    found = set()
    for part in filter(None, (finding["suspected_items"] or "").split(";")):
        item, _, unit = part.partition("@")
        found.add((item, unit or finding["unit_code"]))
    return found


def _order(remark: Remark) -> tuple[int, str, list[tuple[int, int, str]], str]:
    """Worst first, then as the cells stand in the workbook."""
    cells = [CELLS.search(place.cells) for place in remark.places]
    positions = sorted((int(cell[2]), len(cell[1]), cell[1]) for cell in cells if cell)
    sheet = remark.places[0].sheet if remark.places else ""
    return list(SEVERITIES).index(remark.severity), sheet, positions[:1], f"{remark.unit}{remark.sentence}"
