"""Writes the receipts of some months: ``returns/<month>/<unit>/<workbook>_回执.xlsx``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from delivery.returns.marks import mark
from delivery.returns.opinions import add_opinions
from delivery.returns.originals import open_original, original_file
from delivery.returns.record import Record
from delivery.returns.remarks import Answer, answers
from delivery.spreadsheet.save import to_bytes
from expectations.catalogue import load_catalogue
from ingest.data_root import DataRoot
from ingest.files.pool import ReaderPool
from ingest.originals import short_name
from ingest.reference import read_units
from ingest.units import Register

SUFFIX = "_回执.xlsx"
# Part of what a receipt is made from: raise it when its look changes, and all are made anew.
LOOK = 3


@dataclass
class Returns:
    """Paths below ``returns/``. ``edited`` were changed by hand since we wrote them, and were left alone."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    withdrawn: int = 0


def write_returns(root: DataRoot, months: Sequence[date]) -> Returns:
    """Bring the receipts of ``months`` up to date with their latest evaluations.

    The same findings on the same workbook give the same bytes and touch nothing. Raises OriginalLost where the archive
    lacks a submission's file, ReferenceTableError or CatalogueError for wrong configuration.
    """
    register, catalogue = Register(read_units(root)), load_catalogue(root)
    record, done = Record(root), Returns()
    with ReaderPool(workers=1) as pool:
        for month in months:
            told = {receipt_name(answer): answer for answer in answers(root, month, register, catalogue)}
            for name, answer in told.items():
                _write(root, record, pool, name, answer, done)
            done.withdrawn += record.withdraw(f"{month:%Y-%m}", set(told))
    record.save()
    return done


def receipt_name(answer: Answer) -> str:
    """Where a receipt lies below ``returns/``."""
    receipt = answer.receipt
    stem = receipt["workbook"].rpartition(".")[0] or receipt["workbook"]
    # A receipt that is sent again keeps one suffix.
    stem = stem.removesuffix(SUFFIX.rpartition(".")[0])
    name = short_name(stem, room=len(SUFFIX.encode()))
    return f"{receipt['month']:%Y-%m}/{receipt['subdistrict_code']}/{name}{SUFFIX}"


def _write(root: DataRoot, record: Record, pool: ReaderPool, name: str, answer: Answer, done: Returns) -> None:
    inputs = _inputs(answer)
    if record.is_current(name, inputs):
        done.unchanged.append(name)
    elif record.is_edited(name):
        done.edited.append(name)
    else:
        record.put(name, inputs, _receipt(root, pool, answer))
        done.written.append(name)


def _inputs(answer: Answer) -> str:
    remarks = [asdict(remark) for remark in answer.remarks]
    known = [LOOK, answer.receipt["sha256"], answer.receipt["version"], answer.unit_name, remarks, answer.stars]
    return hashlib.sha256(json.dumps(known, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _receipt(root: DataRoot, pool: ReaderPool, answer: Answer) -> bytes:
    original = open_original(original_file(root, answer.receipt["sha256"]), pool)
    mark(original.book, answer.remarks)
    add_opinions(original, answer)
    original.book.calculation.fullCalcOnLoad = True
    return to_bytes(original.book, answer.receipt["received_at"].date(), original.results)
