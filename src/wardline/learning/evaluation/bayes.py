"""Exact inference in published Bayesian networks: does a second, independent library come to the same numbers?

The other library (pyAgrum, lazy propagation) is handed the tables as read here, so that inference is compared; the networks' sizes are
compared with the published ones, so that the reading is checked, too.
"""

import gzip
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import NotFound
from wardline.science.diagnosis.bayes.bif import network_of
from wardline.science.diagnosis.bayes.junction import JunctionTree
from wardline.science.diagnosis.bayes.network import Network

FOLDER: Final = "knowledge/bayes_nets"
NETWORKS: Final = {
    # Published numbers of nodes, bnlearn Bayesian Network Repository.
    "asia": 8, "cancer": 5, "earthquake": 5, "child": 20, "water": 32, "alarm": 37, "hepar2": 70, "pathfinder": 109, "munin1": 186, "diabetes": 413,
}  # fmt: skip
ROUNDS: Final = 3
"""Sets of observations per network, besides none at all."""
SEED: Final = 20260101
MOST: Final = 100_000_000
"""For this measurement alone: munin1 needs a table of 78 million."""
PATIENCE_ENTRIES: Final = 20_000_000
"""Beyond this only the marginals without observations are compared, once."""


class Agreement(NamedTuple):
    """One network: how large, how fast, and the largest difference of any probability."""

    name: str
    nodes: int
    published: int
    largest: int
    compared: int
    difference: float
    ours_seconds: float
    theirs_seconds: float


def run(reference: Path, out: Path) -> str:
    """Compare and write the page."""
    found = [agreement(name, read(reference, name)) for name in NETWORKS]
    (out / "bayes.md").write_text("\n".join(_page(found)) + "\n", encoding="utf-8")
    return f"{len(found)} networks; the largest difference is {max(each.difference for each in found):.1e}"


def read(reference: Path, name: str) -> Network:
    """Raises `NotFound` where the file is not."""
    path = reference / FOLDER / f"{name}.bif.gz"
    if not path.exists():
        raise NotFound(f"{path} is not there; name the folder of the reference data in WARDLINE_REFERENCE_DATA")
    return network_of(gzip.decompress(path.read_bytes()).decode())


def agreement(name: str, network: Network, rounds: int = ROUNDS) -> Agreement:
    """Marginals without observations and with states drawn from the network itself, so that they are possible."""
    tree, other = JunctionTree.of(network, MOST), Other(network)
    drawn = [dict(list(sample(network, np.random.default_rng(SEED + each)).items())[:: max(2, len(network.states) // 8)]) for each in range(rounds)]
    questions: list[Mapping[str, str]] = [{}, *(drawn if tree.largest <= PATIENCE_ENTRIES else [])]
    worst, ours, theirs, compared = 0.0, 0.0, 0.0, 0
    for evidence in questions:
        began = time.perf_counter()
        found = tree.marginals(evidence)
        between = time.perf_counter()
        expected = other.marginals(evidence)
        ours, theirs = ours + between - began, theirs + time.perf_counter() - between
        worst = max(worst, *(float(np.abs(found[each] - expected[each]).max()) for each in found))
        compared += sum(values.size for values in found.values())
    return Agreement(name, len(network.states), NETWORKS.get(name, 0), tree.largest, compared, worst, ours, theirs)


def sample(network: Network, chance: np.random.Generator) -> dict[str, str]:
    """One case drawn from the network: a state of every variable."""
    case: dict[str, str] = {}
    for variable in network.in_order():
        table = network.tables[variable]
        row = table.values[tuple(network.place(parent, case[parent]) for parent in table.parents)]
        case[variable] = network.states[variable][int(chance.choice(row.size, p=row / row.sum()))]
    return case


class Other:
    """The same network in pyAgrum."""

    def __init__(self, network: Network) -> None:
        with warnings.catch_warnings():
            # Its compiled part warns about itself while it is loaded, and ends the process where a warning is an error.
            warnings.simplefilter("ignore", DeprecationWarning)
            # A development dependency: only who evaluates has it.
            import pyagrum

        library: Any = pyagrum
        self._library, self._network, self._net = library, network, library.BayesNet()
        for name, states in network.states.items():
            self._net.add(library.LabelizedVariable(name, name, list(states)))
        for name, table in network.tables.items():
            for parent in table.parents:
                self._net.addArc(parent, name)
        for name, table in network.tables.items():
            cpt = self._net.cpt(name)
            cpt[:] = np.ascontiguousarray(table.values.transpose([table.scope.index(each) for each in reversed(list(cpt.names))]))

    def marginals(self, evidence: Mapping[str, str]) -> dict[str, NDArray[np.float64]]:
        inference: Any = self._library.LazyPropagation(self._net)
        inference.setEvidence(dict(evidence))
        inference.makeInference()
        return {name: inference.posterior(name).toarray() for name in self._network.states}


def _page(found: list[Agreement]) -> Iterator[str]:
    yield "# Exact inference in Bayesian networks\n"
    yield "Every marginal of every variable, without observations and with three sets of observations drawn from the network, beside pyAgrum 3"
    yield "(lazy propagation) on the same tables. The method here is a junction tree in NumPy; the smaller of two triangulations is taken.\n"
    yield "| network | nodes | published | largest table | probabilities compared | largest difference | here | pyAgrum |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for each in found:
        yield (
            f"| {each.name} | {each.nodes} | {each.published} | {each.largest:,} | {each.compared:,} | {each.difference:.1e} "
            f"| {each.ours_seconds:.2f} s | {each.theirs_seconds:.2f} s |"
        )
    yield "\nDifferences of this size are rounding of 64-bit numbers. Times are of all questions together, on one shared machine.\n"
    yield "## Limits\n"
    yield "- munin1 needs a table of 78 million numbers (1.7 GB in all) and was asked once, without observations, with the limit raised for it;"
    yield "  Wardline itself refuses a network that needs more than 20 million, and says so, instead of approximating."
    yield "- Discrete variables only. A root's row may be written as `table`; every other row names the states of the parents.\n"
    yield "## Data\n"
    yield "bnlearn Bayesian Network Repository (Scutari), read where it lies; nothing of it is in Wardline.\n"
    yield "```\nwardline evaluate bayes\n```"
