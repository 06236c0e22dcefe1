"""An order as FHIR: whatever its sender calls its state, it leaves with a word that FHIR knows for this kind of order."""

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest

from support.events import event
from wardline.core.course import ENDED, STOPS
from wardline.core.events import Ordered
from wardline.formats.fhir.outward.course import DRUGS, SERVICES, resource_of

RUNS = {"active", "on-hold", "draft", "unknown"}


def known(kind: type[MedicationRequest] | type[ServiceRequest]) -> set[str]:
    """The value set of the status, as the models of FHIR R4B have it."""
    said = kind.model_fields["status"].json_schema_extra
    assert isinstance(said, dict)
    words = said["enum_values"]
    assert isinstance(words, list)
    return {str(word) for word in words}


def status(said: str, category: str) -> str:
    return str(resource_of("ada", event(Ordered("1", "what", status=said, category=category)))["status"])


@pytest.mark.parametrize(
    ("said", "drug", "service"),
    [
        ("NW", "active", "active"), ("HD", "active", "active"), ("HR", "on-hold", "on-hold"), ("CM", "completed", "completed"),
        ("CA", "cancelled", "revoked"), ("CR", "cancelled", "revoked"), ("OC", "cancelled", "revoked"), ("DC", "stopped", "revoked"),
        ("DR", "stopped", "revoked"), ("OD", "stopped", "revoked"), ("stopped", "stopped", "revoked"), ("cancelled", "cancelled", "revoked"),
        ("entered-in-error", "entered-in-error", "entered-in-error"), ("ZZ", "unknown", "unknown"),
    ],
)  # fmt: skip
def test_what_was_cancelled_or_stopped_says_so_in_the_words_of_its_kind(said: str, drug: str, service: str) -> None:
    assert (status(said, "medication"), status(said, "laboratory")) == (drug, service)


def test_no_status_leaves_that_fhir_does_not_know() -> None:
    assert set(DRUGS.values()) <= known(MedicationRequest)
    assert set(SERVICES.values()) <= known(ServiceRequest)


def test_what_has_ended_here_does_not_run_elsewhere() -> None:
    assert STOPS < ENDED
    for said in ENDED:
        assert not {status(said, "medication"), status(said, "laboratory")} & RUNS
