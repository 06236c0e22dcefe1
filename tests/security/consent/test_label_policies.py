"""Who sees what carries a label, as the shipped access policies decide: by care, consent and emergency, never by role alone."""

from pathlib import Path
from typing import Final

import pytest

from wardline.core.people import Person
from wardline.security.authorisation.deciding import CedarAccess
from wardline.security.authorisation.facts import Consent
from wardline.security.authorisation.policies import policies_in

RECORD: Final = "ada"


class Told:
    """Facts as a test states them: the far side of the port."""

    def __init__(self, consent: Consent = "", *, open: bool = False) -> None:
        self.said, self.open = consent, open

    def record(self, about: str) -> str:
        return about

    def is_known(self, record: str) -> bool:
        return True

    def units(self, record: str) -> frozenset[str]:
        return frozenset({"7A"})

    def left_lately(self, record: str) -> frozenset[str]:
        return frozenset()

    def is_assigned(self, who: Person, record: str) -> bool:
        return False

    def has_open(self, person: str, record: str) -> bool:
        return self.open

    def is_in_emergency(self, person: str) -> bool:
        return self.open

    def is_fresh(self, who: Person) -> bool:
        return False

    def consent(self, who: Person, action: str, record: str, label: str) -> Consent:
        return self.said


def may(role: str, label: str, *units: str, consent: Consent = "", open: bool = False, patient: str = "", site: Path | None = None) -> bool:
    who = Person("u1", "x", frozenset({role}), units, patient=patient)
    return CedarAccess(policies_in(site), Told(consent, open=open)).may(who, "label.read", RECORD, label=label)


@pytest.mark.parametrize("role", ["nurse", "doctor", "pharmacist"])
def test_whoever_treats_sees_it_where_nothing_was_said(role: str) -> None:
    assert may(role, "HIV/Observation", "7A")
    assert may(role, "HIV/Observation")
    assert not may(role, "HIV/Observation", "8B")


@pytest.mark.parametrize("role", ["radiologist", "manager", "researcher", "engineer", "auditor", "privacy", "admin"])
def test_whoever_does_not_needs_a_consent(role: str) -> None:
    assert not may(role, "HIV/Observation", "7A")
    assert may(role, "HIV/Observation", "7A", consent="permit")


def test_a_denial_goes_before_everything_that_permits() -> None:
    assert not may("doctor", "HIV/Observation", "7A", consent="deny")
    assert not may("doctor", "N/Observation", "7A", consent="deny")
    assert not may("doctor", "HIV/Observation", "8B", consent="deny", open=True)


def test_an_emergency_opens_it_for_those_who_treat() -> None:
    assert may("radiologist", "HIV/Observation", "8B", open=True)
    assert not may("manager", "HIV/Observation", "8B", open=True)


def test_a_record_of_public_interest_is_for_its_own_ward() -> None:
    assert may("nurse", "VIP/Patient", "7A")
    assert not may("nurse", "VIP/Patient")
    assert not may("nurse", "EMP/Patient", "8B")
    assert may("nurse", "EMP/Patient", "8B", open=True)


def test_patients_see_everything_of_their_own() -> None:
    assert may("patient", "HIV/Observation", patient=RECORD)
    assert not may("patient", "HIV/Observation", patient="ben")


def test_what_carries_no_label_is_for_everybody_who_may_open_the_record() -> None:
    assert may("manager", "N/Observation", "7A")


def test_the_policy_in_the_guide_keeps_a_label_closer(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "operating" / "security" / "consent.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in guide.splitlines() if line.startswith("    ") and not line.startswith("      ")]
    policy = [line for line in lines if line.startswith(("@", "forbid", "when"))]
    (tmp_path / "psychiatry.cedar").write_text("\n".join(policy), encoding="utf-8")

    assert not may("doctor", "PSY/Condition", "7A", site=tmp_path)
    assert may("doctor", "PSY/Condition", "7A", "PSY-1", site=tmp_path)
    assert may("doctor", "PSY/Condition", "7A", open=True, site=tmp_path)
    assert may("doctor", "HIV/Condition", "7A", site=tmp_path)
