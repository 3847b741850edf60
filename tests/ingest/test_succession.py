from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter

from ingest.data_root import DataRoot
from ingest.reference import ReferenceTableError, Unit, read_units
from ingest.succession import Succession

FEBRUARY, MARCH, APRIL, MAY = (date(2024, month, 1) for month in (2, 3, 4, 5))


def unit(code: str, since: str = "2020-01-01", until: str = "", successors: str = "", **more: str) -> Unit:
    row = {"unit_code": code, "unit_name": f"{code}社区", "level": "community", "parent_code": "s", "aliases": ""}
    dated = {"valid_from": since, "valid_to": until, "successor_code": successors}
    return TypeAdapter(Unit).validate_python({**row, "community_type": "", "star_scheme": "", **dated, **more})


def ended(code: str, successors: str, until: str = "2024-03-31") -> Unit:
    return unit(code, until=until, successors=successors)


def begun(code: str, since: str = "2024-04-01") -> Unit:
    return unit(code, since=since)


def origins(*units: Unit, month: date = APRIL, then: date = MARCH) -> dict[str, set[str] | None]:
    found = Succession(units).origins(month, then)
    return {code: set(origin) if origin is not None else None for code, origin in found.items()}


def test_a_renamed_unit_was_its_predecessor() -> None:
    assert origins(ended("a", "b"), begun("b"), unit("c")) == {"b": {"a"}}


def test_a_merged_unit_was_all_who_went_into_it() -> None:
    assert origins(ended("a", "c"), ended("b", "c"), begun("c")) == {"c": {"a", "b"}}


def test_a_unit_that_takes_in_another_was_itself_and_the_other() -> None:
    assert origins(ended("a", "b"), unit("b")) == {"b": {"a", "b"}}


def test_of_the_parts_of_a_split_nothing_is_known_even_where_one_keeps_the_code() -> None:
    assert origins(ended("a", "b;c"), begun("b"), begun("c")) == {"b": None, "c": None}
    assert origins(ended("a", "a;c"), begun("a"), begun("c")) == {"a": None, "c": None}


def test_a_new_name_under_the_same_code_changes_nothing() -> None:
    assert origins(unit("a", until="2024-03-31"), begun("a")) == {}


def test_changes_of_several_months_follow_each_other() -> None:
    units = (ended("a", "b", "2024-02-29"), unit("b", "2024-03-01", "2024-03-31", "d"), ended("c", "d"), begun("d"))
    assert origins(*units, month=APRIL, then=FEBRUARY) == {"d": {"a", "c"}}
    assert origins(*units, month=MARCH, then=FEBRUARY) == {"b": {"a"}}
    assert origins(*units, month=MAY, then=APRIL) == {}


def test_a_code_that_passes_to_others_people_in_the_same_month_is_told_apart() -> None:
    assert origins(ended("a", "b"), unit("b", until="2024-03-31", successors="c"), begun("b"), begun("c")) == {
        "b": None,
        "c": None,
    }


def test_a_month_belongs_to_who_holds_on_its_first_day() -> None:
    changed = (ended("a", "b", "2024-03-15"), begun("b", "2024-03-16"))
    assert origins(*changed, month=APRIL, then=MARCH) == {"b": {"a"}}
    assert origins(*changed, month=MARCH, then=FEBRUARY) == {}


@pytest.mark.parametrize(
    ("units", "kind"),
    [
        ((ended("a", "b"), begun("b")), "renamed"),
        ((ended("a", "c"), ended("b", "c"), begun("c")), "merged"),
        ((ended("a", "b;c"), begun("b"), begun("c")), "split"),
        ((ended("a", "c;d"), ended("b", "d"), begun("c"), begun("d")), "redrawn"),
    ],
)
def test_a_change_has_a_kind(units: tuple[Unit, ...], kind: str) -> None:
    [change] = Succession(units).changes
    assert (change.month, change.kind) == (APRIL, kind)


def test_a_series_runs_on_under_the_last_code_of_all_who_were_ever_mixed() -> None:
    units = (
        ended("a", "b;c"),
        begun("b"),
        unit("c", "2024-04-01", "2024-04-30", "d"),
        begun("d", "2024-05-01"),
        unit("e"),
    )
    assert set(Succession(units).series.values()) == {"d"}
    assert set(Succession(units).series) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "990101001001,甲社区,community,990101001000,,,2020-01-01,2024-03-31,990101001009,",
            "第 4 行，successor_code 列",
        ),
        ("990101001001,甲社区,community,990101001000,,,2020-01-01,,990101001002,", "第 4 行，valid_to 列"),
    ],
)
def test_a_successor_that_cannot_be_is_refused_with_its_line(tmp_path, row: str, said: str) -> None:
    root = DataRoot(tmp_path).create()
    head = "unit_code,unit_name,level,parent_code,community_type,star_scheme,valid_from,valid_to,successor_code,aliases"
    known = [
        "990101001000,甲街道,subdistrict,,,,2020-01-01,,,",
        "990101001002,乙社区,community,990101001000,,,2020-01-01,,,",
    ]
    root.units_file.write_text("\n".join([head, *known, row]), encoding="utf-8")
    with pytest.raises(ReferenceTableError, match=said):
        read_units(root)
