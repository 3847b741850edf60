"""The style sheet: what can be told of looks without eyes, and one look through a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from delivery.desk.static_files import FOLDER
from ingest.data_root import DataRoot
from tests.delivery.desk.serving import served

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
COLOURS = dict(re.findall(r"--(\w+): #([0-9a-f]{3,6})", (FOLDER / "desk.css").read_text(encoding="utf-8")))
READABLE = 4.5  # WCAG 2.2, level AA


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "paper"),
    [(ink, paper) for ink in ("ink", "soft", "link", "blue") for paper in ("paper", "wash", "chip", "here")]
    + [("paper", level) for level in ("mandatory", "verification", "hint", "blue")],
)
def test_text_stands_out_from_what_is_behind_it(ink: str, paper: str) -> None:
    light, dark = sorted((luminance(COLOURS[ink]), luminance(COLOURS[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= READABLE


def test_a_level_is_told_by_a_sign_as_well_as_by_its_colour() -> None:
    signs = re.findall(r'\.level\.(\w+)::before \{ content: "(.)"', (FOLDER / "desk.css").read_text(encoding="utf-8"))
    assert sorted(level for level, _ in signs) == ["hint", "mandatory", "verification"]
    assert len({sign for _, sign in signs}) == len(signs)


@pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
def test_a_browser_applies_the_style_sheet_under_our_own_policy(root: DataRoot, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += ["--enable-logging=stderr", "--window-size=390,800", f"--screenshot={picture}"]
    with served(root) as address:
        run = subprocess.run([*command, f"{address}E06/"], capture_output=True, text=True, timeout=60, check=True)
    assert "Content Security Policy" not in run.stderr
    assert first_pixel(picture) == bytes.fromhex(COLOURS["blue"])  # the bar on top


def first_pixel(png: Path) -> bytes:
    """Red, green, blue of the upper left corner, which every filter of the first row leaves as it is."""
    content = png.read_bytes()
    data, place = b"", 8
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] == b"IDAT":
            data += content[place + 8 : place + 8 + length]
        place += 12 + length
    return zlib.decompress(data)[1:4]
