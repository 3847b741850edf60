"""What python-calamine does not tell of an xlsx: error cells, lost results, hidden rows, comments, percent formats.

Parts are searched with patterns, not parsed: entities are never expanded, and a broken part only tells less.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote

from ingest.files.grid import MISSING_RESULT, CellError, Sheet, address, parse_address
from ingest.files.look import MAX_CELLS, MAX_COLUMNS, FileRefused, refuse_entities
from ingest.files.ooxml_plain import plain_part, with_addresses
from ingest.files.parts import SMALL, directory, unpacked
from ingest.files.percent import PERCENT_FORMATS, decimals_of, show_percent
from ingest.files.plain_cells import Styles
from ingest.files.plain_sheet import PlainSheet, read_plain
from ingest.files.plain_values import ODD, Read, reader_of_shared, shared_texts
from ingest.files.plain_workbook import SHARED_STRINGS
from ingest.files.sound import refuse_broken
from ingest.kept import Kept
from ingest.opinions import MARK

CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
RESULT = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", re.DOTALL)
STRIKE = re.compile(rb'<(?:\w+:)?strike\b(?![^>]*val="(?:0|false)")')
SHARED = re.compile(rb"<(?:\w+:)?si\b")
SUM = re.compile(rb"SUM\(\$?[A-Z]{1,3}\$?([0-9]{1,7}):\$?[A-Z]{1,3}\$?([0-9]{1,7})\)")
RESULT_BEHIND = b"</f><v>"
EXTERNAL = re.compile(rb"\[(\d+)\]")
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
COMMENT = re.compile(
    rb"<(?:\w+:)?(?:c|threadedC)omment\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?(?:c|threadedC)omment>)", re.DOTALL
)
REF = re.compile(rb' r="([A-Z]{0,3}[0-9]{1,10})"')
LETTERS, DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})" ?/>')
NUMBER_FORMATS = {0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 37, 38, 39, 40, 48, 49}  # built in, and no date or time
NUMBER_FORMAT = re.compile(r'(?:General|@|[#0?.,%_() *+;¥￥$"\\-]+)')
SHEET_END = b"sheetData>"
FAR_REF = re.compile(rb' r="[A-Z]{0,3}[0-9]{4}')  # rows of three digits do not make a grid that is too large


@dataclass(frozen=True)
class Formats:
    """Which styles of cells, by the number that cells give, show percentages (with their decimals), strike through, or
    are not known to be a number's: dates and times."""

    percents: dict[str, int]
    struck: frozenset[str]
    unknown: frozenset[str]


@dataclass
class Package:
    """The parts of an xlsx that belong to its sheets."""

    parts: dict[str, bytes]
    sheet_parts: dict[str, str] = field(default_factory=dict)
    repeats_cells: bool = False  # two cells or rows with the same address: the reader takes the last

    @cached_property
    def formats(self) -> Formats:
        return _formats(self.parts.get("xl/styles.xml", b""))

    @cached_property
    def styles(self) -> Styles:
        looked_at = {*self.formats.percents, *self.formats.struck}
        return Styles(*(frozenset(map(str.encode, names)) for names in (self.formats.unknown, looked_at)))

    @cached_property
    def shared_strings(self) -> int:
        """How many there are."""
        return len(SHARED.findall(self.parts.get(SHARED_STRINGS, b"")))

    @cached_property
    def shared_texts(self) -> list[Any] | None:
        """By number, as :func:`ingest.files.plain_values.shared_texts` gives them."""
        return shared_texts(self.parts.get(SHARED_STRINGS, b""))

    @cached_property
    def read_shared(self) -> Read:
        return reader_of_shared(self.shared_texts)

    @property
    def has_plain_texts(self) -> bool:
        """Whether there are no shared texts, or they can be read here."""
        return SHARED_STRINGS not in self.parts or self.shared_texts is not None

    @property
    def all_shared_texts(self) -> list[str | None] | None:
        """The shared texts, shown by cells or not; None where some are not plain."""
        return None if self.shared_texts is None or ODD in self.shared_texts else self.shared_texts


def open_package(content: bytes) -> Package:
    """All XML parts of the xlsx. Raises zipfile.BadZipFile and the like where it is damaged."""
    wanted = [entry for entry in directory(content) if entry.filename.endswith((".xml", ".rels", ".vml", ".bin"))]
    package = Package({entry.filename: _part(unpacked(content, entry), entry.filename) for entry in wanted})
    package.sheet_parts = _sheet_parts(package.parts)
    return package


def _part(content: bytes, name: str) -> bytes:
    """A part ready to be searched. Raises FileRefused where it defines entities."""
    if len(content) <= SMALL:
        return _small_part(content, name.endswith(".bin"))
    return _looked_at(content, name.endswith(".bin"))


def _looked_at(content: bytes, binary: bool) -> bytes:
    part = content if binary else plain_part(content)
    refuse_entities(part)
    return part


_small_part = lru_cache(maxsize=200)(_looked_at)  # theme, styles and relations are the same in a template's workbooks


def _refuse_far_cells(sheet: str, xml: bytes) -> None:
    """Raises FileRefused where a stray cell would make the grid too large to hold: one in the last row costs 1.8 GB."""
    if not FAR_REF.search(xml):
        return
    refs = REF.findall(xml)
    row = max(int(ref.lstrip(LETTERS)) for ref in refs)
    letters = max((ref.rstrip(DIGITS) for ref in refs), key=lambda found: (len(found), found))
    column = parse_address(f"{letters.decode() or 'A'}1")[1]
    if row * (column + 1) > MAX_CELLS:
        cell, count = address(row - 1, column), row * (column + 1) // 10_000
        raise FileRefused("far_cell", sheet=sheet, cell=cell, count=str(count))


def attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): html.unescape(value.decode("utf-8", "replace")) for name, value in ATTRIBUTE.findall(tag)}


def _relations(parts: dict[str, bytes], owner: str) -> dict[str, str]:
    folder, _, name = owner.rpartition("/")
    return _related(folder, parts.get(f"{folder}/_rels/{name}.rels", b""))


@lru_cache(maxsize=200)
def _related(folder: str, relations: bytes) -> dict[str, str]:
    """The parts that a part refers to, by the names that it calls them."""
    found = [attributes(tag) for tag in RELATION.findall(relations)]
    return {tag["Id"]: _resolve(folder, tag["Target"]) for tag in found if "Id" in tag and "Target" in tag}


def _resolve(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/")
    for step in target.split("/"):
        parts = parts[:-1] if step == ".." else [*parts, step]
    return "/".join(parts)


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    relations = _relations(parts, "xl/workbook.xml")
    return {name: relations.get(relation, "") for name, relation in _sheets(parts.get("xl/workbook.xml", b"")).items()}


@lru_cache(maxsize=50)
def _sheets(workbook: bytes) -> dict[str, str]:
    """The relation of each sheet, by its name."""
    tags = [attributes(tag) for tag in SHEET_TAG.findall(workbook)]
    return {tag["name"]: tag.get("r:id", "") for tag in tags if "name" in tag}


def read_sheet(package: Package, name: str) -> tuple[Sheet, PlainSheet] | None:
    """A sheet whose XML is as programs write it; None where python-calamine has to read it."""
    xml = package.parts.get(package.sheet_parts.get(name, ""), b"")
    plain = read_plain(xml, package.read_shared, package.styles) if xml else None
    merged = _merged(plain.around) if plain is not None else None
    if plain is None or merged is None:
        return None
    sheet = Sheet(name, plain.rows, merged=list(merged))
    sheet.texts, sheet.filled, sheet.long_numbers = plain.texts, plain.filled, plain.long_numbers
    return sheet, plain


@lru_cache(maxsize=100)
def _merged(around: bytes) -> tuple[tuple[int, int, int, int], ...] | None:
    """The merged areas, by what is written around the rows; None where that is python-calamine's to read."""
    merged = MERGED.findall(around)
    if len(merged) != around.count(b"<mergeCell "):
        return None
    return tuple((*parse_address(first.decode()), *parse_address(last.decode())) for first, last in merged)


def prepare(package: Package, name: str) -> None:
    """Make a sheet's XML searchable before another reader opens it. Raises FileRefused where a cell is too far away."""
    part = package.sheet_parts.get(name, "")
    if part in package.parts:
        package.parts[part] = with_addresses(package.parts[part])
        _refuse_far_cells(name, package.parts[part])


def annotate(sheet: Sheet, package: Package, plain: PlainSheet | None) -> None:
    """Put into ``sheet`` what only the XML says; numbers shown as percentages become their text."""
    part = package.sheet_parts.get(sheet.name, "")
    xml = package.parts.get(part, b"")
    if plain is not None:
        sheet.hidden_rows, sheet.hidden_columns = plain.hidden_rows, _hidden_columns(plain.around)
    elif b"hidden=" in xml:
        sheet.hidden_rows, sheet.hidden_columns = len(HIDDEN_ROW.findall(xml)), _hidden_columns(xml)
    sheet.filtered = b"autoFilter" in xml[max(xml.rfind(SHEET_END), 0) :]
    sheet.comments = _comments(package, part)
    formats = package.formats
    if plain is not None:
        cells = [(b' r="' + text, body) for text, body in plain.looked_at]
    else:
        cells = _cells_to_look_at(sheet, package, xml, formats)
    for text, body in cells:
        tag, place = _tags[text]
        if place is not None:
            _annotate_cell(sheet, package, tag, place, body)
            if tag.get("s") in formats.struck and body:
                sheet.struck.append(place)


def _tag_and_place(text: bytes) -> tuple[dict[str, str], tuple[int, int] | None]:
    tag = attributes(text)
    ref = tag.get("r", "")
    return tag, parse_address(ref) if re.fullmatch(r"[A-Z]{1,3}[0-9]{1,7}", ref) else None


#: Kept, because a template has its formulas, percentages and other odd cells in the same places.
_tags = Kept(_tag_and_place)


def _cells_to_look_at(sheet: Sheet, package: Package, xml: bytes, formats: Formats) -> list[tuple[bytes, bytes]]:
    """All cells, where one of them may hold more than the reader gave. Raises FileRefused where the part is no XML."""
    if xml:  # a part that is not found under its name is not looked at
        refuse_broken(xml)
    complete = _is_complete(sheet, xml)
    if not complete:
        refs = REF.findall(xml)
        package.repeats_cells |= len(set(refs)) < len(refs)
    marked = b"<f" in xml or b't="e"' in xml or b":f" in xml
    look = formats.percents or formats.struck or not complete or marked
    return [(match[1], match[3] or b"") for match in CELL.finditer(xml)] if look else []


def _hidden_columns(xml: bytes) -> list[int]:
    found = [attributes(tag) for tag in COLUMN.findall(xml)] if b"hidden=" in xml else []
    spans = [
        (tag["min"], tag["max"]) for tag in found if tag.get("hidden") in ("1", "true") and {"min", "max"} <= {*tag}
    ]
    return [index for low, high in spans if (low + high).isdigit() for index in _columns(int(low), int(high))]


def _columns(low: int, high: int) -> range:
    return range(max(low, 1) - 1, min(high, MAX_COLUMNS))


def _is_complete(sheet: Sheet, xml: bytes) -> bool:
    """Whether the reader gave a value for each that the XML holds: where not, each cell is looked at."""
    values = sum([len(row) - row.count(None) for row in sheet.rows])
    return values == max(xml.count(b"<v"), xml.count(b"</v>")) + xml.count(b"<is")


def _annotate_cell(sheet: Sheet, package: Package, tag: dict[str, str], place: tuple[int, int], body: bytes) -> None:
    row, column = place
    formula, behind, _ = body.partition(RESULT_BEHIND)
    if (
        behind
        and formula.startswith(b"<f>")
        and _is_shown(sheet, place)
        and tag.get("s") not in package.formats.percents
    ):
        _say_what_formula_reads(sheet, package, place, formula[3:])
        return
    written, result = FORMULA.search(body), RESULT.search(body)
    if tag.get("t") == "e" and result:
        sheet.put(row, column, CellError(result[1].decode("utf-8", "replace")))
    elif written and not (result and result[1]) and not (result and tag.get("t") == "str"):
        sheet.put(row, column, CellError(MISSING_RESULT))
    elif result and result[1].strip() and _is_lost(sheet, place, tag.get("t"), result[1], package):
        sheet.put(row, column, CellError(result[1].decode("utf-8", "replace")))
    elif tag.get("s") in package.formats.percents:
        show_percent(sheet, row, column, package.formats.percents[tag["s"]])
    if written:
        _say_what_formula_reads(sheet, package, place, written[1] or b"")


def _say_what_formula_reads(sheet: Sheet, package: Package, place: tuple[int, int], formula: bytes) -> None:
    total, external = _read_by[formula]
    if total is not None:
        sheet.sums[place] = total
    if external is not None:
        sheet.external_formulas[place] = _external_name(package, external)


def _reads(formula: bytes) -> tuple[tuple[int, int] | None, int | None]:
    """The first and last row of a sum over a column, and the number of another workbook."""
    total, external = SUM.fullmatch(formula), EXTERNAL.search(formula)
    return total and (int(total[1]) - 1, int(total[2]) - 1), external and int(external[1])


_read_by = Kept(_reads)  # a template has its formulas in common


def _is_shown(sheet: Sheet, place: tuple[int, int]) -> bool:
    """Whether the reader gave a value for the cell."""
    row, column = place
    return row < len(sheet.rows) and sheet.value(row, column) is not None


def _is_lost(sheet: Sheet, place: tuple[int, int], kind: str | None, result: bytes, package: Package) -> bool:
    """Whether a cell that holds something was left blank; an empty shared string is blank indeed."""
    if _is_shown(sheet, place):
        return False
    return kind != "s" or not result.isdigit() or int(result) >= package.shared_strings


def _cell_formats(styles: bytes) -> list[dict[str, str]]:
    """What each style of a cell refers to, by the number that cells give."""
    found = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    return [attributes(tag) for tag in re.findall(rb"<(?:\w+:)?xf\b[^>]*>", found[0] if found else b"")]


@lru_cache(maxsize=50)
def _formats(styles: bytes) -> Formats:
    """What the styles of a workbook make of numbers and texts."""
    cells = _cell_formats(styles)
    codes = dict(_number_formats(styles))
    percents = PERCENT_FORMATS | {number: decimals_of(code) for number, code in codes.items() if "%" in code}
    plain = {number for number in NUMBER_FORMATS if number not in codes}
    plain |= {number for number, code in codes.items() if NUMBER_FORMAT.fullmatch(code)}
    numbers = [int(found["numFmtId"]) if found.get("numFmtId", "").isdigit() else 0 for found in cells]
    return Formats(
        {str(style): percents[number] for style, number in enumerate(numbers) if number in percents},
        _struck_styles(styles, cells),
        frozenset(str(style) for style, number in enumerate(numbers) if number not in plain),
    )


def _number_formats(styles: bytes) -> Iterator[tuple[int, str]]:
    """The formats that the workbook adds: number and code."""
    for tag in re.findall(rb"<(?:\w+:)?numFmt\b[^>]*>", styles):
        found = attributes(tag)
        if found.get("numFmtId", "").isdigit():
            yield int(found["numFmtId"]), found.get("formatCode", "")


def _struck_styles(styles: bytes, cells: list[dict[str, str]]) -> frozenset[str]:
    """The styles whose font is struck through."""
    if b"strike" not in styles:
        return frozenset()
    block = re.search(rb"<(?:\w+:)?fonts\b.*?</(?:\w+:)?fonts>", styles, re.DOTALL)
    fonts = re.findall(rb"<(?:\w+:)?font\b[^>]*?(?:/>|>.*?</(?:\w+:)?font>)", block[0] if block else b"", re.DOTALL)
    struck = {str(number) for number, font in enumerate(fonts) if STRIKE.search(font)}
    return frozenset(str(number) for number, xf in enumerate(cells) if xf.get("fontId") in struck)


def _comments(package: Package, part: str) -> list[tuple[int, int]]:
    """The cells with a note of the sender; those that a receipt carries are ours and hold no value."""
    found = set()
    for target in _relations(package.parts, part).values():
        if "omments" in target:
            for match in COMMENT.finditer(package.parts.get(target, b"")):
                if not _is_opinion(match[2] or b""):
                    found.add(attributes(match[1]).get("ref", ""))
    return sorted(parse_address(ref) for ref in found if re.fullmatch(r"[A-Z]{1,3}\d+", ref))


def _is_opinion(body: bytes) -> bool:
    text = html.unescape(re.sub(rb"<[^>]*>", b"", body).decode("utf-8", "replace"))
    return text.strip().startswith(MARK)


def _external_name(package: Package, number: int) -> str:
    relations = package.parts.get(f"xl/externalLinks/_rels/externalLink{number}.xml.rels", b"")
    targets = [attributes(tag).get("Target", "") for tag in RELATION.findall(relations)]
    return unquote(targets[0]).replace("\\", "/").rpartition("/")[2] if targets else "外部工作簿"
