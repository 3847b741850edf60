"""The rule pages follow from the catalogue, the item list and the figures of the 概况表."""

from expectations.catalogue import load_catalogue
from expectations.catalogue.page import page, pages, profile_page
from ingest.reference import items, profile_figures

CATALOGUE = load_catalogue(None)


def test_the_rule_pages_are_current() -> None:
    for path, text in pages(CATALOGUE).items():
        assert path.read_text(encoding="utf-8") == text, "run `make generate`"


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


def test_an_item_s_card_says_which_star_reads_it_and_whether_it_may_be_left_blank() -> None:
    cards = {part.split(" ")[0]: part for part in page(CATALOGUE).split("\n## ")[1:]}
    assert "- 星级标准：卫生户厕普及率 >= 80%（示例口径）" in cards["W01"]
    assert "- 留空：不可，没有的填0" in cards["B02"]


def test_every_figure_of_the_profile_has_a_card_with_its_rules() -> None:
    cards = {part.split(" ")[0]: part for part in profile_page(CATALOGUE).split("\n## ")[1:]}
    assert set(cards) == {figure.figure_code for figure in profile_figures()}
    share = "| 强制性 | T24-SHARE | 书记大专及以上占比应与人数相符 | `T24=T23÷T15×100` | 一直 |"
    assert all(share in cards[code] for code in ("T24", "T23", "T15"))
    assert "- 合计：各街道相加" in cards["T15"]
