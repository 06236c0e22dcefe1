"""Exact inference: how likely is each state of each variable, given what was observed?

The junction tree of Lauritzen and Spiegelhalter (J R Stat Soc B 1988;50:157) with Hugin's updating: variables that depend on each
other are gathered into cliques, and two passes of messages over the tree of cliques make every clique know what was observed.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.science.diagnosis.bayes.network import Network

LARGEST: Final = 20_000_000
"""Entries of one clique's table: 160 megabytes. A network that needs more is refused before any of it is laid out."""


@dataclass(slots=True)
class _Factor:
    scope: tuple[str, ...]
    values: NDArray[np.float64]

    def over(self, scope: tuple[str, ...]) -> NDArray[np.float64]:
        """The values with one axis for each name of a larger scope, ready to be multiplied."""
        order = [self.scope.index(name) for name in scope if name in self.scope]
        moved = self.values.transpose(order)
        sizes = iter(moved.shape)
        return moved.reshape([next(sizes) if name in self.scope else 1 for name in scope])

    def onto(self, scope: tuple[str, ...]) -> "_Factor":
        """Everything outside the scope summed away."""
        kept = tuple(name for name in self.scope if name in scope)
        away = tuple(place for place, name in enumerate(self.scope) if name not in scope)
        return _Factor(kept, self.values.sum(axis=away))


@dataclass(frozen=True, slots=True)
class JunctionTree:
    """Cliques, the order in which messages go up from the leaves, and the clique each one hangs on (-1 for a root)."""

    network: Network
    cliques: tuple[tuple[str, ...], ...]
    order: tuple[int, ...]
    parents: tuple[int, ...]

    @classmethod
    def of(cls, network: Network, most: int = LARGEST) -> "JunctionTree":
        cliques = _cliques(network)
        largest = max(_entries(network, clique) for clique in cliques)
        if largest > most:
            raise Refused(f"this network needs a table of {largest:,} numbers for exact inference; at most {most:,} are tried", code="network")
        return cls(network, cliques, *_hung(cliques))

    @property
    def largest(self) -> int:
        return max(_entries(self.network, clique) for clique in self.cliques)

    def marginals(self, evidence: Mapping[str, str] | None = None) -> dict[str, NDArray[np.float64]]:
        """Each variable's distribution given the evidence. Raises `Refused` for evidence that cannot be."""
        factors = self._filled(evidence or {})
        self._collect(factors)
        for root, parent in enumerate(self.parents):
            if parent < 0 and factors[root].values.sum() <= 0:
                raise Refused("the network holds these observations for impossible together", code="impossible")
        self._distribute(factors)
        return dict(self._read(factors))

    def _filled(self, evidence: Mapping[str, str]) -> list[_Factor]:
        """Each table multiplied into the first clique that holds it; what was observed leaves only its own state."""
        network = self.network
        factors = [_Factor(clique, np.ones([network.size(name) for name in clique])) for clique in self.cliques]
        for table in network.tables.values():
            home = next(factor for factor in factors if set(table.scope) <= set(factor.scope))
            home.values *= _Factor(table.scope, table.values).over(home.scope)
        for variable, state in evidence.items():
            seen = np.zeros(len(network.states.get(variable, ())))
            seen[network.place(variable, state)] = 1.0
            home = next(factor for factor in factors if variable in factor.scope)
            home.values *= _Factor((variable,), seen).over(home.scope)
        return factors

    def _collect(self, factors: list[_Factor]) -> None:
        for child in self.order:
            parent = self.parents[child]
            if parent >= 0:
                message = factors[child].onto(factors[parent].scope)
                # Only proportions count: without this, long chains of evidence would underflow.
                scale = message.values.sum()
                message.values /= scale if scale > 0 else 1.0
                factors[parent].values *= message.over(factors[parent].scope)

    def _distribute(self, factors: list[_Factor]) -> None:
        for child in reversed(self.order):
            parent = self.parents[child]
            if parent < 0:
                continue
            known, wanted = factors[child].onto(factors[parent].scope), factors[parent].onto(factors[child].scope)
            before = known.over(wanted.scope)
            wanted.values = np.divide(wanted.values, before, out=np.zeros_like(wanted.values), where=before > 0)
            factors[child].values *= wanted.over(factors[child].scope)

    def _read(self, factors: list[_Factor]) -> Iterator[tuple[str, NDArray[np.float64]]]:
        smallest = sorted(factors, key=lambda factor: factor.values.size)
        for variable in self.network.states:
            values = next(factor for factor in smallest if variable in factor.scope).onto((variable,)).values
            yield variable, values / values.sum()


def _cliques(network: Network) -> tuple[tuple[str, ...], ...]:
    """The smaller of two triangulations: by the fewest links added (min-fill), and by the smallest table made (min-weight)."""
    tried = (_eliminated(network, by_size=by_size) for by_size in (False, True))
    return min(tried, key=lambda cliques: sum(_entries(network, clique) for clique in cliques))


def _eliminated(network: Network, *, by_size: bool) -> tuple[tuple[str, ...], ...]:
    """Take out variables one by one, the cheapest first; what stands around each when it goes is a clique."""
    near = _linked(network)
    cost = {name: _cost(name, near, network, by_size) for name in near}
    cliques: list[tuple[str, ...]] = []
    while near:
        name = min(cost, key=cost.__getitem__)
        around = near.pop(name)
        del cost[name]
        for each in around:
            near[each] |= around - {each}
            near[each].discard(name)
        for each in around.union(*(near[neighbour] for neighbour in around)):
            cost[each] = _cost(each, near, network, by_size)
        if not any({name, *around} <= set(clique) for clique in cliques):
            cliques.append((name, *sorted(around)))
    return tuple(cliques)


def _linked(network: Network) -> dict[str, set[str]]:
    """Which variables stand in one table: the moral graph."""
    near: dict[str, set[str]] = {name: set() for name in network.states}
    for table in network.tables.values():
        for name in table.scope:
            near[name] |= set(table.scope) - {name}
    return near


def _cost(name: str, near: dict[str, set[str]], network: Network, by_size: bool) -> tuple[int, int, str]:
    around = near[name]
    linked = sum(len(near[each] & around) for each in around)
    added = (len(around) * (len(around) - 1) - linked) // 2
    size = _entries(network, (name, *around))
    return (size, added, name) if by_size else (added, size, name)


def _entries(network: Network, names: tuple[str, ...]) -> int:
    return math.prod(network.size(name) for name in names)


def _hung(cliques: tuple[tuple[str, ...], ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Cliques as a tree in which neighbours share the most (Prim): the order from the leaves, and each one's parent or -1.

    Of maximal cliques such a tree has the running intersection: what two cliques share, all between them hold.
    """
    sets = [set(clique) for clique in cliques]
    best = dict.fromkeys(range(len(cliques)), (0, -1))
    order, parents = [], [-1] * len(cliques)
    while best:
        place = max(best, key=lambda each: best[each][0])
        _shared, parents[place] = best.pop(place)
        order.append(place)
        for other, (most, _) in best.items():
            common = len(sets[place] & sets[other])
            if common > most:
                best[other] = (common, place)
    return tuple(reversed(order)), tuple(parents)
