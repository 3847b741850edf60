"""Takes off what an earlier receipt wrote, so that the receipt of a resubmitted receipt is like the first."""

from __future__ import annotations

from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from delivery.returns.palette import is_ours
from ingest.opinions import MARK, SHEET


def erase_opinions(book: Any) -> None:
    """Remove our sheet, our notes and our colours; a note of the sender's own stays."""
    if SHEET in book.sheetnames and str(book[SHEET]["A1"].value or "").startswith(SHEET) and len(book.sheetnames) > 1:
        book.remove(book[SHEET])
    for sheet in book.worksheets:
        for cell in cells_of(sheet):
            if cell.has_style and is_ours(cell.fill):
                cell.fill = PatternFill()
            if cell.comment is not None:
                cell.comment = without_ours(cell.comment)


def cells_of(sheet: Any) -> list[Any]:
    """The cells that the file has. ``iter_rows`` would make those in between: 17 billion for one in the far corner."""
    return list(sheet._cells.values())


def without_ours(comment: Comment) -> Comment | None:
    """What the sender wrote; None where the whole note is ours."""
    own = comment.text.partition(MARK)[0].rstrip()
    if MARK not in comment.text:
        return comment
    return Comment(own, comment.author, comment.height, comment.width) if own else None
