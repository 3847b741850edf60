"""An alert: its rule, its sentence and every cell that takes part, over sheets and months."""

from __future__ import annotations

from typing import Any

from delivery.console.words import SEVERITIES
from delivery.trace.steps import CannotTrace, Sources, Step, number, sent


def alert_step(sources: Sources, alert_id: str) -> Step:
    """The alert. Raises CannotTrace where there is none with this id."""
    alert = sources.one("quality_alerts", alert_id=alert_id)
    if alert is None:
        raise CannotTrace(f"没有提醒 {alert_id}：编号见 wuxing alerts --json 的 alert_id")
    rule = sources.one("dim_rule", rule_code=alert["rule_code"])
    state = "未销" if alert["status"] == "open" else "已销"
    lines = [
        f"规则：{alert['rule_code']} {rule['title_zh'] if rule else ''}",
        f"首次发现 {alert['first_seen_at']:%Y-%m-%d %H:%M}，最近一次 {alert['last_seen_at']:%Y-%m-%d %H:%M}，{state}",
    ]
    lines += [f"建议：{alert['suggestion']}"] if alert["suggestion"] else []
    lines += [f"星级：{alert['star_impact']}"] if alert["star_impact"] else []
    lines.append(f"优先度：{number(alert['priority'])}（{alert['priority_reason']}）")
    cells = sorted(sources.many("quality_alert_cells", alert_id=alert_id), key=lambda cell: cell["ordinal"])
    if not cells and alert["status"] != "open":
        lines.append("已销的提醒不再保存单元格：它指向的是旧版工作簿")
    parts = tuple(_cell(sources, cell) for cell in cells)
    return Step(f"{SEVERITIES[alert['severity']]} {alert['message']}", tuple(lines), parts)


def _cell(sources: Sources, cell: dict[str, Any]) -> Step:
    name = sources.unit_name(cell["unit_code"], cell["cell_month"])
    place = " › ".join(part for part in (cell["workbook"], cell["sheet"], cell["cell"]) if part)
    return Step(
        " ".join(part for part in (name, cell["item_code"], f"{cell['cell_month']:%Y-%m}") if part),
        (f"单元格：{place}", f"原文：{sent(cell['text'])}；入库：{cell['value'] or '无'}"),
    )
