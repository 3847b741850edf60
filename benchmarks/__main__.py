"""``make bench``: prints the benchmarks' ratios."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.editing.__main__ import main as editing
from benchmarks.refresh import measure
from ingest.data_root import DataRoot

with TemporaryDirectory(prefix="wuxing-bench-") as folder:
    times = measure(DataRoot(Path(folder) / "data"))
print(f"首次刷新（全部月份）        {times.full:6.1f} 秒   1.00")
print(f"再次刷新（没有新报表）      {times.nothing_new:6.1f} 秒   {times.nothing_new / times.full:.2f}")
print(f"更正一个月后刷新            {times.correction:6.1f} 秒   {times.correction / times.full:.2f}")
editing()
