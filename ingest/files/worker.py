"""The worker process: reads one file after the other, told by lines of JSON on stdin, answering on stdout.

It runs with limits on memory, CPU time and files; what it cannot survive kills it, and ``ingest.files.pool`` turns its
death into that file's refusal. A file with personal data never leaves this process: only the kind and the place of what
was found do.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from ingest.files import personal
from ingest.files.grid import Workbook, is_blank, to_wire, wire_value
from ingest.files.html_reader import read_html
from ingest.files.look import MAX_CELLS, FileRefused, extension_fits, look, refuse_entities
from ingest.files.ods_reader import read_ods
from ingest.files.ooxml import Package, open_package
from ingest.files.text_reader import read_text
from ingest.files.workbook_reader import read_workbook
from ingest.files.xml_reader import read_xml

READY = "ready"
MEMORY = 2 * 1024**3
CPU_SECONDS = 30  # for one file; 50,000 rows take 3


def read_file(path: Path, name: str) -> dict[str, Any]:
    """The answer for one file: its hash, and either the grids, a refusal or the personal data found."""
    content = path.read_bytes()
    answer: dict[str, Any] = {"sha256": hashlib.sha256(content).hexdigest()}
    try:
        workbook, findings = read_content(content, name)
    except FileRefused as refusal:
        return answer | {"refused": refusal.kind, "details": refusal.details}
    if findings:
        return answer | {"personal": [[finding.kind, finding.place] for finding in findings]}
    return answer | {"workbook": to_wire(workbook)}


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
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused("file_damaged") from error


def _find_outside_cells(kind: str, content: bytes, package: Package | None) -> list[personal.Finding]:
    if package is not None:
        return list(personal.find_in_parts(package.parts))
    if kind == "xls":
        return list(personal.find_in_bytes(content))
    return list(personal.find_in_bytes(content, "表格以外的文字")) if kind in ("html", "xml", "fods") else []


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _allow_cpu_for_one_more_file() -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS, resource.RLIM_INFINITY))


def main() -> None:
    """Answer until stdin closes."""
    _limit()
    print(READY, flush=True)
    for line in sys.stdin:
        _allow_cpu_for_one_more_file()
        asked = json.loads(line)
        answer = read_file(Path(asked["path"]), asked["name"])
        sys.stdout.write(json.dumps(answer, default=wire_value) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
