"""Times and stays of FHIR resources as a quality measure reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.science.quality.reading import NEVER, interval, measurement_period, moment, prevalence
from wardline.science.quality.stays import EMERGENCY, INPATIENT, OBSERVATION, finished_stays, with_observation
from wardline.science.quality.value_sets import read_value_sets

SETS = read_value_sets({INPATIENT.oid: [["snomed", "1"]], EMERGENCY.oid: [["snomed", "2"]], OBSERVATION.oid: [["snomed", "3"]]})
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def encounter(id: str, kind: str, start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "resourceType": "Encounter", "id": id, "status": "finished", "type": [{"coding": [{"system": "http://snomed.info/sct", "code": kind}]}],
        "period": {"start": start.isoformat(), "end": end.isoformat()},
    }  # fmt: skip


def whole(*encounters: dict[str, Any]) -> Any:
    resources = {"Encounter": encounters, "Patient": ({"birthDate": "1950-01-01"},)}
    (stay,) = finished_stays(resources, SETS, measurement_period("2026"))
    return with_observation(stay, resources, SETS)


@given(gap=st.integers(0, 300), order=st.permutations((0, 1)))
def test_an_emergency_visit_belongs_to_the_stay_if_it_ended_at_most_an_hour_before(gap: int, order: list[int]) -> None:
    """CQMCommon 2.2: one hour or less, on or before."""
    ended = NOON - timedelta(minutes=gap)
    both = (encounter("stay", "1", NOON, NOON + timedelta(days=2)), encounter("visit", "2", ended - timedelta(hours=3), ended))

    begun = whole(*(both[place] for place in order)).start

    assert begun == (ended - timedelta(hours=3) if gap <= 60 else NOON)


def test_the_visit_before_the_observation_counts_too() -> None:
    observed = encounter("observed", "3", NOON - timedelta(hours=6), NOON)
    visit = encounter("visit", "2", NOON - timedelta(hours=9), NOON - timedelta(hours=6, minutes=30))

    assert whole(encounter("stay", "1", NOON, NOON + timedelta(days=1)), observed, visit).start == NOON - timedelta(hours=9)


def test_a_condition_without_an_end_goes_on_while_it_is_active_and_is_known_only_at_its_onset_when_it_is_not() -> None:
    onset = {"onsetDateTime": "2026-01-05"}
    active = prevalence({**onset, "clinicalStatus": {"coding": [{"code": "active"}]}})
    resolved = prevalence({**onset, "clinicalStatus": {"coding": [{"code": "resolved"}]}})

    assert active is not None
    assert resolved is not None
    assert (active.end, resolved.end) == (NEVER, resolved.start)


def test_times_are_read_as_precise_as_they_are_written() -> None:
    assert moment("2026") == datetime(2026, 1, 1, tzinfo=UTC)
    assert moment("2026-03") == datetime(2026, 3, 1, tzinfo=UTC)
    assert moment("2026-03-01T12:00:00Z") == NOON
    assert moment("yesterday") is None
    assert interval({"end": "2026-03-01"}) is None, "a period without a beginning compares with nothing"


@pytest.mark.parametrize("text", ["", "26", "2026-02-30/2026-03-01", "2026-03-01/2026-02-01", "2026/2027"])
def test_a_period_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="period"):
        measurement_period(text)
