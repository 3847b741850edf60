from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from delivery.publish import publish
from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot
from orchestration.cli import main
from orchestration.cli.errors import FAILED
from tests.delivery.warehouses import build_warehouse, new_root


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "elsewhere"))


@pytest.fixture
def published_root(tmp_path: Path) -> DataRoot:
    root = new_root(tmp_path / "data")
    build_warehouse(root)
    publish(root, datetime.now(UTC))
    return root


def wuxing(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_help_is_chinese_throughout() -> None:
    for arguments in (["--help"], ["sql", "--help"], ["refresh", "--help"], []):
        result = wuxing(*arguments)
        assert result.exit_code == 0
        assert "用法：" in result.output
        assert "Usage" not in result.output
        assert "Options" not in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["unknown"], "没有命令"),
        (["alerts", "--nothing"], "没有选项 --nothing"),
        (["alerts", "--month", "三月"], "请写成 2024-03"),
        (["sql"], "缺少参数 SQL"),
    ],
)
def test_a_wrong_command_is_answered_in_one_sentence(arguments: list[str], said: str) -> None:
    result = wuxing(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "--help" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["alerts"], ["sql", "select 1"]])
def test_without_a_release_the_answer_is_what_to_run(tmp_path: Path, arguments: list[str]) -> None:
    result = wuxing("--data", tmp_path / "new", *arguments)
    assert result.exit_code == FAILED
    assert "wuxing refresh" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_refreshing_a_root_without_units_says_to_run_init(tmp_path: Path) -> None:
    result = wuxing("--data", tmp_path / "new", "refresh")
    assert result.exit_code == FAILED
    assert "wuxing init" in result.stderr


def test_init_makes_a_root_and_leaves_an_existing_register_alone(tmp_path: Path) -> None:
    root = DataRoot(tmp_path / "data")
    assert wuxing("--data", root.path, "init").exit_code == 0
    assert (root.dagster_home / "dagster.yaml").exists()
    root.units_file.write_text("own", encoding="utf-8")
    again = wuxing("--data", root.path, "init")
    assert "refresh" in again.output
    assert root.units_file.read_text(encoding="utf-8") == "own"


def test_sql_prints_a_table_csv_or_json(published_root: DataRoot) -> None:
    query = "select i, quarter, name from marts.numbers where i = 6"
    data = ["--data", published_root.path, "sql", query]
    assert "1 行" in wuxing(*data).output
    assert wuxing(*data, "--csv").output == "i,quarter,name\n6,1.5,n6\n"
    assert json.loads(wuxing(*data, "--json").output) == [{"i": 6, "quarter": 1.5, "name": "n6"}]


def test_a_row_with_more_columns_than_fit_is_printed_a_line_for_each(published_root: DataRoot) -> None:
    columns = ", ".join(f"i * {place} as a_rather_long_name_{place}" for place in range(10))
    shown = wuxing("--data", published_root.path, "sql", f"select {columns} from marts.numbers where i = 6").output
    lines = [line.split() for line in shown.splitlines()]
    assert all([f"a_rather_long_name_{place}", str(6 * place)] in lines for place in range(10))
    assert "1 行" in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from marts.nothing", "marts.numbers"),
        ("delete from marts.numbers", "只读"),
        ("selec 1", "检查写法"),
    ],
)
def test_a_wrong_query_is_answered_with_what_is_possible(published_root: DataRoot, query: str, said: str) -> None:
    result = wuxing("--data", published_root.path, "sql", query)
    assert result.exit_code == FAILED
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there_is_no_finding(tmp_path: Path) -> None:
    assert wuxing("--data", tmp_path, "check", tmp_path / "none.xlsx").exit_code == FAILED


def test_a_busy_root_is_told_in_one_sentence(published_root: DataRoot) -> None:
    wuxing("--data", published_root.path, "init")
    hold = (
        "import sys; from pathlib import Path; from ingest.data_root import DataRoot\n"
        "from orchestration.lock import writing\n"
        "with writing(DataRoot(Path(sys.argv[1]))): print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(published_root.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        result = wuxing("--data", published_root.path, "refresh")
        other.communicate()
    assert result.exit_code == FAILED
    assert "正在写入" in result.stderr


def test_reading_commands_import_neither_dagster_nor_dbt_nor_pandas(published_root: DataRoot) -> None:
    code = (
        "import sys\nfrom orchestration.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'dagster', 'dbt', 'pandas', 'great_expectations'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "--data", str(published_root.path), "sql", "select 1"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr.strip() == "[]"


def test_an_unforeseen_error_is_one_sentence_and_debug_shows_the_rest(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom orchestration.cli import sql, main\n"
        "def broken(*_): raise AssertionError('unforeseen')\n"
        "sql.run_query = broken\nmain()"
    )
    plain = subprocess.run([sys.executable, "-c", code, "sql", "x"], capture_output=True, text=True, check=False)
    debug = subprocess.run(
        [sys.executable, "-c", code, "--debug", "sql", "x"], capture_output=True, text=True, check=False
    )
    assert (plain.returncode, debug.returncode) == (FAILED, 1)
    assert "--debug" in plain.stderr
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debug.stderr
