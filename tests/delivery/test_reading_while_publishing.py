from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

from delivery.publish import publish
from tests.delivery.warehouses import build_warehouse, new_root

# Each release has as many numbers as its largest number + 1: a mix of two would not.
READER = """
    import sys
    from pathlib import Path
    from delivery.published import connect
    from ingest.data_root import DataRoot

    root, stop = DataRoot(Path(sys.argv[1])), Path(sys.argv[2])
    opened, seen = 0, set()
    while not stop.exists():
        with connect(root) as connection:
            count, largest = connection.execute("select count(*), max(i) from marts.numbers").fetchone()
            again = connection.execute("select count(*) from marts.numbers").fetchone()[0]
        assert count == largest + 1 == again, (count, largest, again)
        opened += 1
        seen.add(count)
    print(opened, len(seen))
"""


def test_a_reader_in_a_loop_sees_no_error_and_no_mixed_state_during_thirty_publishes(tmp_path: Path) -> None:
    root = new_root(tmp_path / "data")
    build_warehouse(root, rows=100)
    publish(root, datetime.now(UTC))
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", textwrap.dedent(READER), str(root.path), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        for rows in range(101, 131):
            build_warehouse(root, rows=rows)
            assert publish(root, datetime.now(UTC)).changed
        stop.touch()
        out, errors = reader.communicate(timeout=30)
    assert reader.returncode == 0, errors
    opened, releases = (int(number) for number in out.split())
    assert opened > 30
    assert releases > 1
