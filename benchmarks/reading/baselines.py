"""What ingest is measured against: python-calamine alone, and the openpyxl + pandas script that people write."""

from __future__ import annotations

import io
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ingest.reference import items

ITEMS = {item.name_zh: item.column_name for item in items()}
HEADER_ROWS = 4  # the script trusts positions, as such scripts do


def bare(path: Path) -> int:
    """Read every sheet and give the number of rows."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def script(path: Path) -> int:
    """Map one workbook to typed columns with openpyxl and pandas; the number of cells that hold a number."""
    import openpyxl
    import pandas as pd

    book = openpyxl.load_workbook(path, data_only=True)
    rows = list(book["社区月报"].iter_rows(values_only=True))
    header = [str(text or group).partition("（")[0] for group, text in zip(rows[2], rows[3], strict=True)]
    frame = pd.DataFrame(rows[HEADER_ROWS:], columns=header)
    frame = frame[frame["社区代码"].astype(str).str.fullmatch(r"\d{12}")].rename(columns=ITEMS)
    texts = frame.map(lambda value: "" if value is None else str(value)).add_suffix("__text")
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    summary = pd.DataFrame(book["街道汇总"].iter_rows(min_row=3, values_only=True)).iloc[:, [1, 3]]
    summary.columns = ["指标", "数值"]
    whole = pd.concat([frame, texts], axis=1)
    whole.to_parquet(io.BytesIO())
    return int(numbers.notna().sum().sum()) + len(summary)


def in_processes(work: object, paths: list[Path], processes: int) -> int:
    """The sum of ``work`` over the files, in as many processes as ingest uses."""
    with ProcessPoolExecutor(processes) as pool:
        return sum(pool.map(work, paths, chunksize=20))  # type: ignore[arg-type]
