"""The rule pages follow from the catalogue, the item list and the figures of the 概况表."""

from dataclasses import replace

from expectations.catalogue.cards import read_rulebook
from expectations.catalogue.page import page, pages, profile_page
from ingest.reference import items, profile_figures

BOOK = read_rulebook(None)


def cards(text: str) -> dict[str, str]:
    """Code → what stands under its heading."""
    return {part.split(" ")[0]: part for part in text.split("\n## ")[1:]}


def test_the_rule_pages_are_current() -> None:
    for path, text in pages(BOOK).items():
        assert path.read_text(encoding="utf-8") == text, "run `make generate`"


def test_every_item_has_a_card_with_its_rules() -> None:
    found = cards(page(BOOK))
    assert set(found) == {item.item_code for item in items()} | {"整张报表\n\n|"}
    assert "| 强制性 | TEAM-SEX | 班子男女之和应等于班子成员数 | `B02+B03=B01` | 一直 | 须改正 |" in found["B02"]
    assert "- 类型：年内累计数（1月从零起）；金额，两位小数" in found["E01"]
    assert "| 一直，2–12月 |" in found["E01"]


def test_a_rule_over_the_whole_report_and_a_private_signal_stand_on_the_page() -> None:
    text = page(BOOK)
    assert "| COPY-OF-LAST-MONTH |" in text
    assert "核实性（研判） | SURPLUS-ON-LINE" in text


def test_every_figure_of_the_profile_has_a_card_with_its_rules() -> None:
    found = cards(profile_page(BOOK))
    assert set(found) == {figure.figure_code for figure in profile_figures()}
    share = "| 强制性 | T24-SHARE | 书记大专及以上占比应与人数相符 | `T24=T23÷T15×100` | 一直 | 须改正 |"
    assert all(share in found[code] for code in ("T24", "T23", "T15"))
    assert "- 合计：各街道相加" in found["T15"]


def test_a_bar_in_a_sentence_stays_within_its_cell() -> None:
    rule = next(rule for rule in BOOK.rules if rule.code == "TEAM-SEX")
    book = replace(BOOK, items=(replace(BOOK.cards["B02"], rules=(replace(rule, sentence="男|女"),)),))
    assert "| 男\\|女 |" in page(book)
