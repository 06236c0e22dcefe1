"""Bedside scores over a million patients at a time: the same charts as one patient at a time, with the same answers.

    scored = score_columns(CHART, {"respiratory_rate": rates, "consciousness": levels, ...})

Each row of the chart becomes a lookup table over the whole steps of its precision. The tables are filled by asking the scalar chart of
`wardline.core.scoring` once for every entry: there is one definition and no second opinion.

Numbers come as float arrays with NaN for missing, or as integers. Coded answers come as text with "" for missing, as numbers or as
booleans; object arrays with None work too, more slowly. A name left out is missing in every row. Defaults that a need prescribes
(scale 1 of NEWS2) are the caller's to fill in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from types import SimpleNamespace
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from wardline.core.quantities import HAIR
from wardline.core.scoring import Bands, Chart, Choice, Codes, Table

Column: TypeAlias = npt.NDArray[Any]
Places: TypeAlias = npt.NDArray[np.int32]
Counts: TypeAlias = npt.NDArray[np.int32]

CHUNK: Final = 16_384
"""Rows worked on at once: what is computed on the way stays in the processor's cache."""

# A total, what the missing inputs can add to it, and how many are missing travel in one integer (12, 12 and 8 bits), so that each row
# of the chart is one look into one table.
LARGEST: Final = (1 << 11) - 1
TOTAL: Final = 20
ADDED: Final = 8


@dataclass(frozen=True, slots=True)
class Scored:
    """What a chart says about each row: the total, the most it could be, and how many inputs are missing."""

    total: Counts
    at_most: Counts
    missing: Counts


def score_columns(chart: Chart, columns: Mapping[str, Column]) -> Scored:
    """Evaluate the chart over columns of equal length. Raises `ValueError` for an unknown name or an answer without points."""
    lookups = _lookups(chart)
    known = sorted({axis.name for lookup in lookups for axis in lookup.axes})
    for name in columns:
        if name not in known:
            raise ValueError(f"{name!r} is no input of this chart; its inputs are {', '.join(known)}")
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    lengths = {len(array) for array in arrays.values()}
    if len(lengths) != 1:
        raise ValueError("columns of one length are needed")
    length = lengths.pop()
    scored = Scored(*(np.empty(length, np.int32) for _ in range(3)))
    for start in range(0, length, CHUNK):
        part = slice(start, start + CHUNK)
        chunk = {name: array[part] for name, array in arrays.items()}
        packed = np.zeros(len(scored.total[part]), np.int32)
        for lookup in lookups:
            lookup.add(chunk, packed)
        added = packed << TOTAL - ADDED >> TOTAL  # below zero where an input can only take points away
        scored.total[part] = total = packed - (added << ADDED) >> TOTAL
        scored.at_most[part] = total + added
        scored.missing[part] = packed & (1 << ADDED) - 1
    return scored


# --- from values to places in a table -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbers as places 1, 2, 3 ...: the whole steps from the lowest band's edge to just above the highest. Place 0 is "missing"."""

    name: str
    step: float
    lowest: int
    size: int

    def representatives(self) -> Iterator[Any]:
        """One value for every place."""
        yield None
        yield from ((self.lowest + place) * self.step for place in range(self.size - 1))

    def places(self, column: Column) -> Places:
        # The very operations of `quantities.steps` in their order, so that 38.05 falls where it falls for one patient.
        numbers = column if column.dtype.kind in "fiu" else column.astype(np.float64)  # None becomes NaN
        values: npt.NDArray[np.float64] = np.add(
            numbers if self.step == 1 else np.divide(numbers, self.step, dtype=np.float64), 0.5, dtype=np.float64
        )
        values += HAIR
        values -= self.lowest - 1
        np.clip(values, 1, self.size - 1, out=values)
        is_missing = np.isnan(values)
        if is_missing.any():
            values[is_missing] = 0
        return values.astype(np.int32)


@dataclass(frozen=True, slots=True)
class Answers:
    """Coded answers as places 1, 2, 3 ... in the order of the table. Place 0 is "missing"."""

    name: str
    answers: tuple[Any, ...]
    must_be_listed: bool
    """Whether another answer is an error. An input that chooses among tables may have one; then no table is chosen."""

    @property
    def size(self) -> int:
        return len(self.answers) + 1

    def representatives(self) -> Iterator[Any]:
        yield None
        yield from self.answers

    def places(self, column: Column) -> Places:
        if column.dtype.kind == "O":
            return self._one_by_one(column)
        is_text = column.dtype.kind == "U"
        # Single letters compare ten times faster as the numbers they are stored as.
        are_letters = column.dtype == np.dtype("U1")
        keys = np.ascontiguousarray(column).view(np.uint32) if are_letters else column
        places = np.zeros(len(column), np.uint8)
        for place, answer in enumerate(self.answers, start=1):
            if isinstance(answer, str) is is_text and not (are_letters and len(answer) != 1):
                places += (keys == (ord(answer) if are_letters else answer)).view(np.uint8) * np.uint8(place)
        if self.must_be_listed and not places.all():
            is_missing = column == "" if is_text else column != column  # NaN is the number that is not itself
            self._refuse(column[(places == 0) & ~is_missing])
        return places.astype(np.int32)

    def _one_by_one(self, column: Column) -> Places:
        known = {answer: place for place, answer in enumerate(self.answers, start=1)}
        places = np.fromiter((known.get(answer, 0) for answer in column), np.int32, len(column))
        if self.must_be_listed:
            self._refuse([answer for answer in column[places == 0] if answer not in (None, "") and answer == answer])
        return places

    def _refuse(self, others: Any) -> None:
        if len(others):
            raise ValueError(f"no points are defined for the answer {others[0]!r} of {self.name}")


# --- from places to points ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lookup:
    """One row of the chart: its points for every combination of places of the inputs it depends on."""

    axes: tuple[Steps | Answers, ...]
    packed: Counts

    def add(self, columns: Mapping[str, Column], packed: Counts) -> None:
        """Add this row's points to the totals."""
        first, *others = self.axes
        places = _places(first, columns, len(packed))
        for axis in others:
            places *= axis.size
            places += _places(axis, columns, len(packed))
        packed += self.packed.take(places)


def _places(axis: Steps | Answers, columns: Mapping[str, Column], length: int) -> Places:
    return axis.places(columns[axis.name]) if axis.name in columns else np.zeros(length, np.int32)


@lru_cache(maxsize=64)
def _lookups(chart: Chart) -> tuple[Lookup, ...]:
    if sum(max(abs(table.least), abs(table.most), table.most - table.least) for _, table in chart.tables) > LARGEST or len(chart.tables) > 127:
        raise ValueError(f"a chart of more than {LARGEST} points or 127 inputs cannot be scored by column")
    return tuple(_lookup(name, table) for name, table in chart.tables)


def _lookup(name: str, table: Table) -> Lookup:
    selectors = {by: Answers(by, answers, must_be_listed=False) for by, answers in _selectors(table).items()}
    axes = (*selectors.values(), _axis(name, [*_leaves(table)]))
    row = Chart(((name, table),))
    names = [axis.name for axis in axes]
    every = product(*(axis.representatives() for axis in axes))
    scores = (row(SimpleNamespace(**dict(zip(names, values, strict=True)))) for values in every)
    packed = [(score.total << TOTAL) + (score.at_most - score.total << ADDED) + len(score.missing) for score in scores]
    return Lookup(axes, np.array(packed, np.int32))


def _selectors(table: Table) -> dict[str, tuple[Any, ...]]:
    """The inputs that choose among tables, with every answer that chooses one."""
    if not isinstance(table, Choice):
        return {}
    found: dict[str, tuple[Any, ...]] = {table.by: tuple(answer for answer, _ in table.tables)}
    for _, option in table.tables:
        for by, answers in _selectors(option).items():
            found[by] = tuple(dict.fromkeys((*found.get(by, ()), *answers)))
    return found


def _leaves(table: Table) -> Iterator[Bands | Codes]:
    if not isinstance(table, Choice):
        yield table
        return
    for _, option in table.tables:
        yield from _leaves(option)


def _axis(name: str, leaves: list[Bands | Codes]) -> Steps | Answers:
    """The places of the value itself, fine enough for every table it may be looked up in."""
    bands = [leaf for leaf in leaves if isinstance(leaf, Bands)]
    codes = [leaf for leaf in leaves if isinstance(leaf, Codes)]
    if codes and not bands:
        return Answers(name, tuple(dict.fromkeys(answer for leaf in codes for answer, _ in leaf.scores)), must_be_listed=True)
    if codes or len({leaf.step for leaf in bands}) != 1:
        raise ValueError(f"the tables of {name} differ in kind or precision")
    lowest = min(leaf.edges[0] for leaf in bands)
    highest = max(leaf.edges[-1] for leaf in bands) + 1
    return Steps(name, bands[0].step, lowest, highest - lowest + 2)
