"""A guideline as a site writes it: read whole, or refused with the place and what to write there."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from wardline.core.course import Condition
from wardline.core.errors import Refused
from wardline.science.criteria.facts import Drug, Facts
from wardline.science.guidelines.applying import applied, cards_for, fitting
from wardline.science.guidelines.reading import guideline, minutes_of

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
CARD: dict[str, Any] = {
    "title": "Gout", "question": "What relieves this gout?", "population": "Adults with gout", "version": "1", "standing": "provisional",
    "condition": "gout",
    "sources": [{"id": "body2020", "body": "A body", "title": "A guideline", "year": 2020, "read": False}],
    "criteria": [{"name": "Adult", "is": {"age": {"at_least": 18}}}, {"name": "Gout recorded", "is": {"has": "gout"}}],
    "steps": [
        {"id": "nsaid", "do": "Give an NSAID", "why": "Relieves pain", "source": "body2020", "strength": "strong", "evidence": "high",
            "within": "1 d",
         "unless": {"finding": "egfr_ckd_epi_2021", "below": 30}, "done": {"takes": "nsaid"}, "medicines": [{"substance": "naproxen",
             "dose": "500 mg"}]},
        {"id": "colchicine", "do": "Or colchicine", "why": "Works as well", "source": "body2020", "strength": "strong", "evidence": "high",
         "when": {"asked": "Is an NSAID unsuitable?", "key": "no_nsaid"}},
    ],
    "monitoring": [{"what": "Creatinine", "often": "every week", "source": "body2020"}],
}  # fmt: skip
GOUT = (Condition("M10.9", "icd10"),)


def changed(**parts: Any) -> dict[str, Any]:
    return {**deepcopy(CARD), **parts}


def states(**known: Any) -> dict[str, str]:
    facts = Facts(age=60, conditions=GOUT, moment=NOW, **known)
    return {each.step.id: each.state for each in applied(guideline("gout", CARD), facts).steps}


def test_a_step_is_due_done_to_avoid_or_open() -> None:
    good, poor = {"egfr_ckd_epi_2021": 80.0}, {"egfr_ckd_epi_2021": 20.0}

    assert states(drugs=(), findings=good) == {"nsaid": "due", "colchicine": "open"}
    assert states(drugs=(Drug("naproxen", frozenset({"M01AE02"})),), findings=good)["nsaid"] == "done"
    assert states(drugs=(), findings=poor)["nsaid"] == "avoid"
    assert states(drugs=())["nsaid"] == "open"
    assert states(drugs=(), findings=good, judged={"no_nsaid": True})["colchicine"] == "due"
    assert states(drugs=(), findings=good, judged={"no_nsaid": False})["colchicine"] == "not for this patient"


def test_age_alone_does_not_bring_a_card_up() -> None:
    card = guideline("gout", CARD)

    assert fitting([card], Facts(age=60)) == []
    assert [each.met for each in fitting([card], Facts(age=60, conditions=GOUT))] == [True]
    assert [each.met for each in fitting([card], Facts(conditions=GOUT))] == [None]
    assert fitting([card], Facts(age=60, conditions=())) == []


def test_a_card_is_found_by_a_code_of_its_disease() -> None:
    card = guideline("gout", CARD)

    assert cards_for([card], "M10.9") == [card]
    assert cards_for([card], "I10") == []


@pytest.mark.parametrize(("said", "minutes"), [("30 min", 30), ("1 h", 60), ("1.5 h", 90), ("2 d", 2880), ("6 wk", 60480), ("3 mo", 129600)])
def test_times_are_read(said: str, minutes: float) -> None:
    assert minutes_of(said, "within") == minutes


STEP = CARD["steps"][0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "the file has the entries title"), (changed(titel="Gout"), "'titel' is not known there"), (changed(standing="sure"),
            'standing is "verified"'),
        (changed(standing="verified"), "rests on sources that were read"), (changed(condition="gut"), "did you mean gout"),
        (changed(steps=[{**STEP, "source": "other"}]), "'other' is none of the sources"), (changed(steps=[STEP, STEP]), "'nsaid' is there twice"),
        (changed(steps=[{**STEP, "within": "soon"}]), "within is a time such as"), (changed(steps="none"), "steps is a list"),
        (changed(steps=[{**STEP, "medicines": [{"substance": "Naproxyn"}]}]), "no substance 'Naproxyn'"),
        (changed(steps=[{key: value for key, value in STEP.items() if key != "strength"}]), "steps[0] lacks 'strength'"),
        (changed(sources=[{**CARD["sources"][0], "year": "2020"}]), "year is a year"), (changed(criteria=[{"name": "x"}]), "criteria[0] lacks 'is'"),
        (changed(sources=[{**CARD["sources"][0], "read": "no"}]), "read is true where"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_card_is_said_with_its_place(content: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        guideline("gout", content)

    assert said in str(refused.value)
