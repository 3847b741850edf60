"""What python-calamine does not tell of an xlsx: error cells, lost results, hidden rows, comments, percent formats.

Parts are searched with patterns, not parsed: entities are never expanded, and a broken part only tells less.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass, field
from urllib.parse import unquote

from ingest.files.grid import CellError, Sheet, parse_address
from ingest.opinions import MARK

CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
RESULT = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", re.DOTALL)
EXTERNAL = re.compile(rb"\[(\d+)\]")
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
COMMENT = re.compile(
    rb"<(?:\w+:)?(?:c|threadedC)omment\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?(?:c|threadedC)omment>)", re.DOTALL
)
PERCENT_FORMATS = {9: 0, 10: 2}  # number format ids built into Excel → decimals


@dataclass
class Package:
    """The parts of an xlsx that belong to its sheets."""

    parts: dict[str, bytes]
    sheet_parts: dict[str, str] = field(default_factory=dict)


def open_package(content: bytes) -> Package:
    """All XML parts of the xlsx. Raises zipfile.BadZipFile and the like where it is damaged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        wanted = [name for name in archive.namelist() if name.endswith((".xml", ".rels", ".vml", ".bin"))]
        package = Package({name: archive.read(name) for name in wanted})
    package.sheet_parts = _sheet_parts(package.parts)
    return package


def attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): html.unescape(value.decode("utf-8", "replace")) for name, value in ATTRIBUTE.findall(tag)}


def _relations(parts: dict[str, bytes], owner: str) -> dict[str, str]:
    folder, _, name = owner.rpartition("/")
    tags = RELATION.findall(parts.get(f"{folder}/_rels/{name}.rels", b""))
    found = [attributes(tag) for tag in tags]
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
    sheets = [attributes(tag) for tag in SHEET_TAG.findall(parts.get("xl/workbook.xml", b""))]
    return {tag["name"]: relations.get(tag.get("r:id", ""), "") for tag in sheets if "name" in tag}


def annotate(sheet: Sheet, package: Package) -> None:
    """Put into ``sheet`` what only the XML says; numbers shown as percentages become their text."""
    part = package.sheet_parts.get(sheet.name, "")
    xml = package.parts.get(part, b"")
    sheet.hidden_rows = len(HIDDEN_ROW.findall(xml))
    sheet.filtered = b"autoFilter" in xml
    sheet.comments = _comments(package, part)
    percents = _percent_styles(package.parts.get("xl/styles.xml", b""))
    if percents or b't="e"' in xml or re.search(rb"<(\w+:)?f\b", xml):
        for match in CELL.finditer(xml):
            _annotate_cell(sheet, package, match, percents)


def _annotate_cell(sheet: Sheet, package: Package, match: re.Match[bytes], percents: dict[str, int]) -> None:
    tag, body = attributes(match[1]), match[3] or b""
    formula, result = FORMULA.search(body), RESULT.search(body)
    interesting = formula or tag.get("t") == "e" or tag.get("s") in percents
    if not interesting or "r" not in tag:
        return
    row, column = parse_address(tag["r"])
    if tag.get("t") == "e" and result:
        _put(sheet, row, column, CellError(result[1].decode("utf-8", "replace")))
    elif formula and not (result and result[1]):
        _put(sheet, row, column, CellError("公式没有结果"))
    elif tag.get("s") in percents:
        _show_percent(sheet, row, column, percents[tag["s"]])
    external = EXTERNAL.search(formula[1] or b"") if formula else None
    if external:
        sheet.external_formulas[(row, column)] = _external_name(package, int(external[1]))


def _put(sheet: Sheet, row: int, column: int, value: CellError | str) -> None:
    while len(sheet.rows) <= row:
        sheet.rows.append([])
    cells = sheet.rows[row]
    cells.extend([None] * (column + 1 - len(cells)))
    cells[column] = value


def _show_percent(sheet: Sheet, row: int, column: int, decimals: int) -> None:
    value = sheet.value(row, column) if row < len(sheet.rows) else None
    if isinstance(value, float):
        _put(sheet, row, column, f"{value:.{decimals}%}")


def _percent_styles(styles: bytes) -> dict[str, int]:
    formats = dict(PERCENT_FORMATS)
    for tag in re.findall(rb"<(?:\w+:)?numFmt\b[^>]*>", styles):
        found = attributes(tag)
        code = found.get("formatCode", "").split(";")[0]
        if "%" in code and found.get("numFmtId", "").isdigit():
            formats[int(found["numFmtId"])] = len(code.partition(".")[2].rstrip("%"))
    cell_formats = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    tags = re.findall(rb"<(?:\w+:)?xf\b[^>]*>", cell_formats[0] if cell_formats else b"")
    numbers = [attributes(tag).get("numFmtId", "0") for tag in tags]
    return {str(i): formats[int(n)] for i, n in enumerate(numbers) if n.isdigit() and int(n) in formats}


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
