"""Writes a month as the workbook that clerks send, labelled as synthetic.

The layout is the form's (``delivery.template.layout``); figures are not made here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from delivery.spreadsheet.save import to_bytes
from delivery.template.layout import COMMUNITY_ITEMS, Content, Line, lay_out
from examples.synthetic.report import Report

LABEL = "合成数据：本表由程序生成，不反映任何真实社区"
INSTRUCTION = "填报说明：本表每月报送一次，次月5日前由街道报送；金额单位为万元，收支类指标填年初至本月累计数。"


def write_workbook(report: Report, path: Path) -> Path:
    """Write ``report`` to ``path``; the same report gives the same bytes."""
    book = lay_out(_content(report))
    book.properties.creator = "synthetic"
    path.write_bytes(to_bytes(book, _day_of_filling(report.month)))
    return path


def _day_of_filling(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 2)


def _content(report: Report) -> Content:
    subdistrict, filled = report.subdistrict, _day_of_filling(report.month)
    signed = f"填表人：            审核人：            填表日期：{filled.year}年{filled.month}月{filled.day}日"
    return Content(
        subdistrict.name,
        subdistrict.code,
        report.month,
        [Line(each.code, each.name, report.communities[each.code]) for each in subdistrict.communities],
        report.summary,
        {item.item_code: report.total(item) for item in COMMUNITY_ITEMS},
        cover_notes=(LABEL, INSTRUCTION),
        footers=(f"{signed}        {LABEL}", "注：1. 收支为年初至本月累计数；2. 空白表示未填，没有发生的填 0。"),
    )
