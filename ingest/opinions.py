"""What a receipt (回执) carries besides the sender's own content: a corrected one reads as a normal workbook.

Here belongs how our sheet and our notes are told from theirs; what they say is ``delivery.returns``'s affair.
"""

from __future__ import annotations

from ingest.files.grid import Sheet, Workbook, is_blank

SHEET = "审核意见"
MARK = "【审核意见】"  # the first words of each note that we write
EXPLANATION = "说明"  # the column that the clerk fills


def is_opinions(sheet: Sheet) -> bool:
    """Whether this is the first sheet of a receipt: our name, and our title in A1."""
    return sheet.name == SHEET and bool(sheet.rows) and sheet.text(0, 0).startswith(SHEET)


def without_opinions(workbook: Workbook) -> Workbook:
    """The sender's own sheets."""
    own = [sheet for sheet in workbook.sheets if not is_opinions(sheet)]
    return Workbook(own, workbook.notices, workbook.encoding)


def explanations(workbook: Workbook) -> int:
    """How many 说明 the clerk wrote."""
    return sum(_written(sheet) for sheet in workbook.sheets if is_opinions(sheet))


def _written(sheet: Sheet) -> int:
    for number, row in enumerate(sheet.rows):
        if EXPLANATION in row:
            column = row.index(EXPLANATION)
            return sum(not is_blank(sheet.value(below, column)) for below in range(number + 1, len(sheet.rows)))
    return 0
