"""A score added up row by row, for charts whose rows depend on each other: "systolic below 90 or diastolic at most 60".

A row that cannot be told adds nothing to the total, is named as missing, and adds its most to what the total can still become.
"""

from collections.abc import Callable, Iterable
from typing import Any

from wardline.core.capability import Reading
from wardline.core.findings import AtLeast, Evidence, Finding, Outcome, Unknown
from wardline.core.scoring import Bands, Codes, Score


class Tally:
    """Rows in the order of the published chart; `outcome` turns them into an answer."""

    def __init__(self) -> None:
        self.total = 0
        self.at_most = 0
        self.rows: list[Evidence] = []
        self.missing: list[str] = []

    def chart(self, score: Score) -> None:
        """The rows of an ordinary chart."""
        self.total, self.at_most = self.total + score.total, self.at_most + score.at_most
        self.rows += score.rows
        self.missing += score.missing

    def row(self, name: str, value: Any, table: Bands | Codes) -> None:
        if value is None:
            self.left_open(name, table.most)
            return
        points, band = table.lookup(value)
        self.known(name, value, points, band)

    def worst(self, name: str, readings: tuple[Reading, ...] | None, table: Bands) -> None:
        """The reading that gives the most points, the newest of those that give as many."""
        self.row(name, max((each.value for each in reversed(readings)), key=lambda value: table.lookup(value)[0]) if readings else None, table)

    def known(self, name: str, value: float | str | None, points: int, band: str = "") -> None:
        self.total, self.at_most = self.total + points, self.at_most + points
        self.rows.append(Evidence(name, value, points, band))

    def left_open(self, name: str, most: int, *, least: int = 0, value: float | str | None = None, band: str = "", missing: str = "") -> None:
        """A row of which only its bounds are known; `missing` names the input that would tell, if it is not the row's own."""
        self.total, self.at_most = self.total + least, self.at_most + most
        self.rows.append(Evidence(name, value, least or None, band))
        self.missing.append(missing or name)

    def any_of(self, inputs: object, tables: Iterable[tuple[str, Bands | Codes]], *, one_suffices: bool = False) -> None:
        """One row met by any of several inputs: the most any of them gives; open while one of them that could give more is missing.

        `one_suffices`: they measure the same thing, so one of them without the others (a saturation without a blood gas) closes the row.
        """
        met, most, lacking, rows = 0, 0, [], []
        for name, table in tables:
            value = getattr(inputs, name)
            most = max(most, table.most)
            if value is None:
                lacking.append(name)
                rows.append(Evidence(name))
                continue
            points, band = table.lookup(value)
            rows.append(Evidence(name, value, max(points - met, 0), band))
            met = max(met, points)
        self.rows += rows
        is_told = one_suffices and len(lacking) < len(rows)
        is_open = bool(lacking) and met < most and not is_told
        self.total, self.at_most = self.total + met, self.at_most + (most if is_open else met)
        self.missing += lacking if is_open else []

    def outcome(self, finding: Callable[[int], Finding]) -> Outcome:
        """The finding for a total; "at least" while rows are open; unknown when every row is."""
        if self.missing and all(row.value is None for row in self.rows):
            return Unknown(tuple(self.missing))
        found = finding(self.total)._replace(because=tuple(self.rows))
        return AtLeast(found, tuple(self.missing), self.at_most) if self.missing else found
