"""A month of workbooks of many sub-districts: one real workbook, its names, codes and counts exchanged in its XML."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.reading.as_excel import as_excel
from examples.synthetic.history import history
from examples.synthetic.model import MONTHS, Subdistrict, subdistricts
from examples.synthetic.report import Report, report
from examples.synthetic.workbook import write_workbook

COMMUNITIES = 20
COUNTY = "990000000000"
FIRST, SECOND = "安宁和平康泰永兴长春吉祥福禄寿喜", "东南西北中上下前后左右内外新旧大小高低远近"
NUMERALS = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"
COUNT = re.compile(rb'(<c r="[D-Z]\d+" s="\d+" t="n"><v>)(\d+)(</v>)')


def write_month(folder: Path, count: int, excel: bool = False) -> Path:
    """Write ``count`` workbooks below ``folder``, ``excel`` as Excel does; returns the register of their units."""
    folder.mkdir(parents=True, exist_ok=True)
    pattern = write_workbook(_pattern(), folder / "pattern.xlsx").read_bytes()
    (folder / "pattern.xlsx").unlink()
    with zipfile.ZipFile(io.BytesIO(pattern)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(1, count + 1):
        sent = _exchanged(parts, number)
        sent = as_excel(sent, random.Random(number)) if excel else sent
        (folder / f"{_name(number)}2024年3月.xlsx").write_bytes(_packed(sent))
    return _write_units(folder.parent / "units.csv", count)


def _name(number: int) -> str:
    """安东街道, 安南街道, …: as many as are needed, none within another."""
    first, second = divmod(number, len(SECOND))
    return FIRST[first % len(FIRST)] + SECOND[second] + NUMERALS[first // len(FIRST) % len(NUMERALS)] + "街道"


def _code(number: int, community: int = 0) -> str:
    return f"99{number:05d}00{community:03d}"


def _community(number: int, community: int) -> str:
    return f"{_name(number)[:3]}{NUMERALS[community - 1]}社区"


def _pattern() -> Report:
    """A sub-district of twice ten communities, as number 0."""
    sent = history(subdistricts()[0])
    one = report(sent, MONTHS[-1])
    doubled = [*one.subdistrict.communities, *one.subdistrict.communities]
    communities = tuple(
        replace(community, code=_code(0, position), name=_community(0, position))
        for position, community in enumerate(doubled, start=1)
    )
    rows = dict(zip([community.code for community in communities], [*one.communities.values()] * 2, strict=True))
    subdistrict = Subdistrict(_code(0), _name(0), communities, one.subdistrict.targets)
    return Report(subdistrict, one.month, rows, one.summary)


def _exchanged(parts: dict[str, bytes], number: int) -> dict[str, bytes]:
    draw = random.Random(number)
    exchanges = [(f"{_code(0)[:9]}", _code(number)[:9]), (_name(0)[:3], _name(number)[:3])]
    changed = {name: content for name, content in parts.items() if name.startswith("xl/worksheets/")}
    for name, content in changed.items():
        for old, new in exchanges:
            content = content.replace(old.encode(), new.encode())
        changed[name] = COUNT.sub(lambda cell: cell[1] + b"%d" % (int(cell[2]) + draw.randrange(3)) + cell[3], content)
    return parts | changed


def _packed(parts: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return memory.getvalue()


def _write_units(path: Path, count: int) -> Path:
    header = (
        "unit_code,unit_name,level,parent_code,community_type,star_scheme,valid_from,valid_to,successor_code,aliases"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for code, name, level, parent in _units(count):
            community_type = "城中村" if level == "community" else ""
            writer.writerow([code, name, level, parent, community_type, "", date(2020, 1, 1), "", "", ""])
    return path


def _units(count: int) -> Iterator[tuple[str, str, str, str]]:
    yield COUNTY, "示例市", "county", ""
    for number in range(1, count + 1):
        yield _code(number), _name(number), "subdistrict", COUNTY
        for position in range(1, COMMUNITIES + 1):
            yield _code(number, position), _community(number, position), "community", _code(number)
