"""How easily somebody in a table could be told: how many share their features, and how many of those a stranger could confuse them with.

- k-anonymity: everybody shares their quasi-identifiers with at least k - 1 others (Sweeney 2002).
- l-diversity: in each such group the sensitive value is not always the same (Machanavajjhala 2007): distinct values, and the
  exponential of their entropy.
- t-closeness: in no group it is distributed very differently from the whole (Li 2007): earth mover's distance, ordered for numbers,
  equal steps for categories.
- Residual risk for the three attackers of El Emam (Guide to the De-Identification of Personal Health Information, 2013): who knows that
  the person is in the table (prosecutor), who does not (journalist), who wants to name as many as possible (marketer).

The formulas are from memory of these papers and held against an independent computation; provisional until somebody has read them again.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

Row: TypeAlias = Mapping[str, str]
Group: TypeAlias = tuple[str, ...]
SMALLEST_CELL: Final = 11
"""Cells of 1 to 10 are not shown: cell size suppression policy of the Centers for Medicare & Medicaid Services. Provisional: from memory."""


class Sensitive(NamedTuple):
    """What the groups say about a value that must not be learnt."""

    column: str
    distinct: int
    """Fewest different values in any group."""
    entropy: float
    """Smallest exponential of the entropy in any group: 2 is as good as two equally frequent values."""
    closeness: float
    """Largest distance of a group from the whole, 0 to 1."""


class Risk(NamedTuple):
    """The chance to name somebody: of the person most at risk, and on average."""

    highest: float
    average: float


class Report(NamedTuple):
    records: int
    groups: int
    wanted: int
    smallest: int
    """The k that the table really has."""
    alone: int
    """Records that share their features with nobody."""
    breaking: tuple[int, ...]
    """Places in the table, from 0, of records in groups smaller than was wanted."""
    sensitive: tuple[Sensitive, ...]
    prosecutor: Risk
    journalist: Risk
    marketer: float
    against: int
    """People in the register that the journalist and the marketer were given; 0 where the table itself stood for it, which is the worst case."""


def disclosure(
    rows: Sequence[Row], quasi: Sequence[str], *, k: int = SMALLEST_CELL, sensitive: Sequence[str] = (), register: Sequence[Row] = ()
) -> Report:
    """The report on a table. `register` is what an attacker could hold: people with the same columns, a voter list for example."""
    groups = groups_of(rows, quasi)
    sizes = [len(places) for places in groups.values()]
    there = Counter(_group(row, quasi) for row in register) if register else Counter({group: len(places) for group, places in groups.items()})
    confused = {group: max(there[group], len(places) if not register else 1) for group, places in groups.items()}
    expected = sum(len(places) / confused[group] for group, places in groups.items() if there[group])
    return Report(
        len(rows), len(groups), k, min(sizes, default=0), sum(size == 1 for size in sizes),
        tuple(sorted(place for places in groups.values() if len(places) < k for place in places)),
        tuple(_sensitive(column, rows, groups.values()) for column in sensitive),
        Risk(1 / min(sizes) if sizes else 0.0, len(groups) / len(rows) if rows else 0.0),
        Risk(max((1 / confused[group] for group in groups if there[group]), default=0.0), expected / len(rows) if rows else 0.0),
        expected / len(rows) if rows else 0.0, len(register),
    )  # fmt: skip


def groups_of(rows: Sequence[Row], quasi: Sequence[str]) -> dict[Group, list[int]]:
    """Places of the records that share all quasi-identifiers. Case and outer spaces tell nobody apart; a missing value is a value."""
    groups: dict[Group, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        groups[_group(row, quasi)].append(place)
    return dict(groups)


def _group(row: Row, quasi: Sequence[str]) -> Group:
    return tuple(row.get(column, "").strip().casefold() for column in quasi)


# --- what is learnt of whoever is in a group ------------------------------------------------------------------------------------


def _sensitive(column: str, rows: Sequence[Row], groups: Iterable[list[int]]) -> Sensitive:
    values = [row.get(column, "").strip() for row in rows]
    order = _ordered(set(values))
    whole = Counter(values)
    counts = [Counter(values[place] for place in places) for places in groups]
    return Sensitive(
        column,
        min((len(each) for each in counts), default=0),
        min((math.exp(_entropy(each)) for each in counts), default=0.0),
        max((_distance(each, whole, order) for each in counts), default=0.0),
    )


def _entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(count / total * math.log(count / total) for count in counts.values())


def _ordered(values: set[str]) -> list[str] | None:
    """In the order of their numbers; None for categories."""
    try:
        return sorted(values, key=float)
    except ValueError:
        return None


def _distance(part: Counter[str], whole: Counter[str], order: list[str] | None) -> float:
    differences = [part[value] / part.total() - whole[value] / whole.total() for value in (order or whole)]
    if order is None:
        return sum(map(abs, differences)) / 2
    if len(order) < 2:
        return 0.0
    moved = running = 0.0
    for difference in differences:
        running += difference
        moved += abs(running)
    return moved / (len(order) - 1)
