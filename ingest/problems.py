"""Every kind of problem that ingest can name, with its severity and its Chinese sentence.

A *problem* concerns a cell, row, column or sheet of a file that is read; a *refusal* concerns a file that is not. What
rules find out about believable figures does not belong here (``expectations``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

REJECTED = "rejected"  # not loaded
FLAGGED = "flagged"  # loaded, but ask
NOTE = "note"  # read without doubt, and said

# kind → (severity, sentence); the words in braces are given where the problem is found.
SENTENCES: dict[str, tuple[str, str]] = {
    # a cell, read without doubt
    "written_differently": (NOTE, "“{text}”按 {value} 读取"),
    "unit_converted": (NOTE, "“{text}”已按所写单位换算为 {value} {unit}"),
    "float_noise": (NOTE, "“{text}”是计算误差，按 {value} 读取"),
    "blank_mark": (NOTE, "“{text}”按未填处理，不是 0"),
    "not_applicable": (NOTE, "“{text}”按不适用处理，不是 0"),
    "code_written_differently": (NOTE, "社区代码“{text}”的写法已统一为 {value}"),
    # a cell, read with doubt
    "none_written": (FLAGGED, "“{text}”可能指 0，也可能指未填：按未填处理，没有发生的请填 0"),
    "suspected_decimal_mark": (FLAGGED, "“{text}”疑似小数点误写，按 {value} 入库，请核对"),
    "approximate": (FLAGGED, "“{text}”是概数，按 {value} 入库，请填准确数"),
    "spaced_digits": (FLAGGED, "“{text}”数字之间有空格，按 {value} 入库，请核对"),
    "rounded": (FLAGGED, "“{text}”多于两位小数，按 {value} 入库，请核对"),
    "leading_zeros_lost": (FLAGGED, "“{text}”不足五位，疑似前面的 0 丢失，按 {value} 入库，请设为文本格式后重填"),
    "tick_as_yes_no": (FLAGGED, "“{text}”按“{value}”入库，请填“是”或“否”"),
    "fraction_as_share": (FLAGGED, "“{text}”没有百分号，按 {value}% 入库，请写明百分号"),
    "value_in_comment": (FLAGGED, "单元格为空但有批注：如数值写在批注里，请填入单元格"),
    "struck_through": (FLAGGED, "“{text}”加了删除线，仍已按所填读取：如已作废，请清空该单元格"),
    "total_range_short": (FLAGGED, "合计公式只加第 {first} 至 {last} 行，没有包括{missing}，请更正公式后重算"),
    "external_formula": (FLAGGED, "公式引用外部工作簿“{text}”，已取保存的结果，可能是上月数据，请核对"),
    # a cell that is not loaded
    "not_a_number": (REJECTED, "“{text}”不是数值，未入库，请填数字"),
    "not_whole": (REJECTED, "“{text}”不是整数，未入库"),
    "multiple_values": (REJECTED, "“{text}”含多个值，未入库，请只填一个"),
    "percent_in_number": (REJECTED, "“{text}”是百分比，本项应填数量（{unit}），未入库"),
    "wrong_unit": (REJECTED, "“{text}”的单位与本项单位（{unit}）不符，未入库"),
    "logical_in_number": (REJECTED, "“{text}”是逻辑值或勾选，不能当作数值，未入库"),
    "date_in_number": (REJECTED, "“{text}”是日期，疑似被表格软件改写，未入库，请设为文本或数值后重填"),
    "cell_error": (REJECTED, "单元格显示“{text}”，没有可读的值，未入库，请重新计算后保存"),
    "result_missing": (REJECTED, "公式没有保存结果，或结果是空的，未入库，请用表格软件打开后保存，或直接填写数值"),
    "too_large": (REJECTED, "“{text}”超出可保存的范围，未入库"),
    "not_in_choices": (REJECTED, "“{text}”不在选项清单内，未入库，可填：{choices}"),
    "not_yes_no": (REJECTED, "“{text}”不是“是”或“否”，未入库"),
    "not_five_bits": (REJECTED, "“{text}”不是五位 0/1（如 01101），未入库"),
    # rows
    "community_unknown": (REJECTED, "“{text}”不在社区名册内，该行未入库{hint}，请核对名称和代码"),
    "row_nameless": (REJECTED, "该行没有社区名称和代码，未入库：是社区的请补填，是合计的请在名称栏写“合计”"),
    "community_foreign": (REJECTED, "{text}不属于{unit}，该行未入库"),
    "community_retired": (REJECTED, "{text}本月已不在名册内（撤销或合并），该行未入库{hint}"),
    "code_and_name_differ": (REJECTED, "代码是{code_name}的，名称却是{text}，无法判断，该行未入库"),
    "duplicate_conflict": (REJECTED, "{text}重复出现且数值不同（{columns}），各行都未入库，请只留一行"),
    "duplicate_row": (REJECTED, "{text}重复出现，数值相同，只保留第一行"),
    "damaged_row": (REJECTED, "该行有不能识别的字节（文件编码混用），整行未入库，请另存为 UTF-8 后重报"),
    "row_too_short": (REJECTED, "{text}该行少 {count} 列，无法对准列，未入库"),
    "row_too_long": (REJECTED, "{text}该行多 {count} 列，无法对准列，未入库"),
    "name_differs": (FLAGGED, "“{text}”与名册不符，按代码入库：应为“{value}”"),
    "code_missing": (FLAGGED, "没有社区代码，按名称“{text}”入库，请补填代码"),
    "code_differs": (FLAGGED, "代码“{text}”不在名册内，按名称入库：应为 {value}"),
    "community_missing": (FLAGGED, "名册里的{text}没有报送"),
    "merged_cells": (FLAGGED, "数据单元格 {text} 被合并，只有第一格有值，其余按未填处理，请取消合并后分别填写"),
    "hidden_rows": (FLAGGED, "工作表有 {count} 行不可见（筛选或隐藏），已全部读取"),
    "hidden_columns": (FLAGGED, "有数的第 {text} 列被隐藏，已全部读取，请核对"),
    "subtotal_rows": (NOTE, "识别并剔除小计、总计共 {count} 行，没有当作社区"),
    "column_number_row": (NOTE, "栏次行已识别，不是社区"),
    "section_rows": (NOTE, "分片标题行共 {count} 行，没有当作社区"),
    "outside_table": (NOTE, "主表以外还有内容，没有读取"),
    # columns and sheets
    "column_missing": (FLAGGED, "缺指标列“{text}”（{item}），按未填处理"),
    "column_unknown": (REJECTED, "“{text}”不是模板里的列，未入库"),
    "column_duplicate": (REJECTED, "有多列都是“{text}”，各列都未入库，请只留一列"),
    "column_unit_differs": (FLAGGED, "表头单位写“{text}”，模板为“{unit}”：已换算为{unit}入库，请核对"),
    "unit_row_differs": (FLAGGED, "单位行写“{text}”，表头写“{unit}”：按表头读取，请核对"),
    "item_missing": (FLAGGED, "缺指标“{text}”（{item}），按未填处理"),
    "item_unknown": (REJECTED, "“{text}”不是模板里的指标，未入库"),
    "item_duplicate": (REJECTED, "指标“{text}”出现多次，都未入库，请只留一行"),
    "item_list_missing": (FLAGGED, "缺“街道汇总”表，{count} 个指标按未填处理"),
    "sheet_renamed": (NOTE, "表名“{text}”与模板“{value}”不同，按内容认出"),
    "sheet_hidden": (FLAGGED, "“{text}”是隐藏表，可见的表里没有这张表，已读取，请核对"),
    "sheet_extra": (FLAGGED, "“{text}”和“{value}”是同一种表，只读取“{value}”：“{text}”有用的请并入，没用的请删除"),
    "sheet_not_read": (NOTE, "“{text}”不是模板里的表，没有读取"),
    # the file as a whole
    "extension_differs": (FLAGGED, "扩展名与文件内容不符，已按内容读取，请用正确的扩展名保存"),
    "cells_repeated": (FLAGGED, "文件结构有误：有单元格写了两次，取的是后一次，请用表格软件打开、另存后核对"),
    "cells_damaged": (FLAGGED, "文件内部有损坏的记录，可能有单元格没有读到，请用表格软件打开核对、另存后重报"),
    "macro_sheet_skipped": (
        FLAGGED,
        "文件里有宏表（可能是隐藏的，或宏病毒留下的）：没有运行，也没有读取，请删除后保存",
    ),
    "macros_ignored": (NOTE, "文件带宏：宏没有运行，只读取单元格里保存的内容"),
    "text_encoding": (NOTE, "文本文件，编码 {text}"),
    "cover_missing": (FLAGGED, "缺封面，街道和月份取自{said}"),
    "unit_differs": (FLAGGED, "填报单位不一致：{said}；按{value}读取"),
    "unit_from_communities": (FLAGGED, "没有写明填报单位，按社区所属的{value}读取"),
    "month_differs": (FLAGGED, "报告期不一致：{said}；按 {value} 读取"),
    "month_range": (FLAGGED, "报告期“{text}”是区间，按末月 {value} 读取，请确认各数不是累计的季度数"),
    "month_written_differently": (NOTE, "报告期“{text}”按 {value} 读取"),
    "month_unreadable": (FLAGGED, "报告期“{text}”读不出年月，按其他地方写的 {value} 读取，请写成“2024年3月”"),
    "month_in_future": (FLAGGED, "报告期 {value} 晚于报送日期，请核对"),
    "explanations_sent": (NOTE, "随回执写了 {count} 条说明：不改变数据，由审核人员在原件上查看"),
    "read_again": (NOTE, "名册 units.csv 有变动，按原件重新读取：版本 {version}，与上一版本有 {count} 处不同{where}"),
    "corrected": (FLAGGED, "更正：版本 {version}，与上一版本有 {count} 处不同{where}，不重复累计"),
}

# kind → sentence about a file that is not read, with what to do
REFUSALS: dict[str, str] = {
    "empty_file": "空文件（0 字节），请重新保存后报送",
    "temporary_file": "Office 或系统的临时文件，已忽略；请报送正式文件",
    "file_unreadable": "文件打不开（权限或磁盘错误），请检查后重新放入",
    "file_too_large": "文件超过 {limit}，请删除图片和多余的表后报送",
    "file_damaged": "文件已损坏或不完整，请用表格软件打开、另存后重报",
    "file_encrypted": "文件已加密，请取消打开密码（旧版 xls 还要取消“保护工作簿”），保存后重报",
    "binary_workbook": "xlsb（二进制工作簿）读不准确，请用表格软件打开、另存为 xlsx 后重报",
    "web_archive": "单个文件网页（mht）不是表格文件，请用表格软件打开、另存为 xlsx 后重报",
    "macro_sheet": "文件里有宏表“{sheet}”（可能是隐藏的），内容不能确认：请把数据复制到普通工作表，另存为 xlsx 后重报",
    "zip_bomb": "文件解压后过大，疑似异常文件，请另存为新文件后重报",
    "xml_entities": "文件含 XML 实体定义，疑似异常文件，没有打开；请用表格软件打开、另存为新文件后重报",
    "far_cell": "“{sheet}”的单元格 {cell} 离表格太远（表格会有 {count} 万个单元格），请删除多余的行和列后重报",
    "embedded_workbook": "文件里嵌入了别的工作簿，无法确定读哪一个，请删除嵌入的对象后重报",
    "archive_file": "不支持压缩包，请解压后报送",
    "not_a_spreadsheet": "不是表格文件（xlsx、xls、et、ods、csv），请用模板填写后报送",
    "reader_died": "读取时出错，或超出时间、内存限制：请用表格软件打开，删除多余的空行空列，另存为新文件后重报",
    "no_cells": "没有单元格数据（只有图片或空表），请在表格里填写后报送",
    "form_unknown": "认不出是哪张表：没有找到社区月报或概况表的表头，请用模板填写",
    "no_rows": "没有数据行，请填写后报送",
    "no_rows_loaded": "各行都没有入库，第一处是“{first}”，请改正后重报",
    "communities_missing": "没有找到社区月报（每个社区一行，指标在表头），只有街道汇总：请用模板填写后报送",
    "text_form_unknown": "认不出是哪张表：按 {encoding} 读取的文字里没有社区月报或概况表的表头，请另存为 xlsx 后重报",
    "quotes_unbalanced": "第 {row} 行起引号没有成对，后面的行连成了一格，请改正引号，或另存为 xlsx 后重报",
    "unit_unknown": "认不出填报单位，请在封面写明街道名称和代码、核对名册 units.csv，另存后重报",
    "unit_contradicts": "填报单位{declared}与社区名册不符：{count} 个社区都属于{found}，请更正封面或换用正确的表",
    "month_unknown": "认不出报告期，请在封面写明，如“2024年3月”",
    "month_contradicts": "报告期互相矛盾：{text}，请改为一致后重报",
    "personal_data": "文件含{kinds}（{places}），整份隔离，没有任何内容入库；请删除后重报",
}

# Refused by the register of units, maybe: tried again when units.csv has changed.
BY_REGISTER = frozenset({"unit_unknown", "unit_contradicts", "no_rows_loaded"})
# Said of an accepted file because of the register, maybe: the file is read again when units.csv has changed. Of the
# columns and duplicates only some are: a unit of the 概况表, two rows that a wrong alias makes one community.
OF_REGISTER = frozenset(
    {
        "community_unknown",
        "community_foreign",
        "community_retired",
        "code_and_name_differ",
        "duplicate_conflict",
        "duplicate_row",
        "name_differs",
        "code_differs",
        "community_missing",
        "column_unknown",
        "unit_differs",
        "unit_from_communities",
    }
)
# Said because of when a file came, or what had come before it: it stays where the file is read again.
OF_ARRIVAL = frozenset({"corrected", "month_in_future"})

PERSONAL = {
    "identity_number": "身份证号",
    "phone_number": "手机号",
    "bank_card": "银行卡号",
    "name_list": "名单",
}


@dataclass(frozen=True)
class Problem:
    """Something said about a cell, a row, a column, a sheet or the file; ``message`` is for the clerk."""

    kind: str
    message: str
    sheet: str | None = None
    cell: str | None = None
    unit_code: str | None = None
    item_code: str | None = None
    text: str | None = None
    value: str | None = None

    @property
    def severity(self) -> str:
        return SENTENCES[self.kind][0]


class Place(NamedTuple):
    """Where a problem stands."""

    sheet: str | None = None
    cell: str | None = None
    unit_code: str | None = None
    item_code: str | None = None


def problem(kind: str, place: Place, text: str | None = None, value: str | None = None, **words: object) -> Problem:
    """The problem of this kind, its sentence led by sheet and cell."""
    sentence = SENTENCES[kind][1].format(text=_short(text), value=value, **words)
    where = " ".join(part for part in (place.sheet, place.cell) if part)
    return Problem(
        kind=kind,
        message=f"{where}：{sentence}" if where else sentence,
        sheet=place.sheet,
        cell=place.cell,
        unit_code=place.unit_code,
        item_code=place.item_code,
        text=text,
        value=value,
    )


def _short(text: str | None) -> str:
    plain = " ".join((text or "").split())
    return plain if len(plain) <= 40 else plain[:39] + "…"


def refusal_message(kind: str, **words: object) -> str:
    return REFUSALS[kind].format(**words)


def personal_message(found: tuple[tuple[str, str], ...]) -> str:
    """The sentence for a quarantined file: kinds and the first three places, no content."""
    kinds = "、".join(dict.fromkeys(PERSONAL[kind] for kind, _ in found))
    places = list(dict.fromkeys(place for _, place in found))
    more = f" 等 {len(places)} 处" if len(places) > 3 else ""
    return refusal_message("personal_data", kinds=kinds, places="、".join(places[:3]) + more)
