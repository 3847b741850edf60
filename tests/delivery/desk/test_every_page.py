"""All pages, as somebody finds them who follows every link from the first one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from delivery.desk.static_files import FOLDER
from expectations.catalogue.cards import read_rulebook
from ingest.data_root import DataRoot
from tests.delivery.desk.pages import links_of, text_of
from tests.delivery.warehouses import new_root

BOOK = read_rulebook(None)

Pages = dict[str, Any]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Address → answer, for all that can be reached from ``/``."""
    root: DataRoot = new_root(tmp_path_factory.mktemp("desk"))
    with override_settings(DATA_ROOT=root):
        yield crawl(Client(headers={"host": "localhost"}))


def crawl(client: Client) -> Pages:
    found: Pages = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address and address not in found:
            found[address] = client.get(address, follow=True)
            waiting += links_of(found[address]) if "html" in found[address]["Content-Type"] else []
    return found


def test_every_link_leads_to_a_page(pages: Pages) -> None:
    assert {address: answer.status_code for address, answer in pages.items() if answer.status_code != 200} == {}


def test_every_item_figure_and_rule_has_a_page(pages: Pages) -> None:
    assert {f"/rules/{code}/" for code in BOOK.cards} <= set(pages)
    assert {f"/rules/rule/{rule.code}/" for rule in BOOK.rules} <= set(pages)


def test_every_page_loads_from_here_only(pages: Pages) -> None:
    for address, answer in pages.items():
        assert answer["Content-Security-Policy"].startswith("default-src 'self';"), address
        assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links_of(answer)), address
        assert "<script" not in answer.content.decode()
        assert "style=" not in answer.content.decode()
    assert "url(" not in (FOLDER / "desk.css").read_text(encoding="utf-8")


def test_every_page_is_chinese_and_has_a_title_of_its_own(pages: Pages) -> None:
    shown = {address: answer.content.decode() for address, answer in pages.items() if address.startswith("/rules/")}
    titles = {page.partition("<title>")[2].partition("</title>")[0] for page in shown.values()}
    assert all('<html lang="zh-CN">' in page and page.count("<h1>") == 1 for page in shown.values())
    assert len(titles) >= len(BOOK.cards) + len({rule.sentence for rule in BOOK.rules})


def test_every_page_of_an_item_says_what_its_card_says(pages: Pages) -> None:
    for code, card in BOOK.cards.items():
        text = text_of(pages[f"/rules/{code}/"])
        assert f"{code} {card.name}" in text
        assert all(f"{fact.label}{fact.text}" in text for fact in card.facts), code
        for rule in card.rules:
            assert " ".join(filter(None, (rule.level_name, rule.channel, rule.sentence))) in text
            assert f"{rule.code} 适用：{rule.valid} 容差：{rule.tolerance} 答复：{rule.answer}" in text


def test_every_page_of_a_rule_says_what_it_asks_and_of_which_items(pages: Pages) -> None:
    for rule in BOOK.rules:
        answer = pages[f"/rules/rule/{rule.code}/"]
        text = text_of(answer)
        for words in (
            rule.sentence,
            rule.level_name,
            rule.kind_name,
            rule.scope,
            rule.valid,
            rule.tolerance,
            rule.answer,
        ):
            assert words in text, rule.code
        assert {f"/rules/{code}/" for code in rule.items} <= set(links_of(answer)), rule.code


def test_one_may_leaf_through_all_items(pages: Pages) -> None:
    address, seen = f"/rules/{next(iter(BOOK.cards))}/", []
    while address:
        seen.append(address)
        page = pages[address].content.decode()
        address = page.partition('rel="next" href="')[2].partition('"')[0]
    assert seen == [f"/rules/{code}/" for code in BOOK.cards]
