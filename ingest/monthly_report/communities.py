"""Loads the community table: one row per community, its cells read as their items' types."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.files.grid import Sheet, address, column_letter, is_blank
from ingest.monthly_report.cells import CellsRead, read_cells
from ingest.monthly_report.header import headerless_columns
from ingest.monthly_report.layout import Column, Header
from ingest.monthly_report.rows import CommunityRow, Rows
from ingest.monthly_report.sums import say_short_sums
from ingest.problems import Place
from ingest.raw.block import Block
from ingest.submission import Submission, place_of
from ingest.units import Register, resembles
from ingest.values.number import ONE

REFUSING = {"community_retired", "code_and_name_differ"}


class CommunityTable:
    """The community table of one submission while it is being loaded."""

    def __init__(self, sheet: Sheet, header: Header, submission: Submission, register: Register) -> None:
        self.sheet, self.header, self.submission, self.register = sheet, header, submission, register
        self.commented = set(sheet.comments)
        self.columns = {column.index: column for column in header.columns}
        self.struck = set(sheet.struck)
        self.has_surroundings = bool(self.commented or self.struck or sheet.external_formulas)

    def load(self, found: list[CommunityRow], rows: Rows, total_row: int | None) -> None:
        """Load every row that may be loaded; reject the others, each with its reason."""
        sent = {row.unit.unit_code for row in found if row.unit}
        children = self.register.children(self.submission.unit_code, self.submission.month)
        self.unsent = [unit for unit in children if unit.unit_code not in sent]
        refused = self._refused(found)
        loaded = [row for row in found if row.row not in refused]
        read = self._load_cells("monthly_report_communities", self.header.columns, [row.row for row in loaded])
        units = [row.unit for row in loaded if row.unit]  # rows without a unit are refused
        read.block.columns["community_code"] = [unit.unit_code for unit in units]
        read.block.columns["community_name"] = [unit.unit_name for unit in units]
        for row in found:
            if row.row in refused:
                self._reject_row(row, *refused[row.row])
            elif row.kind or row.row in read.said or self.has_surroundings:
                self._say_row(row, read)
        self.submission.rows_loaded = len(loaded)
        if total_row is not None:
            self._load_total(total_row)
            say_short_sums(self.sheet, self.header, total_row, found, self.submission)
        self._say_missing()
        self._say_columns([row.row for row in found if row.row not in refused] + [row for _, row in rows.totals])
        self._say_rows(rows, total_row)
        self._say_merged({row.row: row for row in found})

    def _refused(self, found: list[CommunityRow]) -> dict[int, tuple[str, dict[str, str]]]:
        refused = {row.row: reason for row in found if (reason := self._reason(row))}
        by_unit = defaultdict(list)
        for row in found:
            if row.row not in refused and row.unit:
                by_unit[row.unit.unit_code].append(row)
        for rows in by_unit.values():
            if len(rows) > 1:
                refused |= self._refused_duplicates(rows)
        return refused

    def _reason(self, row: CommunityRow) -> tuple[str, dict[str, str]] | None:
        """Why a row is not loaded, or None."""
        if row.row in self.sheet.damaged_rows:
            return "damaged_row", {}
        if row.kind == "community_unknown":
            return ("community_unknown", {"hint": self._hint(row)}) if row.label else ("row_nameless", {})
        if row.kind in REFUSING:
            return str(row.kind), row.words
        own = self.submission.unit_code
        if row.unit is None or row.unit.parent_code != own:
            unit = self.register.ever(own)
            return "community_foreign", {"unit": unit.unit_name if unit else own}
        return self._raggedness(row.row)

    def _hint(self, row: CommunityRow) -> str:
        """Which community without a row the name may be a slip for: suggested, never assumed."""
        alike = [f"“{unit.unit_name}”（{unit.unit_code}）" for unit in self.unsent if resembles(row.name_text, unit)]
        return f"；是否为{'或'.join(alike)}" if alike else ""

    def _raggedness(self, row: int) -> tuple[str, dict[str, str]] | None:
        if not self.sheet.delimited:
            return None
        width, cells = self.header.width, self.sheet.rows[row]
        if len(cells) < width:
            return "row_too_short", {"count": str(width - len(cells))}
        extra = [
            value for value in cells[max(width, len(self.sheet.rows[self.header.leaf_row])) :] if not is_blank(value)
        ]
        return ("row_too_long", {"count": str(len(extra))}) if extra else None

    def _refused_duplicates(self, rows: list[CommunityRow]) -> dict[int, tuple[str, dict[str, str]]]:
        differing = [
            column.item.item_code
            for column in self.header.columns
            if len({self.sheet.text(row.row, column.index).strip() for row in rows}) > 1
        ]
        if differing:
            listed = "、".join(differing[:8]) + ("等" if len(differing) > 8 else "")
            return {row.row: ("duplicate_conflict", {"columns": listed}) for row in rows}
        return {row.row: ("duplicate_row", {}) for row in rows[1:]}

    def _reject_row(self, row: CommunityRow, kind: str, words: dict[str, str]) -> None:
        for column in self.header.columns:
            self.submission.reject(self.sheet.value(row.row, column.index))
        cells = self.sheet.rows[row.row]
        for index, value in enumerate(cells):
            if (index >= self.header.width or index in self.header.unread) and not is_blank(value):
                self.submission.reject(value)
        place = Place(
            self.sheet.name,
            f"{address(row.row, 0)}:{address(row.row, max(len(cells), 1) - 1)}",
            row.unit.unit_code if row.unit else None,
        )
        self.submission.say(kind, place, row.label, None, **words)

    def _load_cells(self, table: str, columns: Sequence[Column], rows: Sequence[int]) -> CellsRead:
        read = read_cells(self.sheet, columns, rows)
        self.submission.blocks[table].append(read.block)
        self.submission.counts.add_counts(read.counts)
        return read

    def _say_row(self, row: CommunityRow, read: CellsRead) -> None:
        unit_code = row.unit.unit_code if row.unit else self.submission.unit_code
        self._say_cells(row.row, unit_code, self.header.columns, read)
        self._say_identity(row)

    def _say_cells(self, row: int, unit_code: str, columns: Sequence[Column], read: CellsRead) -> None:
        if row not in read.said and not self.has_surroundings:
            return
        said = {column.index: (value, reading) for column, value, reading in read.said.get(row, ())}
        for column in columns:
            place = place_of(self.sheet, row, column.index, unit_code, column.item.item_code)
            if column.index in said:
                self.submission.say_reading(*said[column.index], place)
            self._say_surroundings(row, column.index, place)

    def _say_surroundings(self, row: int, index: int, place: Place) -> None:
        if (row, index) in self.commented and is_blank(self.sheet.value(row, index)):
            self.submission.say("value_in_comment", place)
        if (row, index) in self.struck:
            self.submission.say("struck_through", place, self.sheet.text(row, index))
        if (row, index) in self.sheet.external_formulas:
            self.submission.say("external_formula", place, self.sheet.external_formulas[(row, index)])

    def _say_identity(self, row: CommunityRow) -> None:
        if row.kind is None or row.unit is None:
            return
        by_name = row.kind == "name_differs"
        index = self.header.keys["name" if by_name else "code"]
        text = row.name_text if by_name or row.kind == "code_missing" else row.code_text
        value = row.unit.unit_name if by_name else row.unit.unit_code
        self.submission.say(row.kind, place_of(self.sheet, row.row, index, row.unit.unit_code), text, value)

    def _load_total(self, row: int) -> None:
        # Only cells that are filled count: nobody is asked for totals.
        cells = dict(enumerate(self.sheet.rows[row]))
        columns = [column for column in self.header.columns if column.item.additive]
        filled = [column for column in columns if not is_blank(cells.get(column.index))]
        read = self._load_cells("monthly_report_totals", filled, [row])
        self._say_cells(row, self.submission.unit_code, filled, read)

    def _say_missing(self) -> None:
        for unit in self.unsent:
            self.submission.say("community_missing", Place(self.sheet.name, None, unit.unit_code), unit.unit_name)

    def _say_columns(self, rows: list[int]) -> None:
        for code, columns in self.header.duplicates.items():
            for column in columns:
                self._reject_column(column.index, rows, "column_duplicate", column.text, code)
        nameless = dict.fromkeys(headerless_columns(self.sheet, self.header, rows), "（没有表头）")
        for index, text in sorted((self.header.unknown | nameless).items()):
            self._reject_column(index, rows, "column_unknown", text, None)
        for column in self.header.columns:
            if column.factor is not ONE and rows:
                place = Place(self.sheet.name, self._range(column.index, rows), None, column.item.item_code)
                self.submission.say("column_unit_differs", place, column.unit, unit=column.item.unit)
        if self.header.other_money_unit is not None:
            cell, text, unit = self.header.other_money_unit
            self.submission.say("unit_row_differs", Place(self.sheet.name, cell), text, unit=unit)

    def _say_merged(self, found: dict[int, CommunityRow]) -> None:
        """A cell merged over several data cells leaves all but the first without the value that a person sees."""
        for top, left, bottom, right in self.sheet.merged:
            column, row = self.columns.get(left), found.get(top)
            if column is not None and row is not None and (top, left) != (bottom, right):
                cells = f"{address(top, left)}:{address(bottom, right)}"
                code = row.unit.unit_code if row.unit else None
                place = Place(self.sheet.name, cells, code, column.item.item_code)
                self.submission.say("merged_cells", place, cells)

    def _range(self, index: int, rows: list[int]) -> str:
        return f"{address(min(rows), index)}:{address(max(rows), index)}"

    def _reject_column(self, index: int, rows: list[int], kind: str, text: str, item_code: str | None) -> None:
        filled = [row for row in rows if not is_blank(self.sheet.value(row, index))]
        for row in filled:
            self.submission.reject(self.sheet.value(row, index))
        if filled:
            self.submission.say(kind, Place(self.sheet.name, self._range(index, filled), None, item_code), text)

    def _say_rows(self, rows: Rows, total_row: int | None) -> None:
        name, say = self.sheet.name, self.submission.say
        if self.sheet.hidden_rows:
            say("hidden_rows", Place(name), count=self.sheet.hidden_rows)
        hidden = [index for index in self.sheet.hidden_columns if index in self.columns]
        if hidden:
            cells = "、".join(address(self.header.leaf_row, index) for index in hidden)
            say("hidden_columns", Place(name, cells), "、".join(map(column_letter, hidden)))
        others = [row for _, row in rows.totals if row != total_row]
        if others:
            say("subtotal_rows", Place(name, "、".join(f"A{row + 1}" for row in others)), count=len(others))
        if self.header.numbered:
            say("column_number_row", Place(name, f"A{self.header.last_row + 1}"))
        if rows.outside:
            say("outside_table", Place(name, f"A{rows.outside[0] + 1}:A{rows.outside[-1] + 1}"))


def rows_per_subdistrict(found: list[CommunityRow]) -> Counter[str]:
    """How many rows name a community of each sub-district."""
    return Counter(row.unit.parent_code for row in found if row.unit and row.unit.parent_code)


def header_block(sheet: Sheet, header: Header) -> Block:
    """The rows of raw's ``headers`` for the community table."""
    columns = header.columns
    return Block(
        len(columns),
        {
            "item_code": [column.item.item_code for column in columns],
            "column_letter": [column.letter for column in columns],
            "header_text": [column.text for column in columns],
        },
        {"raw_table": "monthly_report_communities", "sheet": sheet.name},
    )
