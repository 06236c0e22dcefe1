"""The grammar of bedside scores: tables read like the published chart and can be evaluated one patient or a million at a time.

    RESPIRATION = bands((8, 3), (11, 1), (20, 0), (24, 2), above=3)

reads "8 or less: 3, up to 11: 1, up to 20: 0, up to 24: 2, above that: 3". Values are rounded half up to the chart's precision
(`step`) first, so that 38.05 and 24.4 fall where the chart puts them. The column evaluator in `wardline.science.scoring`
reads the same tables.
"""

import itertools
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.findings import Evidence
from wardline.core.quantities import plain, steps

_new: Final = tuple.__new__


@dataclass(frozen=True, slots=True)
class Bands:
    """Points by range. `edges` are the inclusive upper ends in steps of the chart's precision."""

    edges: tuple[int, ...]
    scores: tuple[int, ...]
    step: float
    labels: tuple[str, ...]
    """Each band as the chart prints it: "≤8", "21–24", "≥25"."""

    def lookup(self, value: float) -> tuple[int, str]:
        """Points and label of the band a value falls into."""
        place = bisect_left(self.edges, steps(value, self.step))
        return self.scores[place], self.labels[place]

    def rows(self) -> tuple[tuple[float | None, float | None, int], ...]:
        """(from, to, points) per band for drawing; None is an open end."""
        lows = (None, *(self._value(edge + 1) for edge in self.edges))
        highs = (*(self._value(edge) for edge in self.edges), None)
        return tuple(zip(lows, highs, self.scores, strict=True))

    def _value(self, edge: int) -> float:
        return round(edge * self.step, 6)

    @property
    def most(self) -> int:
        return max(self.scores)

    @property
    def least(self) -> int:
        return min(self.scores)


@dataclass(frozen=True, slots=True)
class Codes:
    """Points by coded answer, True and False included."""

    scores: tuple[tuple[Any, int], ...]
    labels: tuple[str, ...]

    def lookup(self, value: Any) -> tuple[int, str]:
        """Points and label of an answer."""
        for place, (code, score) in enumerate(self.scores):
            if code == value:
                return score, self.labels[place]
        raise ValueError(f"no points are defined for the answer {value!r}")

    @property
    def most(self) -> int:
        return max(score for _, score in self.scores)

    @property
    def least(self) -> int:
        return min(score for _, score in self.scores)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several tables, depending on another input: SpO2 scale 1 or 2, on air or on oxygen."""

    by: str
    tables: tuple[tuple[Any, "Table"], ...]

    def table(self, inputs: Any) -> "Table | None":
        """The table that applies, or None while the input it depends on is missing."""
        answered = getattr(inputs, self.by)
        for answer, table in self.tables:
            if answer == answered:
                return table
        return None

    def chosen(self, inputs: Any) -> "Bands | Codes | None":
        """The table at the end of nested choices, or None while an input they depend on is missing."""
        table = self.table(inputs)
        return table.chosen(inputs) if isinstance(table, Choice) else table

    @property
    def most(self) -> int:
        return max(table.most for _, table in self.tables)

    @property
    def least(self) -> int:
        return min(table.least for _, table in self.tables)


Table: TypeAlias = Bands | Codes | Choice


def bands(*upper: tuple[float, int], above: int, step: float = 1) -> Bands:
    """A table of ranges: pairs of (inclusive upper end, points) in rising order, then the points above the last.

    `step` is the chart's precision: 1 for whole numbers, 0.1 for temperatures.
    """
    edges = tuple(steps(edge, step) for edge, _ in upper)
    if list(edges) != sorted(set(edges)):
        raise ValueError("band edges must rise")
    return Bands(edges, (*(points for _, points in upper), above), step, _labels(edges, step))


def _labels(edges: tuple[int, ...], step: float) -> tuple[str, ...]:
    def shown(edge: int) -> str:
        return f"{edge * step:.1f}" if step == 0.1 else plain(round(edge * step, 6))

    between = (shown(high) if low + 1 == high else f"{shown(low + 1)}–{shown(high)}" for low, high in itertools.pairwise(edges))
    return f"≤{shown(edges[0])}", *between, f"≥{shown(edges[-1] + 1)}"


def codes(scores: Mapping[Any, int], labels: Mapping[Any, str] | None = None) -> Codes:
    """Points by answer: `codes({"A": 0, "C": 3})`."""
    return Codes(tuple(scores.items()), tuple((labels or {}).get(answer, str(answer)) for answer in scores))


def flag(points: int, *, yes: str = "yes", no: str = "no") -> Codes:
    """Points when something is so."""
    return codes({True: points, False: 0}, {True: yes, False: no})


def choice(by: str, tables: Mapping[Any, Table]) -> Choice:
    """`choice("spo2_scale", {1: bands(...), 2: bands(...)})`"""
    return Choice(by, tuple(tables.items()))


class Score(NamedTuple):
    """What a chart says about one set of inputs. `at_most` is the total if every missing input were at its worst."""

    total: int
    rows: tuple[Evidence, ...]
    missing: tuple[str, ...]
    at_most: int

    @property
    def worst_row(self) -> int:
        """The most points any single input gave."""
        return max([row.points or 0 for row in self.rows], default=0)


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole score: input name -> table, in the order of the published chart. Calling it with inputs adds up the points."""

    tables: tuple[tuple[str, Table], ...]

    def __call__(self, inputs: Any) -> Score:
        total, at_most = 0, 0
        rows: list[Evidence] = []
        missing: list[str] = []
        for name, table in self.tables:
            value = getattr(inputs, name)
            scored = table.chosen(inputs) if isinstance(table, Choice) else table
            # The usual case first, past the constructor of the reason: every score of every message makes one per row.
            if value is not None and scored is not None:
                given, band = scored.lookup(value)
                rows.append(_new(Evidence, (name, value, given, band, 0)))
                total, at_most = total + given, at_most + given
            elif value is None:
                missing.append(name)
                rows.append(Evidence(name))
                at_most += table.most if scored is None else scored.most
            else:
                least, most = _extremes(table, inputs, value)
                rows.append(Evidence(name, value, least))
                total, at_most = total + least, at_most + most
        return Score(total, tuple(rows), tuple(missing), at_most)


def _extremes(table: Table, inputs: Any, value: Any) -> tuple[int, int]:
    """Least and most points over every table that may apply while the input that chooses among them is missing."""
    if not isinstance(table, Choice):
        given, _ = table.lookup(value)
        return given, given
    known = table.table(inputs)
    both = [_extremes(option, inputs, value) for option in ((known,) if known else (option for _, option in table.tables))]
    return min(low for low, _ in both), max(high for _, high in both)


def points(**tables: Table) -> Chart:
    """A score: `points(respiratory_rate=RESPIRATION, pulse=PULSE, ...)`, in the order of the published chart."""
    return Chart(tuple(tables.items()))
