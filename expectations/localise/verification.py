"""What verification rules say for or against a value: a rule that nearly all rows keep is evidence where one breaks it.

Such a rule does not say that something is wrong, so it decides nothing. It weighs as much as it tells: how often the
month's rows break it, against how often they would if the item took another row's value. A rule that only repeats
what the item's own spread says (±5 % on last month) comes out with no weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.catalogue import Catalogue
from expectations.catalogue.expression import Reference, Statement
from expectations.detect.columns import HUNDREDTHS
from expectations.detect.states import PASSED, VIOLATED, state_sql
from expectations.detect.table import wide_table
from expectations.history import Inputs
from expectations.localise.beliefs import Beliefs, Records
from expectations.localise.channel import Floats, Ints
from expectations.localise.compile import scale_of

COMPARED = 2_000  # records from which the weight of a rule is learned
DOUBT = 1.0  # records' worth: nothing is impossible because it was not seen


@dataclass(frozen=True)
class Verification:
    """The verification rules of a sheet over its records; ``table`` has them in the order of the sheet's frame."""

    beliefs: Beliefs
    statements: tuple[Statement, ...]
    table: pa.Table

    @classmethod
    def read(cls, inputs: Inputs, catalogue: Catalogue, beliefs: Beliefs, scope: str) -> Verification:
        statements = tuple(
            statement
            for rule in catalogue.expressions(inputs.month)
            if rule.level == "verification" and rule.scope == scope and rule.channel == "alert"
            for _, statement in rule.statements
        )
        references = tuple(dict.fromkeys(r for statement in statements for r in statement.references))
        table = wide_table(inputs, scope, references)
        present = pa.array(beliefs.sheet.frame.units, pa.string())
        return cls(beliefs, statements, table.filter(pc.is_in(table.column("unit"), value_set=present)))

    def gain(self, cell: int, records: Records, value: Ints) -> Floats:
        """(records,): how much more the rules speak for ``value`` in ``cell`` than for what was typed, as a log."""
        kept, batch = self.beliefs.kept, self.beliefs.sheet.frame.batch
        known = kept[:: len(kept) // COMPARED + 1]
        anew, by_step = _of_other_rows(batch.typed[known, cell], batch.past.last[known, cell])
        tried = [(records, value), (records, batch.typed[records, cell]), (known, batch.typed[known, cell]),
                 (known, anew), (known, by_step)]  # fmt: skip
        after, before, *learned = self._states(cell, tried)
        weights = self._weights(cell, *map(_shares, learned))
        return np.asarray(_said(after, weights).sum(axis=1) - _said(before, weights).sum(axis=1))

    def _weights(self, cell: int, seen: Floats, anew: Floats, by_step: Floats) -> Floats:
        """(PASSED and VIOLATED, rules): the log of how much oftener rows are so than another row's value makes them."""
        share = self.beliefs.belief(cell).starts_anew
        return np.asarray(np.log(seen) - np.log(share * anew + (1 - share) * by_step))

    def _states(self, cell: int, tried: list[tuple[Records, Ints]]) -> list[Ints]:
        """For each pair of records and values of ``cell``: (records, rules that read it) how they would end."""
        item = self.beliefs.sheet.compiled.system.cells[cell]
        name = str(Reference(item))
        asked = [s for s in self.statements if name in map(str, s.references)]
        records, values = (np.concatenate(part) for part in zip(*tried, strict=True))
        if not asked:
            return [np.empty((len(part), 0), np.int64) for part, _ in tried]
        names = dict.fromkeys(str(reference) for statement in asked for reference in statement.references)
        table = self.table.select(list(names)).take(pa.array(records))
        hundredths = pa.array(values * (HUNDREDTHS // scale_of(item)), pa.int64())
        table = table.set_column(table.schema.get_field_index(name), name, hundredths)
        return np.split(_ended(table, asked), np.cumsum([len(part) for part, _ in tried])[:-1])


def _ended(table: pa.Table, asked: list[Statement]) -> Ints:
    """(rows, rules): PASSED, VIOLATED, or a number above both where an operand is missing."""
    selected = ", ".join(f"{state_sql(statement)} as state_{k}" for k, statement in enumerate(asked))
    with duckdb.connect(":memory:") as con:
        con.register("changed", table.append_column("ordinal", pa.array(np.arange(len(table)))))
        found = con.execute(f"select {selected} from changed order by ordinal").fetchnumpy()
    return np.stack([np.asarray(column) for column in found.values()], axis=1)


def _of_other_rows(typed: Ints, previous: Floats) -> tuple[Ints, Ints]:
    """What another row's value would be, and last month's with another row's step."""
    step = np.where(np.isnan(previous), 0, typed - previous).astype(np.int64)
    return np.roll(typed, 1), typed - step + np.roll(step, 1)


def _shares(states: Ints) -> Floats:
    """(PASSED and VIOLATED, rules): the share of the rows that ended so; what could not be asked counts in neither."""
    counts = np.stack([(states == state).sum(axis=0) for state in (PASSED, VIOLATED)]) + DOUBT
    return np.asarray(counts / counts.sum(axis=0))


def _said(states: Ints, weights: Floats) -> Floats:
    """(records, rules): what each says of the record, as a log."""
    return np.where(states == PASSED, weights[0], 0.0) + np.where(states == VIOLATED, weights[1], 0.0)
