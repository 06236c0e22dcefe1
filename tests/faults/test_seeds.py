"""Deterministic simulation: one seed drives clock, disk, network, restarts and the order of messages over the real engine.

FT-1, FT-3, FT-6, FT-7, FT-12, FT-13, FT-15 and FT-16 together, as they come in life. Twenty days in every run;
`python -m support.simulation --seeds 10000` in the folder of the tests for more.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from support.simulation import CALM, MEMORY, Day
from wardline.core.ports import Step

SEEDS = range(1, 21)
TESTS = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where the system has a place for that."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as name:
        yield Path(name)


@pytest.fixture
def day(folder: Path) -> Iterator[Callable[..., Day]]:
    """Makes days that are let go of at the end."""
    made: list[Day] = []

    def make(seed: int, **more: object) -> Day:
        made.append(Day(seed, folder / str(len(made)), **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_goes_wrong_on_a_day_the_five_invariants_hold(day: Callable[..., Day], seed: int) -> None:
    """FT-1, FT-6, FT-7, FT-12, FT-13: `run` asks the oracle after every recovery, now and then in between, and at the end."""
    bad = day(seed).run()
    messages = {message for message, _ in bad.acknowledged}
    calm = day(seed, weather=CALM).run()
    assert messages == {message for message, _ in calm.acknowledged}
    assert not calm.story
    if not bad.clock_is_stepped:
        assert bad.state == calm.state


def test_the_same_seed_tells_the_same_day_again(day: Callable[..., Day]) -> None:
    first, second = day(3).run(), day(3).run()
    assert first.story == second.story
    assert first.digest == second.digest


def test_another_process_tells_the_same_day_again(day: Callable[..., Day]) -> None:
    """From the command line, under another hash seed: what a developer does with the seed of a failure."""
    words = [sys.executable, "-m", "support.simulation", "--seed", "3"]
    environment = os.environ | {"PYTHONPATH": str(TESTS), "PYTHONHASHSEED": "1"}
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=100, env=environment).stdout
    assert f"seed 3: {day(3).run().digest}" in said


def test_a_house_that_acknowledges_too_early_is_found_out(day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof of the proof: a log that forgets every fortieth step is noticed, with the seed that shows it again."""
    count = iter(range(1, 1_000_000))
    forgetful = day(4)
    whole = type(forgetful.house.log).append

    def sometimes(log: object, step: Step) -> None:
        if next(count) % 40:
            whole(log, step)  # type: ignore[arg-type]

    monkeypatch.setattr(type(forgetful.house.log), "append", sometimes)
    with pytest.raises(AssertionError, match=r"python -m support.simulation --seed 4"):
        forgetful.run()
