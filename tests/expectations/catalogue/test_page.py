"""The rule page follows from the catalogue and the item list."""

from expectations.catalogue import load_catalogue
from expectations.catalogue.page import PAGE, page
from ingest.reference import items

CATALOGUE = load_catalogue(None)


def test_the_rule_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(CATALOGUE), "run `make generate`"


def test_every_item_has_a_card_with_its_rules() -> None:
    cards = {part.split(" ")[0]: part for part in page(CATALOGUE).split("\n## ")[1:]}
    assert set(cards) == {item.item_code for item in items()} | {"整张报表\n\n|"}
    assert "| 强制性 | TEAM-SEX | 班子男女之和应等于班子成员数 | `B02 + B03 = B01` | 一直 |" in cards["B02"]
    assert "- 单位：万元；社区月报；年内累计数（1月从零起）；每月填报" in cards["E01"]
    assert "| 一直，2–12月 |" in cards["E01"]


def test_a_rule_over_the_whole_report_and_a_private_signal_stand_on_the_page() -> None:
    text = page(CATALOGUE)
    assert "| COPY-OF-LAST-MONTH |" in text
    assert "核实性（研判） | SURPLUS-ON-LINE" in text
