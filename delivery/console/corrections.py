"""What corrections moved, as short lines: cells and sums, stars, alerts of this and of later months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import duckdb

from delivery.console.plain import as_text
from delivery.console.rows import fetch
from delivery.console.words import SEVERITIES, STAR_STATUSES

# Of each kind; all of them are one query away.
LINES_SHOWN = 5

_CORRECTIONS = """
    select
        e.month, e.submission_id, e.version, any_value(e.is_read_again) as is_read_again,
        coalesce(any_value(n.subdistrict_name), e.subdistrict_code) as name
    from marts.correction_effects as e
    left join marts.dim_subdistrict as n on n.subdistrict_code = e.subdistrict_code
        and n.valid_from <= e.month and (n.valid_to is null or e.month <= n.valid_to)
    where e.received_at > ?
    group by e.month, e.submission_id, e.version, e.subdistrict_code
    order by e.month, e.submission_id
"""
_EFFECTS = """
    select e.*, i.name_zh, coalesce(n.community_name, '') as name
    from marts.correction_effects as e
    inner join marts.dim_item as i on i.item_code = e.item_code
    left join marts.dim_community as n on n.community_code = e.unit_code
        and n.valid_from <= e.month and (n.valid_to is null or e.month <= n.valid_to)
    where e.submission_id = ?
    order by e.effect, e.unit_code, e.item_code
"""
_STARS = """
    select m.*, coalesce(n.community_name, m.community_code) as name, c.name_zh
    from marts.star_moves as m
    left join (select criterion_code, any_value(name_zh) as name_zh from marts.dim_star_criterion group by 1) as c
        on c.criterion_code = m.criterion_code
    left join marts.dim_community as n on n.community_code = m.community_code
        and n.valid_from <= m.month and (n.valid_to is null or m.month <= n.valid_to)
    where list_contains(string_split(m.caused_by, '、'), ?)
    order by m.month, m.community_code, m.criterion_code
"""
_ALERTS = """
    select * from marts.alert_moves
    where list_contains(string_split(caused_by, '、'), ?)
    order by move desc, month, severity, alert_id
"""


def correction_lines(connection: duckdb.DuckDBPyConnection, since: datetime) -> list[str]:
    """What the corrections that arrived after ``since`` moved; empty where none came."""
    found = fetch(connection, _CORRECTIONS, [since])
    return [line for correction in found for line in _lines(connection, correction)]


def _lines(connection: duckdb.DuckDBPyConnection, correction: dict[str, Any]) -> Iterator[str]:
    key = [correction["submission_id"]]
    effects = fetch(connection, _EFFECTS, key)
    cells, sums = ([each for each in effects if each["effect"] == effect] for effect in ("cell", "sum"))
    stars, alerts = fetch(connection, _STARS, key), fetch(connection, _ALERTS, key)
    yield (
        f"{_opening(correction)}："
        f"改动 {len(cells)} 个单元格、{len(sums)} 项合计，星级标准变动 {len(stars)} 条，提醒变动 {len(alerts)} 条"
    )
    yield from _some(f"{_value(each)}（{each['sheet']} {each['cell'] or ''}）" for each in cells)
    yield from _some(f"合计 {_value(each)}" for each in sums)
    yield from _some(map(_star, stars))
    yield from _some(map(_alert, alerts))


def _opening(correction: dict[str, Any]) -> str:
    of, version = f"{correction['month']:%Y-%m} {correction['name']}", correction["version"]
    if correction["is_read_again"]:
        return f"名册变动后重读 {of}（版本 {version}）"
    return f"更正 {of} 第 {version} 次报送"


def _some(lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    yield from (f"  {line}" for line in listed[:LINES_SHOWN])
    if len(listed) > LINES_SHOWN:
        yield f"  …… 另 {len(listed) - LINES_SHOWN} 条"


def _value(effect: dict[str, Any]) -> str:
    before, after = as_text(effect["value_before"]), as_text(effect["value_after"])
    return f"{effect['name']} {effect['name_zh']}（{effect['item_code']}）{before} → {after}".strip()


def _star(move: dict[str, Any]) -> str:
    before, after = STAR_STATUSES[move["status_before"]], STAR_STATUSES[move["status_after"]]
    why = f"（{move['item_codes']}）" if move["item_codes"] else ""
    return f"{move['month']:%Y-%m} {move['name']} {move['name_zh']}：{before} → {after}{why}"


def _alert(move: dict[str, Any]) -> str:
    what = {"opened": "新提醒", "closed": "已消除"}[move["move"]]
    return f"{what} {move['month']:%Y-%m} {SEVERITIES[move['severity']]}：{move['message']}"
