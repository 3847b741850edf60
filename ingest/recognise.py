"""Decides which form a workbook is, and reads it as that."""

from __future__ import annotations

from datetime import date

from ingest.files.grid import Workbook
from ingest.files.look import FileRefused
from ingest.monthly_report.read import MonthlyReport, read_monthly_report
from ingest.opinions import SHEET, explanations, without_opinions
from ingest.problems import Place
from ingest.profile.read import find_profile, read_profile
from ingest.submission import Submission
from ingest.units import Register


def read_submission(workbook: Workbook, register: Register, received_on: date) -> Submission:
    """The submission in ``workbook``. Raises FileRefused with the reason where it cannot be one."""
    submission = _read(without_opinions(workbook), register)
    for kind in workbook.notices:
        submission.say(kind)
    if workbook.encoding:
        submission.say("text_encoding", text=workbook.encoding.upper())
    if written := explanations(workbook):
        submission.say("explanations_sent", Place(SHEET), count=written)
    if submission.month > received_on:
        submission.say("month_in_future", value=f"{submission.month:%Y-%m}")
    return submission


def _read(workbook: Workbook, register: Register) -> Submission:
    report = MonthlyReport(workbook)
    if report.table is not None:
        return read_monthly_report(report, register)
    profile = find_profile(workbook)
    if profile is not None:
        return read_profile(profile, workbook, register)
    if report.item_list is not None:
        return read_monthly_report(report, register)
    if workbook.encoding:
        raise FileRefused("text_form_unknown", encoding=workbook.encoding.upper())
    raise FileRefused("form_unknown")
