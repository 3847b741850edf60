"""Great Expectations' Data Docs as files: a folder per month, and one page that leads to all of them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

# GX's pages ask six servers on the internet for layout and scripts, at each view. They stay readable without: what they
# show is plain HTML, and STYLE gives it the little layout that it needs.
REMOTE = re.compile(
    r"""<script[^>]*src=["']?https?://[^>]*>\s*</script>|<link[^>]*href=["']?https?://[^>]*>|<img[^>]*src=["']?https?://[^>]*>"""
)
STYLE = """<style>
body { font-family: "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em; max-width: 70em; }
table { border-collapse: collapse; margin: 0.5em 0; }
td, th { border: 1px solid #ccc; padding: 0.2em 0.6em; text-align: left; vertical-align: top; }
.modal, .navbar-toggler, footer { display: none; }
</style></head>"""
PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>数据结构检查</title></head>
<body><h1>数据结构检查（Great Expectations）</h1>
<ul>
{months}
</ul></body></html>
"""


def build_docs(context: Any, folder: Path, month: str) -> None:
    """Write the pages of ``context``'s validations to ``folder/<month>``; other months stay as they are."""
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder / month)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site("data_docs", site)
    context.build_data_docs()
    _tidy(folder / month)
    (folder / "index.html").write_text(_overview(folder), encoding="utf-8")


def _tidy(month_folder: Path) -> None:
    for tour in month_folder.glob("static/images/*.gif"):  # 3.4 MB a month of a guided tour that is switched off
        tour.unlink()
    for page in month_folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(REMOTE.sub("", text).replace("</head>", STYLE, 1), encoding="utf-8")


def _overview(folder: Path) -> str:
    """All months with links to their suites' pages: GX's own index shows its table by a script from the internet."""
    pages: dict[str, list[str]] = {}
    for page in sorted(folder.glob("*/validations/**/*.html"), reverse=True):
        month, suite = page.relative_to(folder).parts[0], page.relative_to(folder).parts[2]
        link = quote(page.relative_to(folder).as_posix())
        pages.setdefault(month, []).append(f'<a href="{link}">{html.escape(suite)}</a>')
    return PAGE.format(months="\n".join(f"<li>{month}：{'、'.join(links)}</li>" for month, links in pages.items()))
