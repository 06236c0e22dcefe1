"""What only a person can say, as JSON: named answers are checked, and a series may be one number."""

from typing import Any

import pytest

from wardline.app.discovery import discover
from wardline.formats.assessment import assess

CATALOGUE = discover()


def ask(id: str, **question: Any) -> dict[str, Any]:
    capability = CATALOGUE.get(id)
    assert capability is not None
    return assess(capability, question)


GRACE = {"systolic_pressure": 130, "pulse": 80, "age_years": 65, "creatinine": 1.0} | dict.fromkeys(
    ("cardiac_arrest", "st_deviation", "raised_enzymes"), False
)


@pytest.mark.parametrize("killip", [2, "2"])
def test_a_named_answer_may_come_as_text(killip: Any) -> None:
    assert ask("grace", **GRACE, killip_class=killip)["value"] == 128


@pytest.mark.parametrize("killip", [0, "II", True, [], {}])
def test_any_other_answer_is_refused_with_those_that_count(killip: Any) -> None:
    assert ask("grace", **GRACE, killip_class=killip) == {"outcome": "refused", "reason": "killip_class is one of 1, 2, 3, 4"}


def test_one_number_is_a_series_of_one() -> None:
    alone, listed = ask("sofa", creatinine=2.0), ask("sofa", creatinine=[{"hours": 0, "value": 2.0}])

    assert alone == listed
    assert alone["value"] == 2


def test_true_is_no_number() -> None:
    assert ask("sofa", creatinine=True)["outcome"] == "refused"
