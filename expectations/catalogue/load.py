"""Reads the rule files into a catalogue; a wrong rule is refused with file, line, rule and reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from expectations.catalogue.edits import known_edits
from expectations.catalogue.kinds import ContentRule, ExpressionRule, MonthlyRule, StructureRule
from expectations.catalogue.models import RuleBase
from ingest.data_root import DataRoot

SHIPPED = Path(__file__).parent.parent / "rules"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where PyYAML was built so: 0.02 s instead of 0.24
MONTHLY: TypeAdapter[ExpressionRule | ContentRule | StructureRule] = TypeAdapter(MonthlyRule)


class CatalogueError(ValueError):
    """A rule file or one of its rules is wrong; the text names file, line, rule and reason."""


@dataclass(frozen=True)
class Catalogue:
    """All rules, disabled ones included, sorted by id."""

    rules: tuple[RuleBase, ...]

    @property
    def by_id(self) -> dict[str, RuleBase]:
        return {rule.id: rule for rule in self.rules}

    def expressions(self, month: date) -> tuple[ExpressionRule, ...]:
        """What the rule engine asks of ``month``."""
        return tuple(rule for rule in self.rules if isinstance(rule, ExpressionRule) and rule.asked_in(month))

    def structure(self, month: date) -> tuple[StructureRule, ...]:
        """What Great Expectations asks of ``month``."""
        return tuple(r for r in self._asked(month) if isinstance(r, StructureRule))

    def content(self, month: date) -> tuple[ContentRule, ...]:
        """What is asked of the whole of a submission of ``month``."""
        return tuple(r for r in self._asked(month) if isinstance(r, ContentRule))

    def printed(self, month: date) -> tuple[RuleBase, ...]:
        """What is asked of the 概况表 of ``month``."""
        return tuple(r for r in self._asked(month) if r.form == "profile")

    def _asked(self, month: date) -> tuple[RuleBase, ...]:
        return tuple(rule for rule in self.rules if rule.holds_on(month))

    @property
    def version(self) -> str:
        """16 hex digits that change with any rule."""
        content = [rule.model_dump(mode="json") for rule in self.rules]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def load_catalogue(root: DataRoot | None) -> Catalogue:
    """Shipped rules, replaced by those of the same id in the deployment's ``reference/rules/*.yml``.

    Raises CatalogueError.
    """
    own = sorted((root.reference / "rules").glob("*.yml")) if root else []
    rules = dict(_shipped_rules()) | _read_files(own)
    return Catalogue(tuple(rules[code] for code in sorted(rules)))


@cache
def _shipped_rules() -> tuple[tuple[str, RuleBase], ...]:
    return tuple(_read_files(sorted(SHIPPED.glob("*.yml"))).items())


def _read_files(paths: list[Path]) -> dict[str, RuleBase]:
    rules: dict[str, RuleBase] = {}
    for path in paths:
        for line, rule in read_rules(path):
            if rule.id in rules:
                raise CatalogueError(f"{path} 第 {line} 行，规则 {rule.id}：编号重复")
            rules[rule.id] = rule
    return rules


def read_rules(path: Path) -> list[tuple[int, RuleBase]]:
    """(line, rule) for each rule of one file. Raises CatalogueError."""
    text = path.read_text(encoding="utf-8")
    try:
        content, tree = yaml.load(text, LOADER), yaml.compose(text, LOADER)
    except yaml.YAMLError as error:
        raise CatalogueError(f"{path}：不是合法的 YAML：{error}") from error
    if not isinstance(content, dict) or set(content) != {"form", "rules"} or not isinstance(content["rules"], list):
        raise CatalogueError(f"{path}：顶层应恰有 form 与 rules 两项，rules 为列表")
    nodes = next(value for key, value in tree.value if key.value == "rules").value
    lines = [node.start_mark.line + 1 for node in nodes]
    return [
        (line, _rule(path, line, content["form"], rule)) for line, rule in zip(lines, content["rules"], strict=True)
    ]


def _rule(path: Path, line: int, form: str, content: Any) -> RuleBase:
    name = content.get("id", "（无编号）") if isinstance(content, dict) else "（无编号）"
    try:
        rule = _parse(form, content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise CatalogueError(f"{path} 第 {line} 行，规则 {name}：{where} {reason}") from error
    for edit in rule.edits:
        if edit not in known_edits():
            raise CatalogueError(f"{path} 第 {line} 行，规则 {name}：items.csv 中没有“{edit}”")
    return rule


def _parse(form: str, content: Any) -> RuleBase:
    if form == "profile":
        from expectations.printed.models import parse_rule

        return parse_rule(content)
    return MONTHLY.validate_python(content)
