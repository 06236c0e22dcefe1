"""Quality measures at the door: rates for those who may read them, and reasons only of records they may open."""

import json
import time
from datetime import datetime
from typing import Any

import pytest

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, BEN, Patient
from wardline.core.events import Kept
from wardline.core.statements import Statement

PERIOD = str(MORNING.year)
METRICS = "/api/v1/clinical/quality-metrics"
AUDIT = "/api/v1/clinical/audit-support"


def scan(id: str, dose: float) -> dict[str, Any]:
    """A head scan: the limit of its dose is 1025 mGy.cm (AlaraCommonFunctions 1.6)."""
    parts = (("96912-1", 100, "[hnsf'U]"), ("96913-9", dose, "mGy.cm"))
    return {
        "resourceType": "Observation", "id": id, "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "96914-7"}]},
        "effectiveDateTime": MORNING.isoformat(), "valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": "LA31763-8"}]},
        "component": [{"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": value, "unit": unit}} for code, value, unit in parts],
    }  # fmt: skip


def keep(house: OpenHouse, patient: Patient, *resources: dict[str, Any]) -> str:
    """Keep FHIR resources of a patient as a client would have sent them; returns the record's key."""
    key = house.key(patient)

    def decide(folded: Any, now: datetime) -> list[Statement]:
        return [Statement(Kept(each["resourceType"], each["id"], 1, json.dumps(each)), key, now) for each in resources]

    house.do(lambda: house.wardline.engine.record(decide, actor="test"))
    return key


@pytest.fixture(scope="module")
def counted(shared: OpenHouse) -> OpenHouse:
    """Ada was scanned with too much dose, Ben was not."""
    keep(shared, ADA, {"resourceType": "Patient", "id": "ada", "birthDate": "1950-01-01"}, scan("a", 1025))
    keep(shared, BEN, {"resourceType": "Patient", "id": "ben", "birthDate": "1950-01-01"}, scan("b", 500))
    return shared


def measures(house: OpenHouse, period: str = PERIOD) -> dict[str, Any]:
    """Ask until the count is done, as the screen does."""
    for _ in range(200):
        answered: dict[str, Any] = house.as_("manager").get(f"{METRICS}?period={period}")
        if answered["state"] != "running":
            return answered
        time.sleep(0.1)
    raise AssertionError("the count does not end")


def test_the_first_question_begins_the_count_and_a_later_one_brings_rates_with_their_interval(counted: OpenHouse) -> None:
    days = f"{PERIOD}-01-01/{PERIOD}-12-31"
    measures(counted)  # one period is counted at a time
    assert counted.as_("manager").get(f"{METRICS}?period={days}")["state"] == "running"

    answered = measures(counted, days)

    assert (answered["state"], answered["patients"]) == ("done", 2)
    scans = next(each for each in answered["measures"] if each["id"] == "ct_dose_outpatient")
    assert {each["name"]: each["count"] for each in scans["populations"]} == {
        "initial-population": 2, "denominator": 2, "denominator-exclusion": 0, "numerator": 1,
    }  # fmt: skip
    # Wilson 1927 for 1 of 2: 9.5 to 90.5 %.
    assert (scans["rate"]["share"], round(scans["rate"]["low"], 3), round(scans["rate"]["high"], 3)) == (0.5, 0.095, 0.905)
    assert [each["rate"]["of"] for each in scans["months"] if each["month"] == f"{MORNING:%Y-%m}"] == [2]
    assert not any("members" in each for each in answered["measures"])
    opioids = next(each for each in answered["measures"] if each["id"] == "safe_use_of_opioids")
    assert opioids["unanswered"] == [{"reason": "the site has not loaded any value sets", "patients": 2}]


def test_reasons_are_shown_for_records_one_may_open_and_counted_for_the_others(counted: OpenHouse) -> None:
    measures(counted)
    asked = {"measure": "ct_dose_outpatient", "period": PERIOD, "population": "numerator"}

    doctor = counted.as_("doctor").post(AUDIT, asked)
    manager = counted.as_("manager").post(AUDIT, asked)

    (ada,) = doctor["patients"]
    assert (ada["patient"], doctor["total"], doctor["not_shown"]) == (counted.key(ADA), 1, 0)
    reasons = {each["name"]: each["reasons"] for each in ada["populations"]}
    assert reasons["numerator"] == [{"what": "Observation/a", "why": "head, routine dose: size-adjusted dose 1025, limit 1025 mGy.cm"}]
    assert (manager["patients"], manager["total"], manager["not_shown"]) == ([], 1, 1)


def test_a_nurse_has_no_use_for_rates(counted: OpenHouse) -> None:
    counted.as_("nurse").ask("GET", f"{METRICS}?period={PERIOD}", expect=403)


@pytest.mark.parametrize("period", ["soon", "2026-13-01/2026-12-31", "2026-12-31/2026-01-01"])
def test_a_period_that_is_none_is_refused_with_what_one_is(shared: OpenHouse, period: str) -> None:
    assert "period" in shared.as_("manager").ask("GET", f"{METRICS}?period={period}", expect=400)["detail"]


def test_an_unknown_population_is_named(counted: OpenHouse) -> None:
    measures(counted)

    refused = counted.as_("doctor").ask("POST", AUDIT, {"measure": "ct_dose_outpatient", "period": PERIOD, "population": "everybody"}, expect=404)

    assert "denominator-exclusion" in refused["detail"]
