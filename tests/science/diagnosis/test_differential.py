"""The differential: Bayes' rule by hand, missing is unknown, and the question that tells most comes first."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.science.diagnosis.differential import differential, expected_bits, posterior
from wardline.science.diagnosis.presentations import OTHER, Condition, Figure, Presentation, Question
from wardline.science.diagnosis.published.library import PRESENTATIONS
from wardline.science.diagnosis.published.tables import ratios, rises


def question(id: str, elsewhere: float, **yes: float) -> Question:
    return Question(id, id, "symptom", (elsewhere, 1 - elsewhere), {name: Figure((chance, 1 - chance)) for name, chance in yes.items()})


A, B = Condition("a", "A", "A00", 0.2), Condition("b", "B", "B00", 0.3, "emergency")
SMALL = Presentation("small", "Small", (A, B), (question("x", 0.1, a=0.8, b=0.2), question("y", 0.5, a=0.5, b=0.9), question("z", 0.2, a=0.6)))
each_presentation = pytest.mark.parametrize("presentation", PRESENTATIONS, ids=lambda each: each.id)


@st.composite
def answers(draw: st.DrawFn, presentation: Presentation) -> dict[str, str]:
    chosen = draw(st.lists(st.sampled_from([each.id for each in presentation.questions]), unique=True, max_size=6))
    return {id: draw(st.sampled_from(("yes", "no"))) for id in chosen}


def test_two_answers_by_hand() -> None:
    # 0.2 x 0.8 x 0.5 = 0.080; 0.3 x 0.2 x 0.9 = 0.054; the rest 0.5 x 0.1 x 0.5 = 0.025.
    found = posterior(SMALL, {"x": "yes", "y": "yes"})

    assert found == pytest.approx(np.array([0.080, 0.054, 0.025]) / 0.159)


def test_a_finding_nobody_stated_is_unknown_and_not_absent() -> None:
    assert posterior(SMALL, {"x": "yes"}) != pytest.approx(posterior(SMALL, {"x": "yes", "y": "no"}))
    assert posterior(SMALL, {}) == pytest.approx([0.2, 0.3, 0.5])


def test_an_emergency_without_a_figure_keeps_its_distance_to_the_likeliest() -> None:
    before, after = posterior(SMALL, {}), posterior(SMALL, {"z": "yes"})

    assert after[1] / after[0] == pytest.approx(before[1] / before[0])
    assert differential(SMALL, {"z": "yes"}).ranked[0].condition.id == "b"


def test_the_expected_information_is_that_of_shannon() -> None:
    # By hand for x before anything: P(yes) = 0.2 x 0.8 + 0.3 x 0.2 + 0.5 x 0.1 = 0.27.
    def entropy(*chances: float) -> float:
        return -sum(chance * math.log2(chance) for chance in chances if chance)

    yes, no = [0.16 / 0.27, 0.06 / 0.27, 0.05 / 0.27], [0.04 / 0.73, 0.24 / 0.73, 0.45 / 0.73]
    expected = entropy(0.2, 0.3, 0.5) - 0.27 * entropy(*yes) - 0.73 * entropy(*no)

    assert expected_bits(SMALL, np.array([0.2, 0.3, 0.5]))[0] == pytest.approx(expected)


@each_presentation
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_shares_add_up_order_does_not_matter_and_information_is_never_negative(presentation: Presentation, data: st.DataObject) -> None:
    said = data.draw(answers(presentation))
    found = posterior(presentation, said)

    assert found.sum() == pytest.approx(1)
    assert found == pytest.approx(posterior(presentation, dict(reversed(said.items()))))
    assert (expected_bits(presentation, found) >= 0).all()


@each_presentation
def test_every_figure_is_a_chance_that_says_its_source(presentation: Presentation) -> None:
    known = {condition.id for condition in presentation.conditions}
    assert sum(condition.share for condition in presentation.conditions) < 1
    for each in presentation.questions:
        assert set(each.figures) <= known
        assert OTHER not in known
        for figure in (Figure(each.elsewhere, "-"), *each.figures.values()):
            assert sum(figure.chances) == pytest.approx(1)
            assert min(figure.chances) >= 0
            assert figure.source


@each_presentation
def test_one_answer_is_not_enough_to_go_on(presentation: Presentation) -> None:
    for each in presentation.questions:
        assert differential(presentation, {each.id: "yes"}).not_enough


def test_an_excluded_condition_is_not_listed() -> None:
    abdominal = next(each for each in PRESENTATIONS if each.id == "abdominal_pain")

    assert "ectopic_pregnancy" not in {each.condition.id for each in differential(abdominal, {}, sex="M").ranked}
    assert "ectopic_pregnancy" in {each.condition.id for each in differential(abdominal, {}).ranked}


def test_likelihood_ratios_come_back_out_of_the_chances() -> None:
    chances = ratios(5.7, 0.7)

    assert (chances.with_it / chances.without, (1 - chances.with_it) / (1 - chances.without)) == pytest.approx((5.7, 0.7))
    assert rises(2.38, elsewhere=0.05).with_it == pytest.approx(0.119)


def test_a_question_or_an_answer_there_is_not_is_refused() -> None:
    with pytest.raises(Refused, match="'w' is not asked"):
        posterior(SMALL, {"w": "yes"})
    with pytest.raises(Refused, match="yes, no"):
        posterior(SMALL, {"x": "perhaps"})
