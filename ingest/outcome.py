"""What becomes of one file: it is accepted as a version of a submission, or refused with a sentence.

Here belongs how that is named and told; how it is decided is in ``ingest.batch`` and ``ingest.recognise``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ingest.files.personal import kinds_in
from ingest.files.pool import FileRead
from ingest.problems import personal_message, refusal_message
from ingest.submission import Submission


@dataclass(frozen=True)
class Accepted:
    """A file that is loaded. ``problems`` counts what was said about it, notes included.

    ``read_again`` where it was loaded before, and is a version more because the register has changed.
    """

    submission_id: str
    form: str
    month: date
    unit_code: str
    version: int
    workbook: str
    cells_found: int
    cells_loaded: int
    cells_blank: int
    cells_rejected: int
    problems: int
    read_again: bool = False


@dataclass(frozen=True)
class Refused:
    """A file that is not; ``message`` is Chinese and says what to do."""

    workbook: str
    kind: str
    message: str
    quarantined: bool


def submission_id(form: str, month: date, unit_code: str, version: int) -> str:
    return f"{form}-{month:%Y-%m}-{unit_code}-v{version}"


def accepted(submission: Submission, version: int, workbook: str, read_again: bool) -> Accepted:
    """A submission as one more version."""
    counts = submission.counts
    return Accepted(
        submission_id(submission.form, submission.month, submission.unit_code, version),
        submission.form,
        submission.month,
        submission.unit_code,
        version,
        workbook,
        counts.found,
        counts.loaded,
        counts.blank,
        counts.rejected,
        len(submission.problems),
        read_again,
    )


def hidden_name(sha256: str | None) -> str:
    """What stands for a file name that holds personal data."""
    return f"（文件名已隐去）{(sha256 or '')[:8]}"


def refusal(read: FileRead, name: str) -> Refused | None:
    """Why a file is not even recognised, or None. A name with personal data is not repeated."""
    in_name = kinds_in(name)
    found = (*((kind, "文件名") for kind in sorted(in_name)), *read.personal)
    shown = hidden_name(read.sha256) if in_name else name
    if found:
        return Refused(shown, "personal_data", personal_message(found), quarantined=True)
    if read.refused is not None:
        return Refused(shown, read.refused, refusal_message(read.refused, **read.details), quarantined=False)
    return None
