"""The Chinese words for the codes that stand in rule files and reference tables."""

from __future__ import annotations

LEVELS = {"mandatory": "强制性", "verification": "核实性", "hint": "提示性"}

#: What a finding of a level asks of the submitter.
ANSWERS = {"mandatory": "须改正", "verification": "须改正或核实", "hint": "不影响接收"}
EXPLAINED = "须改正或写明原因"
NOT_SENT = "不发给填报人"

LEVELS_EXPLAINED = "强制性须改正，核实性须改正或写明原因，提示性不影响接收；“研判”不发给填报人。"
FORMULAS_EXPLAINED = "公式与提醒里写的相同：Σ 是各社区之和，合计是报表的合计行，首报是该月第一次报送的数。"
PROFILE_EXPLAINED = (
    "每条规则各街道一列、合计一列分别核对；Σ 是各街道之和。占比和平均数是四舍五入后的数，能由某个整数得出即为相符。"
    "都可留空：缺数的规则记为“未执行”，不作错误。"
)

CHANNELS = {"alert": "", "review": "研判", "engineer": "规则维护"}

RULE_KINDS = {
    "presence": "不漏项",
    "range": "取值范围",
    "set": "选项",
    "uniqueness": "不重复",
    "completeness": "不漏村",
    "content": "整张报表的内容",
    "balance": "合计关系",
    "inequality": "大小关系",
    "at_most": "大小关系",
    "conditional": "条件关系",
    "ratio": "比例关系",
    "bands": "各段占比",
    "flow": "增减关系",
    "year_to_date": "年内累计",
    "change": "变动幅度",
    "roll_up": "街道与社区相符",
    "total": "合计行",
    "rollup_sum": "各街道之和",
    "rollup_mean": "各街道平均",
    "part_of_whole": "部分与整体",
    "mean_in_bands": "平均数与分段相符",
    "unit_error": "单位与位数",
    "register": "与名册、部门数相符",
    "same_value": "与邻近的数相同",
    "signal": "研判线索",
}

SCOPES = {
    "community": "各社区分别核对",
    "subdistrict": "各街道分别核对",
    "county": "全市一并核对",
    "profile": "各街道一列、合计一列分别核对",
}

ROUNDINGS = {"nearest": "四舍五入", "truncated": "只舍不入"}

SHEETS = {"community": "社区月报", "subdistrict": "街道汇总"}

ITEM_KINDS = {
    "stock": "时点数",
    "flow": "本月发生数",
    "year_to_date": "年内累计数（1月从零起）",
    "yes_no": "是否项",
    "enum": "选项",
}

VALUE_TYPES = {
    "integer": "整数",
    "money": "金额，两位小数",
    "mean": "平均数",
    "yes_no": "填“是”或“否”",
    "choice": "填选项之一",
    "bits": "五位0或1",
}

#: Units of what is no quantity; items.csv lists choices there.
UNITS = {"choice": "选项", "bits": "五位0/1"}

ASKED = {"monthly": "每月填报", "prefilled": "预填，变动时修改"}

FIGURE_KINDS = {
    "count": "个数",
    "mean": "平均数，按末位所示的精度核对",
    "percent": "占比，按末位所示的精度核对",
    "share": "占比，可用“近”“余”等字",
    "amount": "数量，可用“近”“余”等字",
}
