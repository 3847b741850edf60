"""Two communities become one between two months: real workbooks, from the inbox to the marts and the next template."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from delivery.template.prefill import prefill
from delivery.trace import trace
from examples.synthetic.history import history
from examples.synthetic.model import UNITS_FILE, subdistricts
from examples.synthetic.report import COMMUNITY_ITEMS, Report, report
from examples.synthetic.workbook import write_workbook
from ingest.data_root import DataRoot
from ingest.reference import read_units
from ingest.units import Register
from tests.end_to_end.support import query, run

pytestmark = pytest.mark.slow

FEBRUARY, MARCH, APRIL = date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)
SUBDISTRICT = "990101001000"
ONE, TWO, NEW = (f"{SUBDISTRICT[:9]}{number:03}" for number in (1, 2, 11))
ADDITIVE = [item for item in COMMUNITY_ITEMS if item.additive]


def merged(before: Report) -> Report:
    """The same month, with the first two communities as one."""
    rows = dict(before.communities)
    first, second = rows.pop(ONE), rows.pop(TWO)
    rows[NEW] = {**first, **{item.item_code: first[item.item_code] + second[item.item_code] for item in ADDITIVE}}
    kept = [each for each in before.subdistrict.communities if each.code not in (ONE, TWO)]
    communities = (*kept, replace(kept[0], code=NEW, name="甲新社区"))
    summary = {**before.summary, "G01": len(communities)}
    return replace(
        before, subdistrict=replace(before.subdistrict, communities=communities), communities=rows, summary=summary
    )


@pytest.fixture(scope="module")
def sent() -> dict[date, Report]:
    one = history(next(each for each in subdistricts() if each.code == SUBDISTRICT))
    return {FEBRUARY: report(one, FEBRUARY), MARCH: merged(report(one, MARCH))}


@pytest.fixture(scope="module")
def root(sent: dict[date, Report], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = DataRoot(tmp_path_factory.mktemp("merger") / "data").create()
    lines = [_ended(line) for line in UNITS_FILE.read_text(encoding="utf-8").splitlines() if "990101002" not in line]
    lines.append(f"{NEW},甲新社区,community,{SUBDISTRICT},城中村,village,2024-03-01,,,")
    made.units_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for month, each in sent.items():
        write_workbook(each, made.inbox / f"甲街道{month:%Y-%m}.xlsx")
    run(made.path, "refresh")
    return made.path


def _ended(line: str) -> str:
    return line.replace("2020-01-01,,,", f"2020-01-01,2024-02-29,{NEW},") if line.startswith((ONE, TWO)) else line


def value(root: Path, item: Any, month: date, code: str) -> Any:
    sql = f"select {item.column_name} from marts.community_series where month = '{month}' and series_code = '{code}'"
    [(found,)] = query(root, sql)
    return found


def test_the_series_of_both_runs_on_under_the_new_code(root: Path, sent: dict[date, Report]) -> None:
    for item in ADDITIVE:
        before = [sent[FEBRUARY].communities[code][item.item_code] for code in (ONE, TWO)]
        assert value(root, item, FEBRUARY, NEW) == sum(before), item.item_code
        assert value(root, item, MARCH, NEW) == sent[MARCH].communities[NEW][item.item_code], item.item_code


def test_sums_of_the_sub_district_are_what_they_were_without_the_merger(root: Path, sent: dict[date, Report]) -> None:
    for item in ADDITIVE:
        [(found,)] = query(root, f"select {item.column_name} from marts.subdistrict_month where month = '{MARCH}'")
        assert found == sum(row[item.item_code] for row in sent[MARCH].communities.values()), item.item_code


def test_last_month_is_known_of_the_merged_community(root: Path) -> None:
    alerts = query(root, f"select rule_code, message from marts.quality_alerts where unit_code = '{NEW}'")
    assert {rule for rule, _ in alerts} & {"MEMBERS-FLOW", "TOILETS-FLOW", "YEAR-TO-DATE", "TYPE-CHANGE"} == set()
    executed = f"select executed, not_executed from marts.rule_executions where month = '{MARCH}' and rule_code ="
    assert query(root, f"{executed} 'MEMBERS-FLOW'") == [(9, 0)]
    [(count, without, reason)] = query(
        root, f"{executed.replace('not_executed', 'not_executed, reason')} 'TYPE-CHANGE'"
    )
    assert (count, without) == (8, 1)
    assert "单位撤并分设" in reason


def test_old_months_keep_old_names(root: Path) -> None:
    codes = query(root, f"select community_code from marts.star_ratings where month = '{FEBRUARY}' order by 1")
    assert {(ONE,), (TWO,)} <= set(codes)
    assert (NEW,) not in codes
    names = query(root, "select community_name_before, community_name_after from marts.dim_community_succession")
    assert sorted(names) == [("甲一社区", "甲新社区"), ("甲二社区", "甲新社区")]
    for month, name in (("2024-02", "甲一社区"), ("2024-03", "甲新社区")):
        assert name in trace(DataRoot(root), "community_month", "D03", [month, name]).title


def test_the_next_workbooks_are_prefilled_over_the_merger(root: Path, sent: dict[date, Report]) -> None:
    data = DataRoot(root)
    register = Register(read_units(data))
    april = prefill(data, SUBDISTRICT, APRIL, register).communities[NEW]
    assert april["P01"] == sent[MARCH].communities[NEW]["P01"]
    march = prefill(data, SUBDISTRICT, MARCH, register)
    assert march.month == FEBRUARY
    assert march.communities[NEW]["P01"] == sum(sent[FEBRUARY].communities[code]["P01"] for code in (ONE, TWO))
    assert march.communities[NEW]["P05"] is None
    assert ONE not in march.communities
