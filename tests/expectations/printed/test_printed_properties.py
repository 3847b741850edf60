"""Figures computed from real people and communities raise nothing; a count moved beyond rounding is found."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

ages = st.integers(18, 74)
people = st.fixed_dictionaries({"age": ages, "female": st.booleans(), "college": st.booleans()})
tenures = st.integers(0, 30)
communities = st.fixed_dictionaries(
    {
        "secretary": people,
        "tenure": tenures,
        "others": st.lists(people, min_size=0, max_size=6),
        "stars": st.integers(1, 5),
        "met": st.lists(st.booleans(), min_size=5, max_size=5),
    }
)
subdistricts = st.lists(communities, min_size=1, max_size=12)
MET = ("T40", "T42", "T44", "T46", "T48")


def printed(number: Fraction) -> str:
    return str((Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


def percent(part: int, whole: int) -> str:
    return printed(Fraction(100 * part, whole)) + "%"


def mean(members: list[dict]) -> str:
    return printed(Fraction(sum(member["age"] for member in members), len(members)))


def in_band(members: list[dict], low: int, high: int) -> int:
    return sum(low <= member["age"] < high for member in members)


def of_secretaries(secretaries: list[dict], terms: list[int]) -> dict[str, str]:
    size = len(secretaries)
    women, college = (sum(secretary[key] for secretary in secretaries) for key in ("female", "college"))
    bands = [in_band(secretaries, *edges) for edges in ((18, 35), (35, 50), (50, 60), (60, 75))]
    tenure = [sum(low <= term < high for term in terms) for low, high in ((0, 5), (5, 10), (10, 99))]
    counts = dict(zip(("T15", "T16", "T17", "T23"), (size, size - women, women, college), strict=True))
    counts |= dict(zip(("T19", "T20", "T21", "T22", "T25", "T27", "T29"), (*bands, *tenure), strict=True))
    shares = {"T24": college, "T26": tenure[0], "T28": tenure[1], "T30": tenure[2]}
    return (
        {code: str(count) for code, count in counts.items()}
        | {code: percent(count, size) for code, count in shares.items()}
        | {"T18": mean(secretaries)}
    )


def of_team(team: list[dict]) -> dict[str, str]:
    size = len(team)
    women, college = (sum(member[key] for member in team) for key in ("female", "college"))
    bands = [in_band(team, *edges) for edges in ((18, 35), (35, 50), (50, 75))]
    shares = dict(zip(("T35", "T36", "T37"), bands, strict=True)) | {"T39": college}
    counts = {"T31": size, "T32": size - women, "T33": women, "T38": college}
    return (
        {code: str(count) for code, count in counts.items()}
        | {code: percent(count, size) for code, count in shares.items()}
        | {"T34": mean(team)}
    )


def of_communities(members: list[dict]) -> dict[str, str]:
    size = len(members)
    levels = [sum(each["stars"] == level for each in members) for level in (5, 4, 3, 2, 1)]
    met = [sum(each["met"][index] for each in members) for index in range(5)]
    return (
        {"T03": str(size)}
        | {f"T{50 + index}": str(count) for index, count in enumerate(levels) if count}
        | dict(zip(MET, map(str, met), strict=True))
        | {f"T{40 + 2 * index + 1}": percent(count, size) for index, count in enumerate(met)}
    )


def column(members: list[dict]) -> dict[str, str]:
    secretaries = [each["secretary"] for each in members]
    team = secretaries + [other for each in members for other in each["others"]]
    terms = [each["tenure"] for each in members]
    return of_communities(members) | of_secretaries(secretaries, terms) | of_team(team)


def sheet(first: list[dict], second: list[dict]) -> dict[tuple[str, str], str]:
    columns = {"甲": column(first), "乙": column(second), "合计": column(first + second)}
    return {(code, name): text for name, texts in columns.items() for code, text in texts.items()}


@settings(max_examples=80, deadline=None)
@given(first=subdistricts, second=subdistricts)
def test_a_sheet_computed_from_real_people_raises_nothing(evaluate, first, second):
    assert evaluate(sheet(first, second)).violations == ()


@settings(max_examples=60, deadline=None)
@given(
    first=subdistricts,
    second=subdistricts,
    code=st.sampled_from(("T03", "T15", "T16", "T19", "T23", "T25", "T31", "T32", "T38", "T40", "T42", "T44")),
    name=st.sampled_from(("甲", "乙", "合计")),
    by=st.sampled_from((-1, 1, 10)),
)
def test_a_count_that_is_moved_is_found_with_its_own_cell(evaluate, first, second, code, name, by):
    texts = sheet(first, second)
    moved = texts | {(code, name): str(int(texts[code, name]) + by)}
    touched = {(o.item_code, o.unit_code) for v in evaluate(moved).violations for o in v.operands}
    unit = {"甲": "990101001000", "乙": "990101002000", "合计": "990101000000"}[name]
    assert (code, unit) in touched


@settings(max_examples=60, deadline=None)
@given(first=subdistricts, second=subdistricts, by=st.sampled_from((-3, 3, 20)))
def test_a_percentage_moved_beyond_rounding_is_found(evaluate, first, second, by):
    texts = sheet(first, second)
    share = int(texts["T39", "甲"].removesuffix("%")) + by
    outcome = evaluate(texts | {("T39", "甲"): f"{share}%"})
    assert "T39-SHARE" in {violation.rule_code for violation in outcome.violations}
