"""Reads a workbook as 五星月报: which sheet is which, for which month and sub-district, then each sheet."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TypeVar

from ingest.files.grid import Sheet, Workbook
from ingest.files.look import FileRefused
from ingest.forms.load import monthly_report_form
from ingest.forms.spelling import HeaderNames, header_names
from ingest.monthly_report.communities import CommunityTable, header_block, rows_per_subdistrict
from ingest.monthly_report.declared import (
    Declared,
    Label,
    cover_month,
    decide_month,
    decide_unit,
    is_cover,
    labels_in,
    read_cover,
    read_titles,
    title_month,
)
from ingest.monthly_report.header import find_header
from ingest.monthly_report.item_list import ItemTable, find_item_table, load_item_list
from ingest.monthly_report.layout import Header
from ingest.monthly_report.rows import choose_total, identify_all, is_section, sort_rows
from ingest.problems import REJECTED, Place
from ingest.reference import Item, items
from ingest.submission import Submission
from ingest.units import Register

FORM = "monthly_report"
TITLE_ROWS = 2  # of an item list that stands below the communities
Layout = TypeVar("Layout", Header, ItemTable)


@cache
def _items() -> dict[str, Item]:
    return {item.item_code: item for item in items() if item.sheet == "community"}


@cache
def _names() -> HeaderNames:
    return header_names(monthly_report_form().communities, _items().values())


class MonthlyReport:
    """The sheets of one workbook, recognised by content; ``table`` is None where it is no monthly report."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.cover: Sheet | None = None
        self.labels: list[Label] = []
        self.extra: list[tuple[Sheet, Sheet]] = []
        self.unread: list[Sheet] = []
        self.tables: list[tuple[Sheet, Header]] = []
        self.item_lists: list[tuple[Sheet, ItemTable]] = []
        for sheet in sorted(workbook.sheets, key=lambda each: each.hidden):
            self._recognise(sheet)
        if not self.item_lists:  # it may stand in the sheet of the communities, below their table
            self.item_lists = [(sheet, found) for sheet, _ in self.tables if (found := find_item_table(sheet))]
        month = cover_month(self.labels)
        self.table = self._choose(self.tables, month)
        self.item_list = self._choose(self.item_lists, month)

    def _recognise(self, sheet: Sheet) -> None:
        form = monthly_report_form()
        sheet.name = sheet.name or form.communities.sheet  # text files have no sheet names
        header = find_header(sheet, _names())
        if header is not None:
            self.tables.append((sheet, header))
        elif (found := find_item_table(sheet)) is not None:
            self.item_lists.append((sheet, found))
        elif self.cover is None and is_cover(labels := labels_in(sheet)):
            self.cover, self.labels = sheet, labels
        elif any(sheet.filled):
            self.unread.append(sheet)

    def _choose(self, found: list[tuple[Sheet, Layout]], month: date | None) -> tuple[Sheet, Layout] | None:
        """Of several sheets of a kind the first of the cover's month: last month's is often left in the workbook."""
        if len(found) < 2:
            return found[0] if found else None
        fitting = [each for each in found if month and title_month(each[0], each[1].first_row) == month]
        chosen = (fitting or found)[0]
        self.extra += [(sheet, chosen[0]) for sheet, _ in found if sheet is not chosen[0]]
        return chosen


def read_monthly_report(report: MonthlyReport, register: Register) -> Submission:
    """The submission. Raises FileRefused where month or unit is unknown or contradictory, or there are no rows."""
    if report.table is None:
        raise FileRefused("communities_missing")
    sheet, header = report.table
    form = monthly_report_form()
    rows = sort_rows(sheet, header, form, register)
    if report.item_list is not None and report.item_list[0] is sheet:
        rows.outside = [row for row in rows.outside if row < report.item_list[1].first_row - TITLE_ROWS]
    if not rows.communities:
        raise FileRefused("no_rows")
    declared = _declared(report, register)
    month, month_problems = decide_month(declared)
    found = identify_all(sheet, rows, header, register, month)
    sections = [row.row for row in found if row.unit is None and is_section(sheet, row, header)]
    found = [row for row in found if row.row not in sections] if sections else found
    unit_code, unit_problems = decide_unit(declared, rows_per_subdistrict(found), register)
    submission = Submission(FORM, month, unit_code, declared.template_version)
    submission.problems += [*month_problems, *unit_problems]
    CommunityTable(sheet, header, submission, register).load(found, rows, choose_total(rows.totals, form.totals))
    if not submission.rows_loaded:
        reasons = [problem.message for problem in submission.problems if problem.severity == REJECTED]
        raise FileRefused("no_rows_loaded", first=reasons[0]) if reasons else FileRefused("no_rows")
    if sections:
        cells = "、".join(f"A{row + 1}" for row in sections)
        submission.say("section_rows", Place(sheet.name, cells), count=len(sections))
    submission.blocks["headers"].append(header_block(sheet, header))
    _load_item_list(report, submission)
    _say_layout(report, declared, submission)
    return submission.close(report.workbook)


def _declared(report: MonthlyReport, register: Register) -> Declared:
    declared = Declared()
    if report.cover is not None:
        read_cover(report.labels, register, declared)
    if report.table is not None:
        sheet, header = report.table
        read_titles(sheet, range(header.first_row), "表题", register, declared)
    if report.item_list is not None:
        sheet, table = report.item_list
        below = report.table is not None and report.table[0] is sheet
        first = max(table.first_row - TITLE_ROWS, 0) if below else 0
        read_titles(sheet, range(first, table.first_row), "街道汇总表题", register, declared)
    return declared


def _load_item_list(report: MonthlyReport, submission: Submission) -> None:
    if report.item_list is not None:
        load_item_list(*report.item_list, submission)
        return
    count = sum(item.sheet == "subdistrict" for item in items())
    submission.say("item_list_missing", Place(unit_code=submission.unit_code), count=count)


def _say_layout(report: MonthlyReport, declared: Declared, submission: Submission) -> None:
    form, say = monthly_report_form(), submission.say
    if report.table is not None:
        present = {column.item.item_code for column in report.table[1].columns} | set(report.table[1].duplicates)
        for code, item in _items().items():
            if code not in present:
                say("column_missing", Place(report.table[0].name, None, None, code), item.name_zh, item=code)
    if not declared.has_cover:
        sources = "、".join(dict.fromkeys(said.source for said in [*declared.months, *declared.units]))
        say("cover_missing", said=sources)
    sheets = [(report.cover, form.cover.sheet), (report.table and report.table[0], form.communities.sheet)]
    if report.item_list and report.item_list[0] is not sheets[-1][0]:
        sheets.append((report.item_list[0], form.item_list.sheet))
    for sheet, name in sheets:
        if sheet is not None:
            _say_sheet(sheet, name, submission)
    for sheet, chosen in report.extra:
        say("sheet_extra", Place(sheet.name), sheet.name, chosen.name)
    for sheet in report.unread:
        say("sheet_not_read", Place(sheet.name), sheet.name)


def _say_sheet(sheet: Sheet, name: str, submission: Submission) -> None:
    if sheet.name != name and not sheet.delimited:  # tables of text and HTML have no names of their own
        submission.say("sheet_renamed", Place(sheet.name), sheet.name, name)
    if sheet.hidden:
        submission.say("sheet_hidden", Place(sheet.name), sheet.name)
