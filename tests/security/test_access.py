"""Access by policies: closed by default, decided from roles, places and relations; fast enough for every row of a board."""

from time import perf_counter

import pytest

from security.told import Told
from wardline.core.errors import Fault
from wardline.core.people import Person, Role
from wardline.security.authorisation.actions import ACTIONS
from wardline.security.authorisation.deciding import NOT_ALLOWED, NOT_YOUR_UNIT, NOT_YOURS, OUTSIDE, CedarAccess
from wardline.security.authorisation.explaining import facts_of
from wardline.security.authorisation.policies import policies_in

ROLES = {role.value for role in Role}
PATIENT_DATA = ("patient.read", "patient.chart", "alert.act", "patient.assign")
POLICIES = policies_in()


def _person(*roles: str, units: tuple[str, ...] = (), **more: object) -> Person:
    return Person("p", "Kim Ward", frozenset(roles), units)._replace(**more)  # type: ignore[arg-type]


def _access(**told: object) -> CedarAccess:
    return CedarAccess(POLICIES, Told(**told))  # type: ignore[arg-type]


def _may(action: str, *roles: str, about: str = "") -> bool:
    return _access().may(_person(*roles), action, about)


# --- closed by default ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [*sorted(ACTIONS), "patient.erase.all", "", "PATIENT.READ", 'x"; permit(principal, action, resource);'])
@pytest.mark.parametrize("about", ["", "ada", "unit/7A"])
def test_nobody_without_a_role_may_do_anything(action: str, about: str) -> None:
    assert not _may(action, about=about)
    assert not _may(action, "gardener", about=about)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_what_no_policy_names_is_closed_to_everybody(role: str) -> None:
    assert not _may("patient.clone", role)
    assert not _may("patient.clone", role, about="ada")


@pytest.mark.parametrize("action", PATIENT_DATA)
@pytest.mark.parametrize("role", ["engineer", "auditor", "admin", "privacy", "researcher", "patient"])
def test_whoever_runs_the_house_does_not_see_patients_for_it(action: str, role: str) -> None:
    assert not any(_may(action, role, about=about) for about in ("", "ada", "unit/7A"))


def test_administrators_cannot_read_the_trail_of_what_they_did() -> None:
    assert not _may("audit.read", "admin")
    assert _may("audit.read", "auditor")
    assert _may("audit.read", "privacy")


def test_two_roles_may_what_either_may() -> None:
    assert _may("feed.repair", "nurse", "engineer")
    assert _may("patient.read", "nurse", "engineer", about="ada")


# --- relations ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({}, "care-reads"), ({"ward": "8B"}, ""), ({"ward": "8B", "left": frozenset({"7A"})}, "care-reads"),
        ({"ward": "8B", "names": frozenset({"Kim Ward"})}, "care-reads"), ({"ward": "8B", "names": frozenset({"kim ward"})}, ""),
        ({"ward": "8B", "opened_by": "p"}, "emergency-care"), ({"ward": "8B", "opened_by": "q"}, ""), ({"ward": ""}, ""),
    ],
)  # fmt: skip
def test_a_chart_is_read_by_whoever_has_to_do_with_the_patient(told: dict[str, object], reason: str) -> None:
    decision = _access(**told).decide(_person("nurse", units=("7A",)), "patient.chart", "ada")

    assert decision.allowed is bool(reason)
    assert decision.policies == ((reason,) if reason else ())
    assert decision.reason == ("" if reason else OUTSIDE)


def test_a_merged_record_is_asked_about_under_the_name_it_has_now() -> None:
    assert _access().may(_person("nurse", units=("7A",)), "patient.chart", "ada before her merge")


def test_who_may_not_open_records_in_an_emergency_is_sent_to_the_team() -> None:
    decision = _access(ward="8B").decide(_person("manager", units=("7A",)), "patient.read", "ada")

    assert (decision.reason, decision.remedy) == (NOT_YOURS, "")


def test_another_units_board_is_not_ones_own() -> None:
    assert _access().decide(_person("nurse", units=("7A",)), "patient.read", "unit/8B").reason == NOT_YOUR_UNIT


def test_a_role_that_is_wrong_is_not_told_about_emergencies() -> None:
    decision = _access().decide(_person("auditor"), "patient.chart", "ada")

    assert (decision.reason, decision.remedy) == (NOT_ALLOWED, "")


def test_a_patient_reads_their_own_record_alone() -> None:
    own = _person("patient", patient="ada")

    assert _access().may(own, "patient.chart", "ada")
    assert _access().may(own, "patient.chart", "ada before her merge")
    assert not _access().may(own, "patient.chart", "ben")
    assert not _access().may(_person("patient", "engineer", patient="ada"), "patient.chart", "ada"), "a colleague is no patient by having the role"


# --- emergencies ------------------------------------------------------------------------------------------------------------------------


def test_in_an_emergency_the_purpose_is_said_to_be_one() -> None:
    assert _access(ward="8B", opened_by="p").decide(_person("nurse", units=("7A",)), "patient.chart", "ada").purpose == "BTG"
    assert _access().decide(_person("nurse", units=("7A",)), "patient.chart", "ada").purpose == ""


@pytest.mark.parametrize("action", ["user.manage", "policy.change", "emergency.review"])
def test_nobody_changes_rules_in_an_emergency(action: str) -> None:
    person = _person(*(ROLES - {"patient"}))

    assert _access().may(person, action)
    refused = _access(opened_by="p").decide(person, action)
    assert (refused.allowed, refused.policies) == (False, ("no-rules-in-an-emergency",))


@pytest.mark.parametrize("role", ["manager", "auditor", "privacy", "admin", "engineer", "researcher", "patient"])
def test_only_those_who_treat_open_records_in_an_emergency(role: str) -> None:
    assert not _may("emergency.open", role, about="ada")
    assert not _access(ward="8B", opened_by="p").may(_person(role, units=("7A",)), "patient.chart", "ada")


def test_a_program_never_opens_a_record_in_an_emergency() -> None:
    app = _person("nurse", units=("7A",), client="an app")

    assert not _access(ward="8B").may(app, "emergency.open", "ada")
    assert not _access(ward="8B", opened_by="p").may(app, "patient.chart", "ada")


# --- programs and consent -----------------------------------------------------------------------------------------------------------------


def test_a_program_does_no_more_than_its_scopes_say() -> None:
    person = _person("nurse", units=("7A",), client="an app")

    assert _access().may(person._replace(scopes=frozenset({"user/*.rs"})), "patient.chart", "ada")
    refused = _access().decide(person._replace(scopes=frozenset({"user/Patient.r"})), "patient.chart", "ada")
    assert (refused.allowed, refused.policies) == (False, ("programs-keep-to-their-scopes",))
    assert not _access().may(person._replace(scopes=frozenset({"user/*.cruds"})), "user.manage")


def test_scopes_for_one_patient_follow_the_record_through_a_merge() -> None:
    app = _person("nurse", units=("7A",), client="an app", scopes=frozenset({"patient/*.rs"}), patient="ada before her merge")

    assert _access().may(app, "patient.chart", "ada")
    assert not _access().may(app, "patient.chart", "ben")


def test_what_the_patient_forbids_stays_closed_but_in_an_emergency() -> None:
    nurse = _person("nurse", units=("7A",))
    refused = _access(says="deny").decide(nurse, "patient.chart", "ada")

    assert (refused.allowed, refused.policies, refused.remedy) == (False, ("patients-have-said-no",), "break-glass")
    assert _access(says="deny", opened_by="p").may(nurse, "patient.chart", "ada")


# --- explaining, and cost --------------------------------------------------------------------------------------------------------------------


def test_a_refusal_is_explained_by_the_facts_it_was_made_from() -> None:
    access = _access(ward="8B")

    assert facts_of(access.question(_person("nurse", units=("7A",)), "patient.chart", "ada")) == [
        "They have the role nurse.", "Their units are 7A.", "The patient is in none of their units now.",
        "The patient has not left one of their units lately.", "The patient is not assigned to them.",
        "They do not have the record open in an emergency.", "The patient has said nothing about it.",
    ]  # fmt: skip
    assert (
        facts_of(access.question(_person("doctor"), "patient.read", "unit/7A"))[-1] == "Their account names no unit: they look after the whole house."
    )


def test_a_policy_that_cannot_be_evaluated_closes_the_door_and_is_a_fault() -> None:
    broken = POLICIES._replace(handle=type(POLICIES.handle).from_str("permit (principal, action, resource) when { context.nothing == 1 };"))
    with pytest.raises(Fault, match="cannot be decided"):
        CedarAccess(broken, Told()).may(_person("nurse"), "patient.read", "ada")


def test_a_board_of_two_hundred_rows_is_decided_in_a_few_milliseconds() -> None:
    access, nurse = _access(), _person("nurse", units=("7A",))
    access.may(nurse, "patient.read", "ada")
    began = perf_counter()
    for _ in range(200):
        assert access.may(nurse, "patient.read", "ada")

    assert perf_counter() - began < 0.2, "far below a millisecond for each"
    assert len(access._answers) == 1
