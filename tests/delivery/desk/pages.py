"""Pages as a reader has them: their text, and where they lead."""

from __future__ import annotations

import html
import re
from typing import Any

from ingest.data_root import DataRoot

LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
OWN_RULE = """form: monthly_report
rules:
  - {{id: {code}, level: hint, kind: inequality, scope: community, expression: "B02 > 0", title_zh: "{sentence}"}}
"""


def text_of(response: Any) -> str:
    """What is to be read, without tags, in one line."""
    return html.unescape(" ".join(re.sub(r"<[^>]*>", "", response.content.decode()).split()))


def links_of(response: Any) -> list[str]:
    return [html.unescape(link) for link in LINK.findall(response.content.decode())]


def write_rule(root: DataRoot, sentence: str, code: str = "OWN") -> None:
    """The deployment's own rule over B02."""
    folder = root.reference / "rules"
    folder.mkdir(exist_ok=True)
    (folder / "own.yml").write_text(OWN_RULE.format(code=code, sentence=sentence), encoding="utf-8")
