from __future__ import annotations

from pathlib import Path

import pytest

from examples.synthetic import write_workbooks
from tests.examples.reading import Book, read_book


@pytest.fixture(scope="session")
def true_paths(tmp_path_factory) -> list[Path]:
    return write_workbooks(tmp_path_factory.mktemp("true"), slips=False)


@pytest.fixture(scope="session")
def slipped_paths(tmp_path_factory) -> list[Path]:
    return write_workbooks(tmp_path_factory.mktemp("slipped"), slips=True)


@pytest.fixture(scope="session")
def true_books(true_paths) -> list[Book]:
    return [read_book(path) for path in true_paths]


@pytest.fixture(scope="session")
def slipped_books(slipped_paths) -> list[Book]:
    return [read_book(path) for path in slipped_paths]


@pytest.fixture(scope="session")
def histories(true_books) -> dict[str, list[dict]]:
    """Community code → its fifteen months, in order."""
    months: dict[str, list[dict]] = {}
    for book in sorted(true_books, key=lambda book: book.month):
        for code, row in book.communities.items():
            months.setdefault(code, []).append({**row, "month": book.month})
    return months


@pytest.fixture(scope="session")
def last_month(true_books) -> dict[str, Book]:
    """Sub-district code → its workbook of the last month."""
    last = max(book.month for book in true_books)
    return {book.subdistrict: book for book in true_books if book.month == last}
