"""Bayesian networks: exact inference against enumeration by hand, a second library and published sizes; files that are wrong are refused."""

import gzip
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.learning.evaluation.bayes import NETWORKS, agreement, read
from wardline.science.diagnosis.bayes.bif import network_of
from wardline.science.diagnosis.bayes.junction import JunctionTree
from wardline.science.diagnosis.bayes.network import Network, Table

REFERENCE = Path(os.environ.get("WARDLINE_REFERENCE_DATA", "../shared/data"))
SMALL = ("asia", "cancer", "earthquake", "child", "alarm", "hepar2")
RAIN = """network unknown {}
variable rain { type discrete [ 2 ] { yes, no }; }
variable wet { type discrete [ 2 ] { yes, no }; }
probability ( rain ) { table 0.2, 0.8; }
probability ( wet | rain ) { (yes) 0.9, 0.1; (no) 0.3, 0.7; }
"""


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A few variables with random parents and tables."""
    count = draw(st.integers(1, 5))
    states = {f"v{place}": tuple(f"s{each}" for each in range(draw(st.integers(2, 3)))) for place in range(count)}
    tables, chance = {}, np.random.default_rng(draw(st.integers(0, 2**32)))
    for place, name in enumerate(states):
        parents = tuple(draw(st.lists(st.sampled_from(list(states)[:place]), unique=True, max_size=3))) if place else ()
        values = chance.random([len(states[each]) for each in (*parents, name)]) + 0.05
        tables[name] = Table(name, parents, values / values.sum(axis=-1, keepdims=True))
    return Network(states, tables)


def enumerated(network: Network, evidence: dict[str, str]) -> dict[str, np.ndarray]:
    """Every combination of states, one by one."""
    found = {name: np.zeros(len(states)) for name, states in network.states.items()}
    for combination in itertools.product(*network.states.values()):
        case = dict(zip(network.states, combination, strict=True))
        if any(case[name] != state for name, state in evidence.items()):
            continue
        chance = np.prod([table.values[tuple(network.place(each, case[each]) for each in table.scope)] for table in network.tables.values()])
        for name, state in case.items():
            found[name][network.place(name, state)] += chance
    return {name: values / values.sum() for name, values in found.items()}


@settings(deadline=None, max_examples=60)
@given(networks(), st.data())
def test_inference_is_what_counting_every_combination_gives(network: Network, data: st.DataObject) -> None:
    seen = data.draw(st.lists(st.sampled_from(list(network.states)), unique=True, max_size=3))
    evidence = {name: data.draw(st.sampled_from(network.states[name])) for name in seen}
    found, expected = JunctionTree.of(network).marginals(evidence), enumerated(network, evidence)

    for name, values in expected.items():
        assert found[name] == pytest.approx(values, abs=1e-12)


def test_rain_given_wet_grass_by_hand() -> None:
    # 0.2 x 0.9 = 0.18; 0.8 x 0.3 = 0.24.
    assert JunctionTree.of(network_of(RAIN)).marginals({"wet": "yes"})["rain"] == pytest.approx([0.18 / 0.42, 0.24 / 0.42])


def test_observations_that_cannot_be_together_are_refused() -> None:
    certain = RAIN.replace("(yes) 0.9, 0.1", "(yes) 1.0, 0.0").replace("table 0.2, 0.8", "table 1.0, 0.0")
    with pytest.raises(Refused, match="impossible together"):
        JunctionTree.of(network_of(certain)).marginals({"wet": "no"})


def test_a_network_that_needs_too_much_room_is_refused_before_it_is_laid_out() -> None:
    with pytest.raises(Refused, match="at most 3 are tried"):
        JunctionTree.of(network_of(RAIN), most=3)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (RAIN.replace("0.3, 0.7", "0.3, 0.4"), "add up to 1"),
        (RAIN.replace("(no) 0.3, 0.7;", ""), "not complete"),
        (RAIN.replace("(no) 0.3, 0.7;", "(maybe) 0.3, 0.7;"), "does not name a state"),
        (RAIN.replace("table 0.2, 0.8", "table 0.2, 0.3, 0.5"), "needs 2 probabilities"),
        (RAIN.replace("( wet | rain )", "( wet | sun )"), "is no variable"),
        ("", "no variable in this file"),
        (RAIN.replace("probability ( rain ) { table", "probability ( rain | wet ) { (yes) 0.5, 0.5; (no)"), "circle"),
    ],
)
def test_a_file_that_is_wrong_says_where(wrong: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        network_of(wrong)


@pytest.mark.reference
@pytest.mark.parametrize("name", SMALL)
def test_published_networks_agree_with_a_second_library(name: str) -> None:
    found = agreement(name, read(REFERENCE, name), rounds=2)

    assert found.nodes == found.published
    assert found.difference < 1e-12


@pytest.mark.reference
@pytest.mark.parametrize("name", ["water", "pathfinder"])
def test_larger_networks_are_read_with_their_published_size(name: str) -> None:
    network = network_of(gzip.decompress((REFERENCE / "knowledge/bayes_nets" / f"{name}.bif.gz").read_bytes()).decode())

    assert len(network.states) == NETWORKS[name]
