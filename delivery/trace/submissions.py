"""What was sent and how it was judged as a whole: counts of cells, executions of rules, scores, the burden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from delivery.console.plain import as_text
from delivery.trace.cells import submission_lines
from delivery.trace.steps import CannotTrace, Sources, Step
from ingest.reference import Unit, items

Row = dict[str, Any]
# Of a long list only so many are shown; the rest is counted.
LISTED = 20


def status_step(sources: Sources, unit: Unit, month: date, form: str, column: str) -> Step:
    """A column of submission_status: the versions sent, and the cells that were not loaded. Raises CannotTrace."""
    row = row_of(sources, "submission_status", month=month, subdistrict_code=unit.unit_code, form=form)
    same = [
        r for r in sources.receipts if (r["form"], r["month"], r["subdistrict_code"]) == (form, month, unit.unit_code)
    ]
    if not same:
        return Step(_title(unit, month, column, row[column]), ("没有收到报送",))
    versions = sorted(same, key=lambda receipt: receipt["version"])
    parts = tuple(Step(f"第 {r['version']} 次：{r['workbook']}", tuple(submission_lines(sources, r))) for r in versions)
    counts = {name: versions[-1][name] for name in ("cells_found", "cells_loaded", "cells_blank", "cells_rejected")}
    equation = "单元格 {cells_found}＝载入 {cells_loaded}＋空白 {cells_blank}＋未载入 {cells_rejected}".format(**counts)
    rejected = _rejected(sources, month, versions[-1]["submission_id"]) if column == "cells_rejected" else []
    return Step(_title(unit, month, column, row[column]), (equation, *_some(rejected)), parts)


def _rejected(sources: Sources, month: date, submission_id: str) -> list[str]:
    problems = sources.submission(month, submission_id)["problems"].to_pylist()
    return [f"未载入：{problem['message']}" for problem in problems if problem["severity"] == "rejected"]


def execution_step(sources: Sources, unit: Unit, month: date, rule_code: str, column: str) -> Step:
    """A column of rule_executions: the rule, why it could not run, and what it found. Raises CannotTrace."""
    row = row_of(sources, "rule_executions", month=month, subdistrict_code=unit.unit_code, rule_code=rule_code)
    rule = sources.one("dim_rule", rule_code=rule_code)
    lines = [f"规则：{rule_code} {rule['title_zh']}" if rule else f"规则：{rule_code}"]
    lines += [f"公式：{rule['expression']}"] if rule and rule["expression"] else []
    lines.append(f"执行 {row['executed']} 次，其中违反 {row['violated']} 次；未执行 {row['not_executed']} 次")
    lines += [f"未执行的原因：{row['reason']}"] if row["reason"] else []
    found = sources.many("quality_alerts", month=month, subdistrict_code=unit.unit_code, rule_code=rule_code)
    lines += _some([f"提醒 {each['alert_id']}：{each['message']}" for each in found])
    return Step(_title(unit, month, column, row[column]), tuple(lines))


def score_step(sources: Sources, unit: Unit, month: date, dimension: str, column: str) -> Step:
    """A score with its part and whole, and where these are counted. Raises CannotTrace."""
    row = row_of(sources, "quality_scorecard", month=month, subdistrict_code=unit.unit_code, dimension=dimension)
    counted = {
        "timeliness": "是否按期：见 submission_status 的 received_at、due_on",
        "completeness": "填报的指标数÷应填数：见 submission_status 的 items_filled、items_asked",
        "consistency": "规则执行且未违反的次数÷执行次数：见 rule_executions 各规则之和",
        "stability": "没有更正的单元格÷应填数：见 correction_effects",
    }
    lines = (f"算法：{as_text(row['part'])}÷{as_text(row['whole'])}", counted[dimension])
    return Step(_title(unit, month, column, row[column]), lines)


def burden_step(sources: Sources, unit: Unit, month: date, column: str) -> Step:
    """A count of reporting_burden. Raises CannotTrace."""
    row = row_of(sources, "reporting_burden", month=month, subdistrict_code=unit.unit_code)
    communities = len(sources.register.children(unit.unit_code, month))
    how: dict[str, Callable[[], list[str]]] = {
        "cells_asked": lambda: [_asked(communities, prefilled=False)],
        "cells_prefilled": lambda: [_asked(communities, prefilled=True)],
        "cells_changed": lambda: [
            "预填指标中与上月不同的单元格：对照 community_month、subdistrict_month 的两个月，改名合并的按继承关系"
        ],
        "questions_asked": lambda: _questions(sources, unit, month),
    }
    if column not in how:
        raise CannotTrace(f"reporting_burden 的 {column} 不是计数；可追：{'、'.join(how)}")
    return Step(_title(unit, month, column, row[column]), tuple(_some(how[column]())))


def _asked(communities: int, prefilled: bool) -> str:
    wanted = [item for item in items() if item.asked == "prefilled" or not prefilled]
    of_community = sum(item.sheet == "community" for item in wanted)
    return f"算法：{communities} 个社区×{of_community} 项＋街道汇总 {len(wanted) - of_community} 项"


def _questions(sources: Sources, unit: Unit, month: date) -> list[str]:
    found = sources.many("quality_alerts", month=month, subdistrict_code=unit.unit_code)
    return [f"提醒 {each['alert_id']}：{each['message']}" for each in found]


def row_of(sources: Sources, mart: str, **key: Any) -> Row:
    """The row of ``mart``. Raises CannotTrace with the rows that there are instead."""
    row = sources.one(mart, **key)
    if row is None:
        *known, last = key
        values = sorted({as_text(each[last]) for each in sources.many(mart, **{name: key[name] for name in known})})
        raise CannotTrace(
            f"{mart} 没有 {last} 为 {as_text(key[last])} 的这一行；有的：{'、'.join(_some(values)) or '无'}"
        )
    return row


def _title(unit: Unit, month: date, column: str, value: Any) -> str:
    return f"{unit.unit_name} {month:%Y-%m} {column}：{as_text(value)}"


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - LISTED
    return lines[:LISTED] + ([f"…… 另 {more} 条"] if more > 0 else [])
