"""A FHIR R4 Consent, read and written: what is not understood is refused by its path, and what is written says the same again."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.restricted import actor, consent, deny, permit, purpose
from wardline.core.consent import Actor, Consent, Provision
from wardline.core.errors import Refused
from wardline.formats.fhir.consent import ACT_CODE, ACTION, BASE, CONFIDENTIALITY, DEEPEST, KINDS, SCOPE, concept, read, write
from wardline.formats.fhir.elements import coding, moment_of

VIENNA = ZoneInfo("Europe/Vienna")


def test_a_denial_with_an_exception_is_read_with_both() -> None:
    inside = permit(actor=actor("Organization/PSY-1"), action=[concept(ACTION, "access")])
    notes = deny("PSY", provision=[inside], **{"class": [coding(KINDS, "DocumentReference")]})

    read_as = read(consent("ada", notes, performer=[{"display": "Ada Moss"}], dateTime="2026-11-21T10:00:00+01:00"), VIENNA)

    exception = Provision(True, actors=(Actor("unit", "PSY-1"),), actions=frozenset({"access"}))
    assert read_as == Consent(
        "ada", Provision(False, frozenset({"PSY"}), frozenset({"DocumentReference"}), exceptions=(exception,)),
        datetime(2026, 11, 21, 9, tzinfo=UTC), "Ada Moss",
    )  # fmt: skip


def test_opting_in_leaves_the_rest_to_the_house_and_opting_out_denies_it() -> None:
    """policyRule is what holds where no provision says otherwise (R4, Consent.policyRule; v3 ActCode OPTIN, OPTOUT)."""
    out = consent("ada", permit(actor=actor("PractitionerRole/doctor")), policyRule=concept(ACT_CODE, "OPTOUT"))
    out["provision"] = {"provision": [out["provision"]]}

    assert read(consent("ada", deny("HIV"), deny("PSY")), UTC).provision.permits is BASE["OPTIN"] is None
    assert read(out, UTC).provision.permits is False


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in consent("ada", deny("HIV")).items() if key != name}


@pytest.mark.parametrize(
    ("resource", "where"),
    [
        (consent("ada", deny("HIV", data=[{"meaning": "instance"}])), "provision.data"),
        (consent("ada", deny("HIV", dataPeriod={"start": "2026"})), "provision.dataPeriod"),
        (consent("ada", deny("HIV", code=[concept("http://loinc.org", "20447-9")])), "provision.code"),
        (consent("ada", deny("HIV"), modifierExtension=[{"url": "x"}]), "Consent.modifierExtension"),
        (consent("ada", deny(actor=actor("RelatedPerson/1"))), "provision.actor[0].reference"),
        (consent("ada", deny(actor=actor("https://elsewhere.example/fhir/Practitioner/1"))), "provision.actor[0].reference.reference"),
        (consent("ada", deny(securityLabel=[coding("http://elsewhere.example", "HIV")])), "provision.securityLabel[0]"),
        (consent("ada", deny(purpose=[coding(ACT_CODE, "TREAT")])), "provision.purpose[0]"),
        (consent("ada", {"type": "forbid"}), "provision.type"),
        (consent("ada", deny(provision=[{"securityLabel": []}])), "provision.provision[0].type"),
        (consent("ada", deny(period={"start": "yesterday"})), "provision.period.start"),
        (consent("ada", deny(period={"start": "2026-11-21T10:00:00"})), "provision.period.start"),
        (consent("ada", deny("HIV"), status="proposed"), "status"),
        (consent("ada", deny("HIV"), scope=concept(SCOPE, "research")), "scope"),
        (consent("ada", deny("HIV"), patient={"reference": "Group/1"}), "patient"),
        (consent("ada", {}, policyRule=concept(ACT_CODE, "OPTIN")), "provision"),
        (_without("scope"), "scope"),
        (_without("provision"), "provision.type"),
        ({"resourceType": "Patient"}, "resourceType"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_path(resource: dict[str, Any], where: str) -> None:
    with pytest.raises(Refused) as refused:
        read(resource, UTC)

    assert refused.value.where == where


def test_exceptions_of_exceptions_have_an_end() -> None:
    rule = deny("HIV")
    for _ in range(DEEPEST + 1):
        rule = deny("HIV", provision=[rule])

    with pytest.raises(Refused, match="too many exceptions"):
        read(consent("ada", rule), UTC)


@pytest.mark.parametrize(
    ("said", "begins", "ends"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=VIENNA), datetime(2027, 1, 1, tzinfo=VIENNA)),
        ("2026-12", datetime(2026, 12, 1, tzinfo=VIENNA), datetime(2027, 1, 1, tzinfo=VIENNA)),
        ("2026-03-29", datetime(2026, 3, 29, tzinfo=VIENNA), datetime(2026, 3, 30, tzinfo=VIENNA)),
    ],
)
def test_a_period_without_a_time_is_whole_days_of_the_hospital(said: str, begins: datetime, ends: datetime) -> None:
    """R4, Period.end: "If the end of the period is ... a date, the period includes the whole day"; a clock change does not shorten it."""
    assert moment_of(said, "start", VIENNA) == begins.astimezone(UTC)
    assert moment_of(said, "end", VIENNA, end=True) < ends.astimezone(UTC)
    assert (ends.astimezone(UTC) - moment_of(said, "end", VIENNA, end=True)).total_seconds() < 0.001


CODES = st.frozensets(st.sampled_from(["HIV", "PSY", "R", "V"]), max_size=3)
ACTORS = st.lists(st.builds(Actor, st.sampled_from(["person", "unit", "role", "program"]), st.sampled_from(["a", "7A", "nurse"])), max_size=2)
TIMES = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def _provisions(exceptions: st.SearchStrategy[list[Provision]]) -> st.SearchStrategy[Provision]:
    return st.builds(
        Provision, st.booleans(), CODES, st.frozensets(st.sampled_from(["Observation", "Patient"])), ACTORS.map(tuple),
        st.frozensets(st.sampled_from(["access", "disclose"])), st.frozensets(st.sampled_from(["TREAT", "BTG"])), TIMES, TIMES, exceptions.map(tuple),
    )  # fmt: skip


@given(_provisions(st.lists(_provisions(st.just([])), max_size=2)), TIMES, st.text(max_size=20))
def test_what_is_written_is_read_again_as_the_same(rule: Provision, at: datetime | None, text: str) -> None:
    said = Consent("ada", rule, at, "Ada", text)

    assert read(write(said, id="c1"), UTC) == said


def test_the_code_systems_are_those_of_hl7() -> None:
    assert ACT_CODE == "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    assert CONFIDENTIALITY == "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    assert purpose("TREAT") == [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}]
