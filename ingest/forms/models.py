"""Strict models of the form descriptions: an unknown key or item is an error that names the file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Description(BaseModel):
    """A part of a form's description; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cover(Description):
    """A sheet of labels with their values to the right; label → its spellings."""

    sheet: str
    labels: dict[str, tuple[str, ...]]


class Spellings(Description):
    """``names`` mean the item anywhere; ``short`` ones only under its group, or where the sheet has no groups."""

    names: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


class Group(Description):
    """A group of columns: the upper row of the header."""

    name: str
    spellings: tuple[str, ...] = ()
    items: dict[str, Spellings]


class CommunityTable(Description):
    """A row per community, a column per item."""

    sheet: str
    keys: dict[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    groups: tuple[Group, ...]


class ItemList(Description):
    """A row per item, its value in one column."""

    sheet: str
    keys: dict[str, tuple[str, ...]]
    items: dict[str, tuple[str, ...]]


class MonthlyReportForm(Description):
    """五星月报."""

    form: str
    name_zh: str
    cover: Cover
    communities: CommunityTable
    item_list: ItemList
    totals: tuple[str, ...]
    subtotals: tuple[str, ...]
    footers: tuple[str, ...]


class ProfileForm(Description):
    """概况表: a row per figure, a column per unit. Spellings of figures are the aliases of ``profile_figures.csv``."""

    form: str
    name_zh: str
    keys: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    county_columns: tuple[str, ...]
    ignored: tuple[str, ...]
    footers: tuple[str, ...]
