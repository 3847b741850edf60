"""The kinds of rules over printed figures, as they stand in ``expectations/rules/profile.yml``.

A *column* rule is asked of every column (each sub-district, and 合计); a *roll-up* compares the sub-districts' columns
with 合计. Here is only what a rule says; how it is decided stands in ``columns.py``, ``means.py`` and ``rollups.py``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from expectations.catalogue.models import Form, RuleBase, Scope
from expectations.printed.intervals import Rounding
from ingest.reference import profile_figures


def _known(code: str) -> str:
    if code not in {figure.figure_code for figure in profile_figures()}:
        raise ValueError(f"概况表没有指标 {code}（见 ingest/reference/profile_figures.csv）")
    return code


FigureCode = Annotated[str, AfterValidator(_known)]
FigureCodes = Annotated[tuple[FigureCode, ...], Field(min_length=1)]


class PrintedRule(RuleBase):
    """A rule over figures of the 概况表; ``rounding`` says how its percentages and means were cut."""

    form: Form = "profile"
    scope: Scope = "profile"
    rounding: Rounding = "nearest"

    def _codes(self) -> tuple[str | None, ...]:
        raise NotImplementedError(self.kind)

    @property
    def item_codes(self) -> tuple[str, ...]:
        return tuple(sorted({code for code in self._codes() if code}))


class Balance(PrintedRule):
    """The addends make up the total. ``blank_is_zero``: a blank addend counts as 0 once another one is filled."""

    kind: Literal["balance"] = "balance"
    addends: FigureCodes
    total: FigureCode
    blank_is_zero: bool = False

    def _codes(self) -> tuple[str | None, ...]:
        return (*self.addends, self.total)

    @property
    def formula(self) -> str:
        return f"{'+'.join(self.addends)}={self.total}"


class Ratio(PrintedRule):
    """``figure = numerator ÷ denominator × scale``; of a percentage without its count, some whole number must fit."""

    kind: Literal["ratio"] = "ratio"
    figure: FigureCode
    numerator: FigureCode
    denominator: FigureCode
    scale: Literal[1, 100] = 100

    def _codes(self) -> tuple[str | None, ...]:
        return (self.figure, self.numerator, self.denominator)

    @property
    def formula(self) -> str:
        percent = "×100" if self.scale == 100 else ""
        return f"{self.figure}={self.numerator}÷{self.denominator}{percent}"


class Bands(PrintedRule):
    """The shares part the base: whole numbers with these shares add up to it; without the base, the shares to 100 %."""

    kind: Literal["bands"] = "bands"
    shares: FigureCodes
    base: FigureCode

    def _codes(self) -> tuple[str | None, ...]:
        return (*self.shares, self.base)

    @property
    def formula(self) -> str:
        return f"{'+'.join(self.shares)}=100%（基数{self.base}）"


class AgeBand(BaseModel):
    """The figure that counts those of ``low`` ≤ age < ``high``, in years, or gives their share in %."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    figure: FigureCode
    low: int
    high: int


class MeanInBands(PrintedRule):
    """The mean can be reached from the bands' counts or shares."""

    kind: Literal["mean_in_bands"] = "mean_in_bands"
    mean: FigureCode
    bands: Annotated[tuple[AgeBand, ...], Field(min_length=2)]

    def _codes(self) -> tuple[str | None, ...]:
        return (self.mean, *(band.figure for band in self.bands))

    @property
    def formula(self) -> str:
        return f"{self.mean}∈[{'+'.join(band.figure for band in self.bands)}]"


class AtMost(PrintedRule):
    """The parts together are at most the whole, or the share ``whole`` (in %) of ``base``."""

    kind: Literal["at_most"] = "at_most"
    parts: FigureCodes
    whole: FigureCode
    base: FigureCode | None = None

    def _codes(self) -> tuple[str | None, ...]:
        return (*self.parts, self.whole, self.base)

    @property
    def formula(self) -> str:
        base = f"×{self.base}" if self.base else ""
        return f"{'+'.join(self.parts)}≤{self.whole}{base}"


class PartOfWhole(PrintedRule):
    """A sub-district's ``part`` is printed as a ``share`` of the whole; the whole holds all sub-districts' parts."""

    kind: Literal["part_of_whole"] = "part_of_whole"
    part: FigureCode
    share: FigureCode

    def _codes(self) -> tuple[str | None, ...]:
        return (self.part, self.share)

    @property
    def formula(self) -> str:
        return f"Σ{self.part}≤{self.part}÷{self.share}"


class RollupSum(PrintedRule):
    """合计 is the sum over sub-districts: of ``figure``, or of the shares ``figure`` of ``base`` against ``total``."""

    kind: Literal["rollup_sum"] = "rollup_sum"
    figure: FigureCode
    base: FigureCode | None = None
    total: FigureCode | None = None

    def _codes(self) -> tuple[str | None, ...]:
        return (self.figure, self.base, self.total)

    @property
    def total_figure(self) -> str:
        return self.total or self.figure

    @property
    def formula(self) -> str:
        base = f"×{self.base}" if self.base else ""
        return f"Σ{self.figure}{base}={self.total_figure}（合计）"


class RollupMean(PrintedRule):
    """The mean in 合计 is the mean of the sub-districts' means, weighted by ``weight``."""

    kind: Literal["rollup_mean"] = "rollup_mean"
    figure: FigureCode
    weight: FigureCode

    def _codes(self) -> tuple[str | None, ...]:
        return (self.figure, self.weight)

    @property
    def formula(self) -> str:
        return f"Σ{self.figure}×{self.weight}÷Σ{self.weight}={self.figure}（合计）"


class SameValue(PrintedRule):
    """The figure equals its neighbour although another rule says already that it cannot be right: copied by mistake."""

    kind: Literal["same_value"] = "same_value"
    figure: FigureCode
    neighbour: FigureCode

    def _codes(self) -> tuple[str | None, ...]:
        return (self.figure, self.neighbour)

    @property
    def formula(self) -> str:
        return f"{self.figure}≠{self.neighbour}"


AnyPrintedRule = Annotated[
    Balance | Ratio | Bands | MeanInBands | AtMost | PartOfWhole | RollupSum | RollupMean | SameValue,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[PrintedRule] = TypeAdapter(AnyPrintedRule)


def parse_rule(rule: dict[str, Any]) -> PrintedRule:
    """The rule of one YAML mapping. Raises pydantic.ValidationError: the catalogue's loader adds file and line."""
    return _ADAPTER.validate_python(rule)
