"""Loads the form descriptions and holds them against the reference tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from ingest.forms.models import Description, MonthlyReportForm, ProfileForm
from ingest.reference import items

FOLDER = Path(__file__).parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # where libyaml is there, it is ten times faster
AnyForm = TypeVar("AnyForm", bound=Description)


class FormError(ValueError):
    """A form description is wrong; the text names file, place and reason."""


def read_form(path: Path, model: type[AnyForm]) -> AnyForm:
    """The description in ``path``. Raises FormError."""
    try:
        return model.model_validate(yaml.load(path.read_text(encoding="utf-8"), LOADER))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FormError(f"{path}，{place}：{first['msg']}") from error
    except yaml.YAMLError as error:
        raise FormError(f"{path}：{error}") from error


@cache
def monthly_report_form() -> MonthlyReportForm:
    """The description of 五星月报; it names every item of ``items.csv`` once."""
    path = FOLDER / "monthly_report.yml"
    form = read_form(path, MonthlyReportForm)
    described = [code for group in form.communities.groups for code in group.items]
    _compare(path, described, "community")
    _compare(path, list(form.item_list.items), "subdistrict")
    return form


def _compare(path: Path, described: list[str], sheet: str) -> None:
    wanted = [item.item_code for item in items() if item.sheet == sheet]
    wrong = sorted(set(described) ^ set(wanted)) + [code for code in wanted if described.count(code) > 1]
    if wrong:
        raise FormError(f"{path}：下列指标与 items.csv 不符（缺、多或重复）：{'、'.join(wrong)}")


@cache
def profile_form() -> ProfileForm:
    """The description of 概况表."""
    return read_form(FOLDER / "profile.yml", ProfileForm)
