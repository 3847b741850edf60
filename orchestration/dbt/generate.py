"""Writes what the dbt project derives from ``ingest/reference/items.csv``: run by ``make generate``, checked by a test.

Here belong only files that follow from the item list: the macro that hands it to SQL, and the contracts of the models
with a column per item. Everything else in ``dbt_project`` is written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.reference import Item, items

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
HEADER = "Generated from ingest/reference/items.csv by `make generate`; do not edit."

SQL_TYPES = {
    "integer": "bigint",
    "money": "decimal(18, 2)",
    "mean": "decimal(18, 2)",
    "yes_no": "boolean",
    "choice": "varchar",
    "bits": "varchar",
}
NOT_NUMBERS = {"choice", "bits"}


@dataclass(frozen=True)
class Column:
    """A column of a generated contract; the description is Chinese, then English."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class WideModel:
    """A model with a column per item; ``grain`` where a test holds it."""

    folder: str
    name: str
    description: str
    columns: tuple[Column, ...]
    grain: tuple[str, ...] = ()


MONTH = Column("month", "date", "月份，当月一日 | month, its first day")
SUBDISTRICT = Column("subdistrict_code", "varchar", "街道代码 | code of the sub-district")
SUBMISSION = Column("submission_id", "varchar", "取数的报送 | the submission that it was read from")
COMMUNITY = Column("community_code", "varchar", "社区代码 | code of the community")
SERIES = Column("series_code", "varchar", "序列代码，见 dim_community_succession | code of the series")
CELL = (
    Column("workbook", "varchar", "工作簿文件名 | name of the workbook"),
    Column("sheet", "varchar", "工作表 | sheet"),
    Column("row_number", "integer", "行号 | row number in the sheet"),
)
REPORTED = (
    Column("communities_reported", "integer", "已报社区数 | communities with a row"),
    Column("incomplete_items", "varchar", "有社区未填的指标代码，以 ; 分隔 | items that some community left blank"),
)


def _items(sheet: str, additive: bool = False) -> tuple[Item, ...]:
    return tuple(item for item in items() if item.sheet == sheet and (item.additive or not additive))


def _columns(wanted: tuple[Item, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(
            item.column_name,
            SQL_TYPES[item.value_type],
            f"{item.item_code} {item.name_zh}（{item.unit}） | {item.column_name.replace('_', ' ')}",
        )
        for item in wanted
    )


def wide_models() -> list[WideModel]:
    """The models whose columns follow from the item list; those of marts get an enforced contract."""
    community, own = _items("community"), _items("subdistrict")
    community_row = (SUBMISSION, MONTH, SUBDISTRICT, COMMUNITY, *CELL)
    return [
        WideModel(
            "staging/monthly_report",
            "stg_monthly_report__communities",
            "社区月报各行，全部版本。 | Rows of 社区月报, all versions.",
            community_row + _columns(community),
        ),
        WideModel(
            "staging/monthly_report",
            "stg_monthly_report__subdistricts",
            "街道汇总，全部版本。 | 街道汇总, all versions.",
            (SUBMISSION, MONTH, SUBDISTRICT, *CELL, *_columns(own)),
        ),
        WideModel(
            "intermediate/monthly_report",
            "int_communities__latest",
            "各社区取数的一行。 | The row that counts of each community.",
            community_row + _columns(community),
        ),
        WideModel(
            "intermediate/monthly_report",
            "int_subdistricts__latest",
            "各街道取数的街道汇总。 | The item list that counts of each sub-district.",
            (SUBMISSION, MONTH, SUBDISTRICT, *_columns(own)),
        ),
        WideModel(
            "marts/community",
            "community_month",
            "社区月报，每社区每月一行，取最新一次报送。 | Monthly figures of each community, latest version.",
            (MONTH, COMMUNITY, SUBDISTRICT, SUBMISSION, *_columns(community), *CELL),
            grain=("month", "community_code"),
        ),
        WideModel(
            "marts/community",
            "community_series",
            "可加指标的连贯序列，跨改名、合并、分设。 | Additive items as series that run on over changes of units.",
            (MONTH, SERIES, *_columns(_items("community", additive=True)), *REPORTED),
            grain=("month", "series_code"),
        ),
        WideModel(
            "marts/community",
            "subdistrict_month",
            "街道每月一行：各社区可加指标之和，与街道汇总。 | Sums over communities, and the sub-district's own items.",
            (MONTH, SUBDISTRICT, SUBMISSION, *_columns(_items("community", additive=True) + own), *REPORTED),
            grain=("month", "subdistrict_code"),
        ),
    ]


def item_macro() -> str:
    """The item list as a dbt macro that returns a list of dicts."""
    lines = [f"{{#- {HEADER} -#}}", "{% macro items() %}", "    {{-", "        return(", "            ["]
    lines += [f"                {_item_entry(item)}," for item in items()]
    return "\n".join([*lines, "            ]", "        )", "    -}}", "{% endmacro %}", ""])


def _item_entry(item: Item) -> str:
    entry = {
        "code": item.item_code,
        "column": item.column_name,
        "sheet": item.sheet,
        "type": SQL_TYPES[item.value_type],
        "additive": item.additive,
        "asked": item.asked,
        "numeric": item.value_type not in NOT_NUMBERS,
    }
    pairs = (f'"{key}": {_jinja(value)}' for key, value in entry.items())
    return "{" + ", ".join(pairs) + "}"


def _jinja(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def contract(models: list[WideModel]) -> str:
    """The ``models:`` YAML of one folder."""
    text = yaml.safe_dump(
        {"version": 2, "models": [_model(model) for model in models]}, allow_unicode=True, sort_keys=False, width=1000
    )
    return f"# {HEADER}\n{text}"


def _model(model: WideModel) -> dict[str, object]:
    tests = [{"unique_grain": {"arguments": {"columns": list(model.grain)}}}]
    return {
        "name": model.name,
        "description": model.description,
        "config": {"group": "warehouse", "meta": {"owner": "数据工程"}},
        **({"data_tests": tests} if model.grain else {}),
        "columns": [vars(column) for column in model.columns],
    }


def generated_files() -> dict[Path, str]:
    """Each generated file and its content."""
    files = {PROJECT / "macros" / "generated" / "items.sql": item_macro()}
    for folder in dict.fromkeys(model.folder for model in wide_models()):
        models = [model for model in wide_models() if model.folder == folder]
        files[PROJECT / "models" / folder / f"_{Path(folder).name}__models.yml"] = contract(models)
    return files


def main() -> None:
    for path, content in generated_files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
