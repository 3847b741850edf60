"""What the rule pages show of a deployment's own rules and of its releases, and what they say where they cannot."""

from __future__ import annotations

import html
import os
from datetime import date

import duckdb
import pytest
from django.test import Client

from ingest.data_root import DataRoot
from tests.delivery.desk.pages import links_of, text_of, write_rule

MARCH, FEBRUARY = date(2024, 3, 1), date(2024, 2, 1)
HOSTILE = "男<script>alert(1)</script>&应有"


def release(root: DataRoot, *rows: tuple[date, str, str, int, int, int]) -> None:
    """A release with these rows of rule_executions, swapped in as publishing does."""
    new = root.published / "new.duckdb"
    with duckdb.connect(str(new)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.rule_executions (month date, subdistrict_code varchar, rule_code varchar, "
            "executed bigint, violated bigint, not_executed bigint)"
        )
        connection.executemany("insert into marts.rule_executions values (?, ?, ?, ?, ?, ?)", rows)
    os.replace(new, root.released_database)


def test_a_deployments_own_rule_shows_and_a_changed_one_without_a_restart(client: Client, root: DataRoot) -> None:
    assert client.get("/rules/rule/OWN/").status_code == 404
    write_rule(root, "班子里应有男成员")
    assert "班子里应有男成员" in text_of(client.get("/rules/B02/"))
    write_rule(root, "班子里至少有一名男成员")
    changed = text_of(client.get("/rules/B02/"))
    assert "班子里至少有一名男成员" in changed
    assert "班子里应有男成员" not in changed


@pytest.mark.parametrize("address", ["/rules/B02/", "/rules/rule/OWN/", "/rules/?q=OWN"])
def test_markup_in_a_rule_is_text(client: Client, root: DataRoot, address: str) -> None:
    write_rule(root, HOSTILE)
    page = client.get(address).content.decode()
    assert html.escape(HOSTILE) in page
    assert "<script" not in page


def test_a_wrong_rule_file_is_named_until_it_is_mended(client: Client, root: DataRoot) -> None:
    write_rule(root, "短")
    refused = client.get("/rules/B02/")
    assert refused.status_code == 503
    assert "规则文件有误，改好后刷新本页即可 reference/rules/own.yml 第 3 行，规则 OWN：" in text_of(refused)
    write_rule(root, "班子里应有男成员")
    assert client.get("/rules/B02/").status_code == 200


def test_a_table_saved_by_excel_in_another_encoding_is_said(client: Client, root: DataRoot) -> None:
    (root.reference / "star_criteria.csv").write_bytes("标准,名称\n".encode("gbk"))
    refused = client.get("/rules/")
    assert refused.status_code == 503
    assert "不是 UTF-8 编码" in text_of(refused)


def test_a_rule_says_how_it_fared_in_the_last_month_that_asked_it(client: Client, root: DataRoot) -> None:
    assert "还没有发布过数据" in text_of(client.get("/rules/rule/TEAM-SEX/"))
    release(
        root,
        (FEBRUARY, "990101001000", "TEAM-SEX", 10, 5, 0),
        (MARCH, "990101001000", "TEAM-SEX", 10, 1, 0),
        (MARCH, "990101002000", "TEAM-SEX", 8, 0, 2),
        (FEBRUARY, "990101001000", "SURPLUS", 7, 0, 0),
    )
    assert "2024-03：执行 18 次，违反 1 次，未执行 2 次（缺数，不作错误）" in text_of(
        client.get("/rules/rule/TEAM-SEX/")
    )
    assert "2024-02：执行 7 次，违反 0 次，未执行 0 次 涉及" in text_of(client.get("/rules/rule/SURPLUS/"))
    assert "已发布的数据里还没有核对过这条规则" in text_of(client.get("/rules/rule/TOTAL-ROW/"))


def test_a_new_release_shows_at_the_next_view(client: Client, root: DataRoot) -> None:
    release(root, (MARCH, "990101001000", "TEAM-SEX", 10, 1, 0))
    assert "违反 1 次" in text_of(client.get("/rules/rule/TEAM-SEX/"))
    release(root, (MARCH, "990101001000", "TEAM-SEX", 10, 0, 0))
    assert "违反 0 次" in text_of(client.get("/rules/rule/TEAM-SEX/"))


@pytest.mark.parametrize(
    "address", ["/rules/X99/", "/rules/rule/NOTHING/", "/rules/rule/", "/nothing", "/static/a.css"]
)
def test_what_is_not_there_is_said_beside_a_search_box(client: Client, address: str) -> None:
    answer = client.get(address, follow=True)
    assert answer.status_code == 404
    assert "没有" in text_of(answer)
    assert 'role="search"' in answer.content.decode()


def test_a_code_may_be_typed_in_small_letters(client: Client) -> None:
    assert client.get("/rules/b02/")["Location"] == "/rules/B02/"
    assert client.get("/rules/rule/team-sex/")["Location"] == "/rules/rule/TEAM-SEX/"
    assert client.get("/rules/B02")["Location"] == "/rules/B02/"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("b02", "B02"),  # by code
        ("Ｂ０２", "B02"),  # as an input method writes it
        ("班子男", "B02"),  # a spelling of the header
        ("总户数（户）", "P01"),  # with the unit in its bracket
        ("B02 其中男", "B02"),  # copied from a workbook
        ("平安法治", "F04"),  # a star
        ("占全市面积", "T02"),  # the 概况表
    ],
)
def test_an_item_is_found_by_code_name_and_header(client: Client, query: str, found: str) -> None:
    answer = client.get("/rules/", {"q": query})
    assert f"/rules/{found}/" in links_of(answer)
    assert "/rules/E01/" not in links_of(answer)


def test_a_rule_is_found_by_its_sentence_and_nothing_is_said_to_be_found_where_nothing_is(client: Client) -> None:
    assert "/rules/rule/TEAM-SEX/" in links_of(client.get("/rules/", {"q": "班子男女之和"}))
    nothing = client.get("/rules/", {"q": '"><script>甲'})
    assert "没有编号、名称、表头或规则与" in text_of(nothing)
    assert "<script" not in nothing.content.decode()
    assert "/rules/E01/" in links_of(client.get("/rules/", {"q": " 。 "}))


def test_a_request_by_another_host_name_is_refused(client: Client) -> None:
    refused = client.get("/rules/", headers={"host": "elsewhere.invalid"})
    assert refused.status_code == 400
    assert "--name" in text_of(refused)


def test_pages_can_only_be_read(client: Client) -> None:
    assert client.post("/rules/").status_code == 405
    assert client.get("/healthz").content == b"ok\n"


def test_no_page_may_be_framed_or_guessed_at(client: Client) -> None:
    for answer in (client.get("/rules/"), client.get("/nothing")):
        assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_style_sheet_is_asked_for_once_a_version(client: Client) -> None:
    address = next(link for link in links_of(client.get("/rules/")) if link.endswith(".css"))
    answer = client.get(address)
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"] == "text/css; charset=utf-8"


def test_what_fails_here_is_a_page_and_the_trace_goes_to_the_server(
    client: Client, root: DataRoot, caplog: pytest.LogCaptureFixture
) -> None:
    root.released_database.write_bytes(b"no database" * 1000)
    answer = client.get("/rules/rule/TEAM-SEX/")
    assert answer.status_code == 500
    assert "程序内部出错" in text_of(answer)
    assert "duckdb" not in text_of(answer)
    assert [record.exc_info[0].__name__ for record in caplog.records if record.exc_info] == ["IOException"]
