"""A workbook as plain grids: what every reader gives and every form is recognised from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, cast


@dataclass(frozen=True)
class CellError:
    """A cell that holds ``#REF!`` and the like, or a formula without its result."""

    text: str


Value = str | float | bool | date | CellError | None

#: The smallest number of eleven digits: a phone has no fewer.
LONG_NUMBER = 1e10

#: What stands for a cell whose formula has no result saved, or an empty one.
MISSING_RESULT = "公式没有结果"


@dataclass
class Sheet:
    """Rows of values; row and column numbers in the attributes count from 0, rows may differ in length."""

    name: str
    rows: list[list[Value]]
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, first column, last row, last column
    hidden_rows: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    external_formulas: dict[tuple[int, int], str] = field(default_factory=dict)  # cell → the workbook it points to
    sums: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # cell → first and last row of its SUM
    struck: list[tuple[int, int]] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    damaged_rows: list[int] = field(default_factory=list)  # bytes that are no text in the file's encoding
    delimited: bool = False  # read from text or HTML, where a row of another length has lost or gained a field

    def value(self, row: int, column: int) -> Value:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def put(self, row: int, column: int, value: Value) -> None:
        """Set a cell; the grid grows to hold it."""
        self._forget()
        self.rows.extend([] for _ in range(row + 1 - len(self.rows)))
        cells = self.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value

    def trim(self) -> None:
        """Take off the blank rows at the end."""
        rows = trim(self.rows)
        if len(rows) < len(self.rows):
            self._forget()
            self.rows = rows

    def _forget(self) -> None:
        for known in ("texts", "filled", "long_numbers"):
            self.__dict__.pop(known, None)

    def text(self, row: int, column: int) -> str:
        return text_of(self.value(row, column))

    @cached_property
    def texts(self) -> list[list[tuple[int, str]]]:
        """The texts of each row, with their columns: few among many numbers, and all that names anything."""
        found = [[(column, value) for column, value in enumerate(row) if value.__class__ is str] for row in self.rows]
        return cast("list[list[tuple[int, str]]]", found)

    @cached_property
    def filled(self) -> list[int]:
        """How many cells of each row are not blank."""
        filled = [len(row) - row.count(None) for row in self.rows]
        for row in [row for row, texts in enumerate(self.texts) for _, text in texts if not text or text.isspace()]:
            filled[row] -= 1
        return filled

    @cached_property
    def long_numbers(self) -> list[int]:
        """The rows with a number of eleven digits and more: few, and nothing shorter is anybody's."""
        rows: list[list[Any]] = self.rows  # by class: asking isinstance of each value takes twice as long
        found = [
            row
            for row, cells in enumerate(rows)
            for value in cells
            if value.__class__ is float and value >= LONG_NUMBER
        ]
        return list(dict.fromkeys(found))


@dataclass
class Workbook:
    """All sheets of a file, and what the reader noticed about the file as a whole (kinds of ``ingest.problems``)."""

    sheets: list[Sheet]
    notices: list[str] = field(default_factory=list)
    encoding: str | None = None


def text_of(value: Value) -> str:
    """The value as a person reads it: ``873.0`` is 873, a date is ISO, a blank is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.text if isinstance(value, CellError) else value.isoformat()


def is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


@lru_cache(maxsize=20_000)
def column_letter(column: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """(0, 0) → A1."""
    return f"{column_letter(column)}{row + 1}"


def parse_address(text: str) -> tuple[int, int]:
    """A1 → (0, 0). Raises ValueError where it is no address."""
    letters = text.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(text[len(letters) :]) - 1, column - 1


def trim(rows: list[list[Value]]) -> list[list[Value]]:
    """Without the blank rows at the end: a styled sheet may carry thousands (5,000 in one sample)."""
    last = len(rows)
    while last and all(is_blank(value) for value in rows[last - 1]):
        last -= 1
    return rows[:last]


def to_wire(workbook: Workbook) -> dict[str, Any]:
    """The workbook for ``json.dumps(…, default=wire_value)``: a worker's answer is data, so it is never unpickled."""
    return {
        "notices": workbook.notices,
        "encoding": workbook.encoding,
        "sheets": [_sheet_to_wire(sheet) for sheet in workbook.sheets],
    }


def _sheet_to_wire(sheet: Sheet) -> dict[str, Any]:
    formulas = [[row, column, text] for (row, column), text in sheet.external_formulas.items()]
    sums = [[*cell, *rows] for cell, rows in sheet.sums.items()]
    plain = {field.name: getattr(sheet, field.name) for field in fields(sheet)}
    return {**plain, "external_formulas": formulas, "sums": sums}


def wire_value(value: object) -> list[str]:
    """The few values that JSON has no word for. Raises TypeError for what no grid holds."""
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, CellError):
        return ["error", value.text]
    raise TypeError(f"{type(value)} is no value of a cell")


def from_wire(wire: dict[str, Any]) -> Workbook:
    sheets = [_sheet_from_wire(sheet) for sheet in wire["sheets"]]
    return Workbook(sheets=sheets, notices=wire["notices"], encoding=wire["encoding"])


def _sheet_from_wire(wire: dict[str, Any]) -> Sheet:
    rows = [[_value_from_wire(value) if value.__class__ is list else value for value in row] for row in wire["rows"]]
    formulas = {(row, column): text for row, column, text in wire["external_formulas"]}
    sums = {(row, column): (first, last) for row, column, first, last in wire["sums"]}
    places = {name: [tuple(part) for part in wire[name]] for name in ("merged", "comments", "struck")}
    return Sheet(**{**wire, **places, "rows": rows, "external_formulas": formulas, "sums": sums})


def _value_from_wire(wire: list[str]) -> Value:
    kind, text = wire
    return date.fromisoformat(text) if kind == "date" else CellError(text)
