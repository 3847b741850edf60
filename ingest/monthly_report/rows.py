"""Tells a community table's rows apart: communities, totals, footers, blanks, and what lies outside the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache

from ingest.files.grid import Sheet, is_blank, text_of
from ingest.forms.models import MonthlyReportForm
from ingest.forms.spelling import spell
from ingest.monthly_report.header import is_header_again
from ingest.monthly_report.layout import Header
from ingest.reference import Unit
from ingest.units import CODE, Register, spell_code
from ingest.values.text import compact

LONGEST_FOOTER = 8  # filled cells


@dataclass(slots=True)
class CommunityRow:
    """A row that names a community; ``unit`` is None where the register does not know it."""

    row: int
    code_text: str
    name_text: str
    unit: Unit | None
    kind: str | None = None  # the problem of its code or name, if there is one
    words: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.unit.unit_name if self.unit else self.name_text or self.code_text


@dataclass
class Rows:
    """The row numbers of each sort; ``known`` are the communities, today's or former ones, of rows that give code and
    name as the register does.
    """

    communities: list[int] = field(default_factory=list)
    known: dict[int, Unit] = field(default_factory=dict)
    totals: list[tuple[str, int]] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)


def sort_rows(sheet: Sheet, header: Header, form: MonthlyReportForm, register: Register) -> Rows:
    """Sort the rows below the header. After a footer, or a gap behind the total, the table has ended."""
    rows, ended = Rows(known=_known(sheet, header, register)), False
    total_names = _spelled((*form.totals, *form.subtotals))
    for row in range(header.last_row + 1, len(sheet.rows)):
        if row in rows.known and not ended:  # no need to ask what else it might be
            rows.communities.append(row)
            continue
        blank = not sheet.filled[row]
        footer = not blank and _is_footer(sheet, row, form.footers)
        if blank or footer:
            ended = (
                ended or footer or bool(rows.communities and rows.totals and _last(rows.totals) > rows.communities[-1])
            )
        elif ended:
            rows.outside.append(row)
        elif is_header_again(sheet, row, header):
            continue
        elif name := _total_name(sheet, row, header, total_names):
            rows.totals.append((name, row))
        else:
            rows.communities.append(row)
    return rows


def _known(sheet: Sheet, header: Header, register: Register) -> dict[int, Unit]:
    if not {"code", "name"} <= header.keys.keys():
        return {}
    code, name = header.keys["code"], header.keys["name"]
    width = max(code, name) + 1
    below = range(header.last_row + 1, len(sheet.rows))
    rows = [(row, sheet.rows[row]) for row in below if len(sheet.rows[row]) >= width]
    return {row: unit for row, cells in rows if (unit := register.community(cells[code], cells[name]))}


@cache
def _spelled(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(spell, names))


def _last(totals: list[tuple[str, int]]) -> int:
    return totals[-1][1]


def _is_footer(sheet: Sheet, row: int, footers: tuple[str, ...]) -> bool:
    if sheet.filled[row] > LONGEST_FOOTER:
        return False
    filled = (value for value in sheet.rows[row] if not is_blank(value))
    if not compact(text_of(next(filled))).startswith(footers):
        return False
    return not any(CODE.fullmatch(compact(text_of(value))) for value in filled)


def _total_name(sheet: Sheet, row: int, header: Header, names: frozenset[str]) -> str | None:
    keys = header.keys.values()
    for column, value in sheet.texts[row]:
        text = spell(value).split("(")[0] if column in keys else ""
        if text in names:
            return text
    return None


def choose_total(totals: list[tuple[str, int]], preferred: tuple[str, ...]) -> int | None:
    """The row of the clerk's own total: the last 合计, else the last of the other names."""
    for name in preferred:
        rows = [row for found, row in totals if found == spell(name)]
        if rows:
            return rows[-1]
    return None


def identify_all(sheet: Sheet, rows: Rows, header: Header, register: Register, month: date) -> list[CommunityRow]:
    """Which community each row names."""
    return [
        CommunityRow(row, unit.unit_code, unit.unit_name, unit)
        if (unit := rows.known.get(row)) and unit.holds_on(month)
        else _identify(sheet, row, header, register, month)
        for row in rows.communities
    ]


def _identify(sheet: Sheet, row: int, header: Header, register: Register, month: date) -> CommunityRow:
    """Which community a row names, by code and by name."""
    code_sent = sheet.value(row, header.keys["code"]) if "code" in header.keys else None
    code_text = text_of(code_sent)
    name_text = sheet.text(row, header.keys["name"]) if "name" in header.keys else ""
    code = spell_code(code_text)
    as_sent = bool(code_text) and code_sent == code
    by_code = register.get(code, month)
    if as_sent and by_code is not None and by_code.level == "community" and by_code.unit_name == name_text:
        return CommunityRow(row, code_text, name_text.strip(), by_code)
    by_name = register.by_name(name_text, month, "community") if name_text.strip() else []
    found = CommunityRow(row, code_text.strip(), name_text.strip(), by_code)
    if by_code is not None and by_code.level == "community":
        return _known_by_code(found, by_code, by_name, as_sent)
    retired = register.ever(code)
    if retired is not None and retired.level == "community":
        successors = [heir.unit_name for code in retired.successors if (heir := register.get(code, month))]
        hint = f"，应报入{'、'.join(successors)}" if successors else ""
        return CommunityRow(row, found.code_text, found.name_text, retired, "community_retired", {"hint": hint})
    return _known_by_name(found, by_name, "code" in header.keys)


def is_section(sheet: Sheet, row: CommunityRow, header: Header) -> bool:
    """Whether a row only heads the rows below it (东部片区): no known community, no code, no data."""
    if row.unit is not None or any(map(str.isdigit, row.code_text)):
        return False
    return all(is_blank(sheet.value(row.row, column.index)) for column in header.columns)


def _known_by_code(found: CommunityRow, unit: Unit, by_name: list[Unit], as_sent: bool) -> CommunityRow:
    same = any(each.unit_code == unit.unit_code for each in by_name)
    if not found.name_text or same:
        kind = None if as_sent else "code_written_differently"
    else:
        neighbours = [each for each in by_name if each.parent_code == unit.parent_code]
        kind = "code_and_name_differ" if neighbours else "name_differs"
    return CommunityRow(found.row, found.code_text, found.name_text, unit, kind, {"code_name": unit.unit_name})


def _known_by_name(found: CommunityRow, by_name: list[Unit], has_codes: bool) -> CommunityRow:
    if len(by_name) != 1:
        return CommunityRow(found.row, found.code_text, found.name_text, None, "community_unknown")
    kind = "code_differs" if found.code_text else "code_missing" if has_codes else None
    return CommunityRow(found.row, found.code_text, found.name_text, by_name[0], kind)
