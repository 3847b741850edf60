"""What asking one rule of one column gave."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.violation import Operand


@dataclass(frozen=True)
class Check:
    """Held where ``detail`` is None; else the cells that take part, and the arithmetic in Chinese.

    The unit is named only where several take part: a finding's message begins with the unit that it is about.
    """

    operands: tuple[Operand, ...]
    detail: str | None


HELD = Check((), None)
