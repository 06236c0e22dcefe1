"""A Bayesian network: variables with their states, and how likely each state is, given the states of the variable's parents."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """P(variable | parents): one axis per parent in this order, the variable's own axis last."""

    variable: str
    parents: tuple[str, ...]
    values: NDArray[np.float64]

    @property
    def scope(self) -> tuple[str, ...]:
        return (*self.parents, self.variable)


@dataclass(frozen=True, slots=True)
class Network:
    """Variables with their states, each with its table."""

    states: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Table]

    def size(self, variable: str) -> int:
        return len(self.states[variable])

    def place(self, variable: str, state: str) -> int:
        """The state's number. Raises `Refused` for a variable or state it does not have."""
        if variable not in self.states:
            raise Refused(f"{variable!r} is no variable of this network", where=variable)
        if state not in self.states[variable]:
            raise Refused(f"{variable} is one of {', '.join(self.states[variable])}", where=variable)
        return self.states[variable].index(state)

    def in_order(self) -> tuple[str, ...]:
        """Variables so that parents come before their children. Raises `Refused` where there is a circle."""
        done: dict[str, None] = {}
        waiting = list(self.states)
        while waiting:
            ready = [name for name in waiting if all(parent in done for parent in self.tables[name].parents)]
            if not ready:
                raise Refused("the network has a circle, so it is none", code="network")
            done |= dict.fromkeys(ready)
            waiting = [name for name in waiting if name not in done]
        return tuple(done)
