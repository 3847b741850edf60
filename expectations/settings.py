"""The few numbers that say how much may be asked; what is a rule or a threshold of one stands in ``rules/``."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.data_root import DataRoot

SHIPPED = Path(__file__).parent / "settings.yml"

Share = Annotated[Decimal, Field(gt=0, le=1)]


class SettingsError(ValueError):
    """A settings file is wrong; the text names file, key and reason."""


class Settings(BaseModel):
    """``budget`` counts questions per community and month, ``calibration_prior`` outcomes; shares are of 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    budget: Annotated[int, Field(ge=0)]
    rehearsal_share_of_units: Share
    rehearsal_share_of_mandatory: Share
    calibration_prior: Annotated[int, Field(ge=1)]


@cache
def shipped_settings() -> Settings:
    """What holds where a deployment says nothing else."""
    return _settings(SHIPPED, _read(SHIPPED))


def read_settings(root: DataRoot) -> Settings:
    """The shipped settings with what the deployment's ``reference/settings.yml`` replaces. Raises SettingsError."""
    own = root.reference / SHIPPED.name
    return _settings(own, _read(SHIPPED) | _read(own)) if own.exists() else shipped_settings()


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}：不是合法的 YAML：{error}") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{path}：顶层应为“名称: 值”")
    return content


def _settings(path: Path, content: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}：{where} {first['msg']}") from error
