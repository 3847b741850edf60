"""Files that were accepted are read again from the archive when the register of units has changed."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingest.data_root import DataRoot
from ingest.inbox import InboxReport, ingest_inbox
from ingest.raw.read import load_month, load_submission, receipts
from ingest.raw.snapshot import link_known
from ingest.reference.load import units_hash
from ingest.register_changes import not_looked_through
from tests.ingest.support import CLEAN, COMMUNITIES, CORRECTED, FILES, NOW, OTHER, PROJECT, new_root, send

MARCH = date(2024, 3, 1)
LATER = NOW + timedelta(days=10)
EXAMPLES = PROJECT / "examples"
PRINTED_PROFILE = EXAMPLES / "source_report" / "概况表.xlsx"
UNKNOWN = "东渠社区"  # 990101001003, whom the register of these tests does not know at first


def mend(root: DataRoot, replaced: str = "", by: str = "") -> None:
    """The register as it should be, but for what is replaced."""
    whole = (EXAMPLES / "units.csv").read_text(encoding="utf-8")
    root.units_file.write_text(whole.replace(replaced, by) if replaced else whole, encoding="utf-8")


def leave_out(root: DataRoot, name: str = UNKNOWN) -> None:
    lines = root.units_file.read_text(encoding="utf-8").splitlines(keepends=True)
    root.units_file.write_text("".join(line for line in lines if f",{name}," not in line), encoding="utf-8")


def versions(root: DataRoot) -> list[str]:
    return receipts(root).column("submission_id").to_pylist()


def codes(root: DataRoot) -> set[str]:
    return set(load_month(root, MARCH)[COMMUNITIES].column("community_code").to_pylist())


def said(root: DataRoot, kind: str) -> list[dict[str, Any]]:
    return [row for row in load_month(root, MARCH)["problems"].to_pylist() if row["kind"] == kind]


def raw_files(root: DataRoot) -> dict[str, bytes]:
    return {str(path.relative_to(root.raw)): path.read_bytes() for path in root.raw.rglob("*") if path.is_file()}


def counts(report: InboxReport) -> tuple[int, list[str]]:
    return report.read_again, [accepted.submission_id for accepted in report.accepted]


@pytest.fixture
def half_known(root: DataRoot) -> DataRoot:
    """A report of ten communities was sent, of which the register knew nine."""
    leave_out(root)
    send(root, CLEAN, OTHER)
    assert "990101001003" not in codes(root)
    assert said(root, "community_unknown")
    return root


def test_a_community_that_the_register_did_not_know_is_loaded_when_the_register_knows_it(half_known: DataRoot) -> None:
    first = load_submission(half_known, MARCH, "monthly_report-2024-03-990101001000-v1")
    mend(half_known)
    assert counts(ingest_inbox(half_known, LATER)) == (1, ["monthly_report-2024-03-990101001000-v2"])
    assert "990101001003" in codes(half_known)
    assert not said(half_known, "community_unknown")
    again = load_submission(half_known, MARCH, "monthly_report-2024-03-990101001000-v1")
    assert all(again[name].equals(first[name]) for name in first)


def test_the_new_version_says_that_the_register_is_why(half_known: DataRoot) -> None:
    mend(half_known)
    ingest_inbox(half_known, LATER)
    [note] = said(half_known, "read_again")
    assert note["severity"] == "note"
    assert note["message"].startswith(
        "名册 units.csv 有变动，按原件重新读取：版本 2，与上一版本有 45 处不同（东渠社区 "
    )
    assert not said(half_known, "corrected")


def test_receipts_say_by_which_register_they_were_read(half_known: DataRoot) -> None:
    before = units_hash(half_known)
    mend(half_known)
    ingest_inbox(half_known, LATER)
    found = {row["submission_id"]: row for row in receipts(half_known).to_pylist()}
    one, two = (found[f"monthly_report-2024-03-990101001000-v{version}"] for version in (1, 2))
    assert (one["register"], two["register"]) == (before, units_hash(half_known))
    assert (one["sha256"], one["workbook"]) == (two["sha256"], two["workbook"])
    assert two["received_at"] == LATER


def test_the_original_is_read_from_the_archive_when_the_inbox_no_longer_has_it(half_known: DataRoot) -> None:
    shutil.rmtree(half_known.inbox)
    mend(half_known)
    assert len(ingest_inbox(half_known, LATER).accepted) == 1


def test_looking_through_again_changes_nothing(half_known: DataRoot) -> None:
    mend(half_known)
    ingest_inbox(half_known, LATER)
    before = raw_files(half_known)
    assert not_looked_through(half_known) == []
    assert counts(ingest_inbox(half_known, LATER + timedelta(days=1))) == (0, [])
    assert raw_files(half_known) == before


def test_a_change_that_makes_no_difference_makes_no_version_and_is_tried_once(half_known: DataRoot) -> None:
    half_known.units_file.write_text(half_known.units_file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert counts(ingest_inbox(half_known, LATER)) == (1, [])
    assert not_looked_through(half_known) == []
    assert counts(ingest_inbox(half_known, LATER + timedelta(days=1))) == (0, [])
    assert len(receipts(half_known)) == 2


def test_what_the_register_had_no_part_in_is_not_read_again(root: DataRoot) -> None:
    send(root, CLEAN)
    mend(root, "杏园", "李园")
    assert len(not_looked_through(root)) == 1
    assert counts(ingest_inbox(root, LATER)) == (0, [])
    assert not_looked_through(root) == []


def test_a_register_that_comes_back_gives_back_what_it_gave(half_known: DataRoot) -> None:
    known = codes(half_known)
    mend(half_known)
    ingest_inbox(half_known, LATER)
    leave_out(half_known)
    send(half_known, FILES / "甲街道2024年2月.xlsx", now=LATER + timedelta(days=1))
    assert len(receipts(half_known)) == 4  # version 2 holds no doubt that another register could take away
    mend(half_known)
    report = ingest_inbox(half_known, LATER + timedelta(days=2))
    assert counts(report) == (1, ["monthly_report-2024-02-990101001000-v2"])
    assert codes(half_known) == known | {"990101001003"}


def test_a_correction_that_comes_with_the_mended_register_is_the_later_version(half_known: DataRoot) -> None:
    mend(half_known)
    report = send(half_known, CORRECTED, now=LATER)
    assert [(accepted.version, accepted.read_again) for accepted in report.accepted] == [(2, True), (3, False)]
    [note] = said(half_known, "corrected")
    assert note["message"] == "更正：版本 3，与上一版本有 1 处不同（甲二社区 V03），不重复累计"


def test_only_the_version_that_counts_is_read_again(half_known: DataRoot) -> None:
    send(half_known, CORRECTED, now=NOW + timedelta(days=1))
    mend(half_known)
    assert counts(ingest_inbox(half_known, LATER)) == (1, ["monthly_report-2024-03-990101001000-v3"])
    [note] = said(half_known, "corrected")  # a correction stays one
    assert note["message"].startswith("更正：版本 2")


def test_a_file_that_the_changed_register_refuses_stays_as_it_was_read(half_known: DataRoot) -> None:
    for name in [line.split(",")[1] for line in half_known.units_file.read_text(encoding="utf-8").splitlines()[2:]]:
        leave_out(half_known, name)
    before, known = versions(half_known), codes(half_known)
    assert counts(ingest_inbox(half_known, LATER)) == (1, [])
    assert (versions(half_known), codes(half_known)) == (before, known)


def test_an_original_that_the_archive_has_lost_or_that_is_damaged_leaves_all_as_it_is(half_known: DataRoot) -> None:
    for original in half_known.archive.iterdir():
        original.write_bytes(OTHER.read_bytes())
    mend(half_known)
    assert counts(ingest_inbox(half_known, LATER)) == (1, [])
    mend(half_known, "杏园", "李园")
    shutil.rmtree(half_known.archive)
    assert counts(ingest_inbox(half_known, LATER + timedelta(days=1))) == (0, [])
    assert len(receipts(half_known)) == 2


def test_an_alias_that_the_register_gets_takes_the_doubt_away(root: DataRoot) -> None:
    send(root, FILES / "name_typo_with_code.xlsx")
    doubt, *others = said(root, "name_differs")
    mend(root, f",{doubt['value'].removesuffix('社区')};", f",{doubt['text']};")
    assert len(ingest_inbox(root, LATER).accepted) == 1
    assert [row["text"] for row in said(root, "name_differs")] == [row["text"] for row in others]
    assert said(root, "read_again")[0]["message"].endswith("版本 2，与上一版本有 0 处不同")


def test_a_sub_district_of_the_profile_that_the_register_did_not_know_is_loaded(root: DataRoot) -> None:
    mend(root, "乙街道", "别的街道")
    [first] = send(root, PRINTED_PROFILE).accepted
    mend(root)
    [again] = ingest_inbox(root, LATER).accepted
    assert (first.cells_rejected > 0, again.cells_rejected, again.cells_found) == (True, 0, first.cells_found)


def test_a_file_none_of_whose_communities_was_known_is_tried_again(root: DataRoot) -> None:
    whole = root.units_file.read_text(encoding="utf-8").splitlines(keepends=True)
    root.units_file.write_text("".join(line for line in whole if ",community,9901010010" not in line), encoding="utf-8")
    assert [refused.kind for refused in send(root, CLEAN).refused] == ["no_rows_loaded"]
    mend(root)
    assert [accepted.version for accepted in ingest_inbox(root, LATER).accepted] == [1]


def test_receipts_of_older_versions_without_a_register_are_looked_through_once(half_known: DataRoot) -> None:
    for path in half_known.raw.glob("receipts/month=*/*.parquet"):
        pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["register"]), path)
    assert receipts(half_known).column("register").to_pylist() == [None, None]
    assert counts(ingest_inbox(half_known, LATER)) == (1, [])
    assert not_looked_through(half_known) == []


def test_raw_as_it_was_known_before_the_register_was_mended_has_the_first_version(
    half_known: DataRoot, tmp_path: Path
) -> None:
    known = codes(half_known)
    mend(half_known)
    ingest_inbox(half_known, LATER)
    then = DataRoot(tmp_path / "then")
    for until, expected in ((LATER, known), (LATER + timedelta(days=1), codes(half_known))):
        link_known(half_known, then, until)
        assert codes(then) == expected


@pytest.mark.parametrize("lost", ["register_changes", "receipts"])
def test_a_run_that_died_before_its_last_file_is_made_good_by_the_next(lost: str, tmp_path: Path) -> None:
    """Receipts make a batch visible, and what was looked through is written after all batches."""
    undisturbed, killed = new_root(tmp_path / "a"), new_root(tmp_path / "b")
    for root in (undisturbed, killed):
        leave_out(root)
        send(root, CLEAN, OTHER)
        before = raw_files(root).keys()
        mend(root)
        ingest_inbox(root, LATER)
    for name in raw_files(killed).keys() - before:
        if name.startswith(("register_changes", lost)):
            (killed.raw / name).unlink()
    ingest_inbox(killed, LATER)
    assert versions(killed) == versions(undisturbed)
    assert codes(killed) == codes(undisturbed)
    assert not_looked_through(killed) == []


def test_progress_counts_what_is_read_again_too(half_known: DataRoot) -> None:
    mend(half_known)
    steps: list[tuple[int, int, str]] = []
    shutil.copy(CORRECTED, half_known.inbox)
    ingest_inbox(half_known, LATER, lambda step: steps.append((step.done, step.total, step.workbook)))
    assert steps == [(1, 2, CLEAN.name), (2, 2, CORRECTED.name)]
