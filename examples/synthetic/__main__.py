"""``python -m examples.synthetic FOLDER``: write the synthetic workbooks into a folder."""

import argparse
from pathlib import Path

from examples.synthetic import write_workbooks

parser = argparse.ArgumentParser(prog="python -m examples.synthetic", description="写出合成的示例月报（含标注的差错）")
parser.add_argument("folder", type=Path, help="写到哪个文件夹")
parser.add_argument("--without-slips", action="store_true", help="不带差错")
arguments = parser.parse_args()
written = write_workbooks(arguments.folder, slips=not arguments.without_slips)
print(f"已写出 {len(written)} 个合成月报到 {arguments.folder}")
