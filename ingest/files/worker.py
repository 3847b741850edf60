"""From a file to its grids, a refusal, or what personal data it holds, in a worker process (``ingest.files.forks``).

A file with personal data never leaves this process: only the kind and the place of what was found do.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.files import personal
from ingest.files.forks import serve
from ingest.files.grid import Workbook, is_blank, to_wire, wire_value
from ingest.files.html_reader import read_html
from ingest.files.look import MAX_CELLS, FileRefused, extension_fits, look, refuse_entities
from ingest.files.ods_reader import read_ods
from ingest.files.ooxml import Package, open_package
from ingest.files.parts import DAMAGED
from ingest.files.text_reader import read_text
from ingest.files.workbook_reader import read_workbook
from ingest.files.xml_reader import read_xml


def answer_for(path: Path, name: str, take: Callable[[Workbook], dict[str, Any]]) -> dict[str, Any]:
    """The answer for one file: its hash, and a refusal, the personal data found, or what ``take`` makes of it."""
    content = path.read_bytes()
    answer: dict[str, Any] = {"sha256": hashlib.sha256(content).hexdigest()}
    try:
        workbook, findings = read_content(content, name)
        if findings:
            return answer | {"personal": [[finding.kind, finding.place] for finding in findings]}
        return answer | take(workbook)
    except FileRefused as refusal:
        return answer | {"refused": refusal.kind, "details": refusal.details}


def read_content(content: bytes, name: str) -> tuple[Workbook, list[personal.Finding]]:
    """The grids and the personal data of a file. Raises FileRefused."""
    kind = look(content, name)
    package = _package(content) if kind in ("xlsx", "ods") else None
    workbook = _read(kind, content, package)
    if sum(len(row) for sheet in workbook.sheets for row in sheet.rows) > MAX_CELLS:
        raise FileRefused("file_too_large", limit=f"{MAX_CELLS // 10_000} 万个单元格")
    if package is not None and package.repeats_cells:
        workbook.notices.append("cells_repeated")
    if package is not None and any(part.endswith("vbaProject.bin") for part in package.parts):
        workbook.notices.append("macros_ignored")
    if not extension_fits(kind, name):
        workbook.notices.append("extension_differs")
    findings = [*personal.find_in_workbook(workbook), *_find_outside_cells(kind, content, package)]
    if not findings and all(is_blank(value) for sheet in workbook.sheets for row in sheet.rows for value in row):
        raise FileRefused("no_cells")
    return workbook, list(dict.fromkeys(findings))


def _read(kind: str, content: bytes, package: Package | None) -> Workbook:
    if kind == "text":
        return read_text(content)
    if kind == "html":
        return read_html(content)
    if kind == "xml":
        return read_xml(content)
    if kind == "ods" and package is not None:
        return read_ods(package.parts.get("content.xml", b""))
    if kind == "fods":
        refuse_entities(content)
        return read_ods(content)
    return read_workbook(content, kind, package)


def _package(content: bytes) -> Package:
    try:
        return open_package(content)
    except DAMAGED as error:
        raise FileRefused("file_damaged") from error


def _find_outside_cells(kind: str, content: bytes, package: Package | None) -> list[personal.Finding]:
    if package is not None:
        return list(personal.find_in_parts(package.parts, package.all_shared_texts))
    if kind == "xls":
        return list(personal.find_in_bytes(content))
    return list(personal.find_in_bytes(content, "表格以外的文字")) if kind in ("html", "xml", "fods") else []


def _grids(path: Path, name: str) -> bytes:
    answer = answer_for(path, name, lambda workbook: {"workbook": to_wire(workbook)})
    return json.dumps(answer, default=wire_value).encode()


def main() -> None:
    """``python -m ingest.files.worker WALL_SECONDS SOCKET…``: answer with grids until the sockets are closed."""
    serve(_grids, float(sys.argv[1]), [int(number) for number in sys.argv[2:]])


if __name__ == "__main__":
    main()
