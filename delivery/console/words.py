"""The Chinese words for the codes that stand in the marts."""

SEVERITIES = {"mandatory": "强制性", "verification": "核实性", "hint": "提示性"}

FORMS = {"monthly_report": "五星月报", "profile": "概况表"}

STAR_LEVELS = {5: "五星", 4: "四星", 3: "三星", 2: "二星", 1: "一星", 0: "无星"}

STATUSES = {
    "received": "已报",
    "corrected": "已报（有更正）",
    "partial": "已报（不全）",
    "empty": "已报（空表）",
    "all_zero": "已报（全为0）",
    "copied": "已报（与上月相同）",
    "missing": "未报",
}

STAR_STATUSES = {"met": "达标", "not_met": "未达标", "unknown": "无法判定", "not_applicable": "不适用"}
