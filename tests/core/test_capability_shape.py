"""Declaring a capability: what it needs is read from its inputs, and what is wrong is refused at once."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from support.questions import OUT_OF_LIMITS, WORRY
from wardline.capabilities.deterioration.news2 import news2
from wardline.core import concepts as c
from wardline.core.capability import ATTRIBUTE, Capability, Inputs, capability, hours, latest
from wardline.core.findings import Finding

NEWS2: Capability = getattr(news2, ATTRIBUTE)


def test_title_and_question_are_the_first_sentence_of_the_module() -> None:
    assert NEWS2.title == "NEWS2, the National Early Warning Score 2"
    assert NEWS2.question == "is this adult getting worse?"


def test_a_capability_runs_when_one_of_its_concepts_has_a_new_value() -> None:
    assert {"pulse", "temperature", "inspired_oxygen"} <= NEWS2.concepts
    assert OUT_OF_LIMITS.concepts == {"potassium", "sodium"}
    assert WORRY.concepts == frozenset()


def test_it_looks_back_as_far_as_its_longest_need() -> None:
    assert NEWS2.window == timedelta(days=365)
    assert OUT_OF_LIMITS.window == timedelta(hours=24)
    assert WORRY.window == timedelta()


def test_an_input_that_does_not_say_what_it_needs_is_refused() -> None:
    @dataclass(frozen=True)
    class Careless(Inputs):
        pulse: float = 70.0

    def guess(v: Careless) -> Finding:
        return Finding(v.pulse, "a guess")

    guess.__annotations__ = {"v": Careless, "return": Finding}
    with pytest.raises(TypeError, match="'pulse' must declare what it needs"):
        capability(id="guess", version="1", about="patient", reference="none", standing="provisional")(guess)


def test_inputs_with_slots_are_refused_because_they_are_filled_without_their_constructor() -> None:
    @dataclass(frozen=True, slots=True)
    class Slotted(Inputs):
        pulse: float = latest(c.PULSE, within=hours(1))

    def same(v: Slotted) -> Finding:
        return Finding(v.pulse, "the same")

    same.__annotations__ = {"v": Slotted, "return": Finding}
    with pytest.raises(TypeError, match="without slots"):
        capability(id="same", version="1", about="patient", reference="none", standing="provisional")(same)


def test_a_declared_function_stays_an_ordinary_function() -> None:
    @dataclass(frozen=True)
    class Pulse(Inputs):
        pulse: float = latest(c.PULSE, within=hours(1))

    def doubled(v: Pulse) -> Finding:
        return Finding(2 * v.pulse, "doubled")

    doubled.__annotations__ = {"v": Pulse, "return": Finding}
    declared = capability(id="doubled", version="1", about="patient", reference="none", standing="provisional")(doubled)
    assert declared(Pulse(35.0)).value == 70.0


def test_a_capability_says_itself_whether_its_table_was_checked() -> None:
    with pytest.raises(TypeError, match="standing"):
        capability(id="unsaid", version="1", about="patient", reference="none")  # type: ignore[call-arg]
