"""Learning a presentation from cases: counted figures, smoothed, written as the site's table and read back."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.science.diagnosis.differential import posterior
from wardline.science.diagnosis.learning import Case, learned
from wardline.science.diagnosis.presentations import Condition, Question
from wardline.science.diagnosis.site_presentations import presentations_of, written

CONDITIONS = {"flu": Condition("flu", "Influenza", "J11", 0), "cold": Condition("cold", "Cold", "J00", 0)}
QUESTIONS = tuple(Question(id, id, "symptom", (), {}) for id in ("fever", "aches", "sneezing"))
CHANCES = {"flu": (0.9, 0.8, 0.2), "cold": (0.1, 0.2, 0.9)}


def cases(count: int, *, twice: bool = False) -> list[Case]:
    """Drawn from known chances; `twice`: aches repeat fever, and tell nothing of their own."""
    chance = random.Random(7)
    drawn = []
    for _ in range(count):
        condition = chance.choice(("flu", "cold"))
        answers = {each.id: "yes" if chance.random() < share else "no" for each, share in zip(QUESTIONS, CHANCES[condition], strict=True)}
        drawn.append(Case(condition, {**answers, "aches": answers["fever"], "sneezing": answers["fever"]} if twice else answers))
    return drawn


def test_counted_figures_come_near_the_chances_the_cases_were_drawn_from() -> None:
    presentation = learned("colds", "Colds", CONDITIONS, QUESTIONS, cases(4000))

    for question, flu, cold in zip(presentation.questions, CHANCES["flu"], CHANCES["cold"], strict=True):
        assert question.chances("flu")[0] == pytest.approx(flu, abs=0.04)
        assert question.chances("cold")[0] == pytest.approx(cold, abs=0.04)
    assert presentation.weight >= 0.85


def test_answers_that_repeat_each_other_are_given_less_weight() -> None:
    presentation = learned("colds", "Colds", CONDITIONS, QUESTIONS, cases(2000, twice=True))

    assert presentation.weight <= 0.4


def test_what_a_case_does_not_say_is_not_counted_as_no() -> None:
    told = [Case("flu", {"fever": "yes"}), Case("cold", {"sneezing": "yes"})] * 10
    presentation = learned("colds", "Colds", CONDITIONS, QUESTIONS, told)

    assert {question.id for question in presentation.questions} == {"fever", "sneezing"}
    assert set(presentation.questions[0].figures) == {"flu"}


def test_too_few_cases_are_refused() -> None:
    with pytest.raises(Refused, match="too few"):
        learned("colds", "Colds", CONDITIONS, QUESTIONS, cases(9))


def test_a_learned_presentation_is_written_and_read_back_the_same() -> None:
    presentation = learned("colds", "Colds", CONDITIONS, QUESTIONS, cases(500))
    (again,) = presentations_of(written([presentation]))

    said = {"fever": "yes", "sneezing": "no"}
    assert posterior(again, said) == pytest.approx(posterior(presentation, said), abs=1e-4)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner)
    )
)
def test_a_table_that_is_none_is_refused(content: object) -> None:
    for said in (content, {"presentations": {"a": content}}, {"presentations": {"a": {"title": "A", "conditions": content, "questions": [content]}}}):
        with pytest.raises(Refused):
            presentations_of(said)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"conditions": {"x": {"name": "X", "share": 1.0}}}, "something must be left"),
        ({"conditions": {"other": {"name": "X", "share": 0.1}}}, "no condition is called other"),
        ({"questions": [{"id": "q", "ask": "Q", "elsewhere": [0.5, 0.4], "figures": {}}]}, "add up to 0.9"),
        ({"questions": [{"id": "q", "ask": "Q", "elsewhere": [0.5, 0.5], "figures": {"y": {"chances": [0.5, 0.5]}}}]}, "no condition 'y'"),
    ],
)
def test_a_wrong_table_says_where(change: dict[str, object], says: str) -> None:
    table = {
        "title": "T",
        "conditions": {"x": {"name": "X", "share": 0.1}},
        "questions": [{"id": "q", "ask": "Q", "elsewhere": [0.5, 0.5]}],
        **change,
    }

    with pytest.raises(Refused, match=says):
        presentations_of({"presentations": {"t": table}})
