"""The compliance page's answers: computed from the controls that ship and the last run of the tests, for those who answer for them."""

import pytest

from api.house import OpenHouse
from wardline.security.compliance.hazards import hazards
from wardline.security.compliance.matrix import STATES, frameworks
from wardline.security.compliance.results import last_results


def test_every_control_is_shown_with_its_state_and_the_counts_are_those(shared: OpenHouse) -> None:
    said = shared.as_("auditor").get("/api/v1/compliance")
    assert [each["id"] for each in said["frameworks"]] == [each.id for each in frameworks()]
    for each in said["frameworks"]:
        states = [control["state"] for control in each["controls"]]
        assert each["counts"] == {state: states.count(state) for state in STATES}


def test_nothing_is_shown_that_no_test_of_this_version_showed(shared: OpenHouse) -> None:
    ran = last_results().tests
    for framework in shared.as_("auditor").get("/api/v1/compliance")["frameworks"]:
        for control in framework["controls"]:
            if control["state"] == "shown":
                assert all(any(name.startswith(test["name"]) for name in ran) for test in control["tests"])
                assert all(test["passed"] for test in control["tests"])


def test_there_is_no_score(shared: OpenHouse) -> None:
    answer = shared.as_("auditor").request("GET", "/api/v1/metrics/compliance")
    assert set(answer.json()) == {"tested_at", "frameworks"}
    assert "%" not in answer.text
    assert all(isinstance(count, int) for counts in answer.json()["frameworks"].values() for count in counts.values())


def test_the_hazard_log_is_whole(shared: OpenHouse) -> None:
    said = shared.as_("privacy").get("/api/v1/compliance/hazards")["hazards"]
    assert [(each["id"], len(each["measures"])) for each in said] == [(each.id, len(each.measures)) for each in hazards()]


@pytest.mark.parametrize("path", ["/api/v1/compliance", "/api/v1/compliance/hazards", "/api/v1/metrics/compliance"])
def test_those_who_treat_patients_have_no_use_for_it(shared: OpenHouse, path: str) -> None:
    shared.as_("nurse").get(path, expect=403)
