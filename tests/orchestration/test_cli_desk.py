"""``wuxing desk``: a real server process, and what the command says where it cannot start one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from delivery.desk.server import listen
from ingest.data_root import DataRoot
from orchestration.cli import main
from tests.delivery.desk.serving import served


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataRoot:
    monkeypatch.setenv("WUXING_DATA", str(tmp_path))
    return DataRoot(tmp_path).create()


def wuxing_desk(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["desk", *map(str, arguments)])


def test_the_desk_serves_the_rule_pages_until_it_is_interrupted(root: DataRoot) -> None:
    with served(root) as address, urlopen(address) as answer:
        assert answer.headers["Server"] is None
        assert "<h1>口径卡</h1>" in answer.read().decode()


def test_a_port_in_use_is_one_sentence(root: DataRoot) -> None:
    with listen("127.0.0.1", 0) as taken:
        result = wuxing_desk("--port", taken.getsockname()[1])
    assert result.exit_code == 3
    assert re.fullmatch(r"端口 \d+ 已被占用：请换一个端口，如 --port \d+，或先结束占用它的程序\n", result.stderr)


def test_listening_everywhere_asks_for_the_name_that_browsers_use(root: DataRoot) -> None:
    result = wuxing_desk("--host", "0.0.0.0")
    assert result.exit_code == 3
    assert "请用 --name 写明浏览器里的主机名或地址" in result.stderr


def test_a_wrong_rule_file_is_said_before_anything_is_served(root: DataRoot) -> None:
    (root.reference / "rules").mkdir()
    (root.reference / "rules" / "own.yml").write_text("rules: 1\n", encoding="utf-8")
    result = wuxing_desk("--port", 0)
    assert result.exit_code == 3
    assert "own.yml：顶层应恰有 form 与 rules 两项" in result.stderr


def test_no_other_command_imports_django(root: DataRoot) -> None:
    code = (
        "import sys\nfrom orchestration.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'django', 'waitress'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "--data", str(root.path), "rules", "card", "B02"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr.strip() == "[]"
