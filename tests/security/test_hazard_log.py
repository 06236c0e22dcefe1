"""The hazard log: every measure is shown by tests that exist, and none makes a risk worse (SEC-21)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from wardline.security.compliance.hazards import Hazard, Measure, hazards, level, verified
from wardline.security.compliance.matrix import Seen

HOUSE = Path(__file__).parents[2]
LOG = hazards()


def test_every_hazard_has_a_number_of_its_own_and_they_go_up() -> None:
    assert [each.id for each in LOG] == [f"H-{number:02}" for number in range(1, len(LOG) + 1)]


@pytest.mark.parametrize("named", sorted({test for each in LOG for measure in each.measures for test in measure.tests}))
def test_every_test_that_shows_a_measure_is_there(named: str) -> None:
    assert (HOUSE / named.partition("::")[0]).exists()


@pytest.mark.parametrize("hazard", LOG, ids=lambda each: each.id)
def test_no_hazard_is_left_unacceptable(hazard: Hazard) -> None:
    assert hazard.after != "unacceptable"


@pytest.mark.parametrize(
    ("risk", "word"), [(1, "acceptable"), (6, "acceptable"), (7, "as low as practicable"), (11, "as low as practicable"), (12, "unacceptable")]
)
def test_severity_times_probability_says_whether_a_risk_can_be_taken(risk: int, word: str) -> None:
    assert level(risk) == word


def hazard(**changed: object) -> Hazard:
    said = {
        "id": "H-01", "hazard": "h", "sequence": "s", "harm": "h", "severity": 4, "probability": 3, "residual": 1, "left": "l",
        "measures": (Measure(what="m", tests=("a.py",)),),
    }  # fmt: skip
    return Hazard.model_validate({**said, **changed})


@pytest.mark.parametrize("changed", [{"residual": 4}, {"measures": ()}, {"severity": 6}, {"probability": 0}, {"id": "1"}])
def test_an_entry_that_cannot_be_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        hazard(**changed)


def test_a_measure_is_shown_only_by_tests_that_passed() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    assert [each.shown.state for each in verified(hazard(), {"a.py::x": Seen(True, at)})] == ["shown"]
    assert [each.shown.state for each in verified(hazard(), {"a.py::x": Seen(False, at)})] == ["failing"]
    assert [each.shown.state for each in verified(hazard(), {})] == ["not run"]
