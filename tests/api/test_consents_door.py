"""Consents, labels and who looked: recorded, read, withdrawn, by those who may."""

from typing import Any

import pytest

from api.house import OpenHouse, Visitor
from api.restricted import actor, consent, deny, permit, purpose
from support.clocks import MORNING
from support.messages import ADA, BEN, adt
from wardline.api.consents import DAMAGED
from wardline.core.events import Consented
from wardline.core.people import Role
from wardline.core.statements import Statement
from wardline.formats.fhir.consent import KINDS
from wardline.formats.fhir.elements import coding


def _consents(house: OpenHouse, role: str = "nurse") -> dict[str, Any]:
    found: dict[str, Any] = house.as_(role).get(f"/api/v1/patients/{house.key(ADA)}/consents")
    return found


def _own(house: OpenHouse) -> Visitor:
    """Ada's own sign-in."""
    account = house.as_("admin").post(
        "/api/v1/users",
        {"login": "ada.moss", "name": "Ada Moss", "password": "unrelated words thrice", "roles": ["patient"], "patient": house.key(ADA)}, 201,
    )  # fmt: skip
    sessions, visitor = house.wardline.sessions, Visitor(house)
    visitor.token = house.do(lambda: sessions.begin(sessions.identities.user(account["id"]), "these tests", factors=2)).access_token
    return visitor


def test_a_consent_is_told_in_plain_language_and_as_fhir(house: OpenHouse) -> None:
    notes = deny("PSY", provision=[permit(actor=actor("Organization/7A"))], **{"class": [coding(KINDS, "DocumentReference")]})

    made = house.as_("nurse").post(
        "/api/v1/consents", consent(house.key(ADA), notes, performer=[{"display": "Ada Moss"}], sourceAttachment={"title": "as she said"}), 201
    )  # fmt: skip

    assert made["words"] == [
        "Nobody may see notes and documents about mental health.", "Except: the people of 7A may see anything in the record.",
    ]  # fmt: skip
    assert (made["text"], made["performer"], made["recorded_by"], made["in_emergencies"]) == ("as she said", "Ada Moss", "Amelia Brandt", False)
    assert made["resource"]["provision"]["type"] == "deny"
    assert _consents(house)["consents"] == [made]


@pytest.mark.parametrize(
    ("provision", "words"),
    [
        (deny("HIV", actor=actor("Practitioner/nobody")), "there is no account 'nobody'"),
        (deny("HIV", actor=actor("Organization/9Z")), "there is no unit '9Z'"),
        (deny("HIV", actor=actor("PractitionerRole/baker")), "there is no role 'baker'"),
        (deny("XXX"), "there is no label 'XXX'"),
        (deny(**{"class": [coding(KINDS, "Observation"), coding(KINDS, "Basic")]}), "nothing here is a Basic"),
    ],
)
def test_a_consent_that_would_hold_nobody_back_is_refused(house: OpenHouse, provision: dict[str, Any], words: str) -> None:
    refused = house.as_("nurse").post("/api/v1/consents", consent(house.key(ADA), provision), 400)

    assert words in refused["detail"]


@pytest.mark.parametrize("text", ["", "null", '{"resourceType":', '{"resourceType": "Consent"}', '{"resourceType": "Consent", "scope": []}'])
def test_a_damaged_consent_closes_the_record_but_for_emergencies_until_it_is_withdrawn(house: OpenHouse, text: str) -> None:
    """What it may have forbidden nobody can say, so it forbids everything; and no other patient is touched."""
    nurse, record = house.as_("nurse"), house.key(ADA)
    house.send(adt("A01", BEN, at=MORNING, visit="V2", bed="4"))
    damaged = [Statement(Consented("c1", "active", text), record, MORNING)]
    house.do(lambda: house.wardline.engine.record(lambda folded, now: damaged, actor="eve"))

    assert nurse.get(f"/api/v1/patients/{record}", 403)["remedy"] == "break-glass"
    nurse.get(f"/api/v1/patients/{house.key(BEN)}")
    nurse.get("/api/v1/boards/7A")
    (shown,) = _consents(house)["consents"]
    assert (shown["words"][0], shown["in_emergencies"]) == (DAMAGED, False)
    nurse.post(f"/api/v1/patients/{record}/emergency-access", {"reason": "danger"}, 201)
    nurse.get(f"/api/v1/patients/{record}")

    nurse.delete(f"/api/v1/patients/{record}/consents/c1")
    house.as_("doctor").get(f"/api/v1/patients/{record}")


def test_a_consent_for_somebody_unknown_is_refused(house: OpenHouse) -> None:
    house.as_("nurse").post("/api/v1/consents", consent("nobody", deny("HIV")), 404)


def test_a_colleague_is_named_by_the_sign_in_name_and_kept_by_the_account(house: OpenHouse) -> None:
    doctor = house.as_("doctor").get("/api/v1/auth/me")["id"]

    made = house.as_("nurse").post("/api/v1/consents", consent(house.key(ADA), deny(actor=actor("Practitioner/doctor"))), 201)

    assert made["words"] == ["Helen Vance may not see anything in the record."]
    assert made["resource"]["provision"]["actor"][0]["reference"] == {"reference": f"Practitioner/{doctor}"}


def test_only_the_ward_or_a_privacy_officer_records_a_consent(house: OpenHouse) -> None:
    elsewhere, sessions = Visitor(house), house.wardline.sessions
    user = house.user("kim", "nurse", units=("8B",))
    elsewhere.token = house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token

    elsewhere.post("/api/v1/consents", consent(house.key(ADA), deny("HIV")), 403)
    house.as_("manager").post("/api/v1/consents", consent(house.key(ADA), deny("HIV")), 403)
    house.as_("privacy").post("/api/v1/consents", consent(house.key(ADA), deny("HIV")), 201)


def test_withdrawing_keeps_that_it_was_there_and_why_it_ended(house: OpenHouse) -> None:
    made = house.as_("nurse").post("/api/v1/consents", consent(house.key(ADA), deny("HIV")), 201)
    path = f"/api/v1/patients/{house.key(ADA)}/consents/{made['id']}"

    house.as_("nurse").ask("DELETE", path, expect=204, query={"reason": "she has changed her mind"})

    (kept,) = _consents(house)["consents"]
    assert (kept["status"], kept["reason"], kept["words"]) == ("inactive", "she has changed her mind", made["words"])
    house.as_("nurse").delete(path, 404)


def test_a_consent_of_one_record_counts_for_the_person_after_a_merge(house: OpenHouse) -> None:
    house.as_("nurse").post("/api/v1/consents", consent(house.key(BEN), deny("HIV")), 201)

    house.send(adt("A40", ADA, at=MORNING.replace(hour=9), retired=BEN))

    assert [each["words"] for each in _consents(house)["consents"]] == [["Nobody may see HIV."]]


def test_a_label_names_a_fact_that_is_there(house: OpenHouse) -> None:
    path, nurse = f"/api/v1/patients/{house.key(ADA)}/labels", house.as_("nurse")
    pulse = {"kind": "Observation", "key": "pulse", "labels": ["PRS"], "reason": "she asked"}

    nurse.post(path, pulse, 204)
    nurse.post(path, pulse | {"key": "creatinine"}, 404)
    nurse.post(path, pulse | {"labels": ["XXX"]}, 400)
    nurse.post(path, pulse | {"kind": "Patient"}, 400)
    nurse.post(path, pulse | {"kind": "Basic"}, 400)

    (said,) = _consents(house)["sensitive"]
    assert said | {"at": None} == {
        "kind": "Observation", "key": "pulse", "title": "Pulse", "labels": ["PRS"], "source": "person", "reason": "she asked",
        "by": "Amelia Brandt", "at": None,
    }  # fmt: skip


def test_the_sensitive_facts_of_a_record_are_listed_to_those_only_who_see_them(house: OpenHouse) -> None:
    pulse = {"kind": "Observation", "key": "pulse", "labels": ["PRS"], "reason": "she asked"}
    house.as_("nurse").post(f"/api/v1/patients/{house.key(ADA)}/labels", pulse, 204)

    assert len(_consents(house, "doctor")["sensitive"]) == 1
    assert _consents(house, "radiologist")["sensitive"] == []
    assert _consents(house, "radiologist")["may_write"] is False


# --- a patient's own sign-in, and who looked ---


def test_a_patient_sees_their_own_record_consents_and_visitors_and_nothing_else(house: OpenHouse) -> None:
    ada, key, ben = _own(house), house.key(ADA), house.key(BEN)

    assert ada.get(f"/api/v1/patients/{key}/accesses")["patient"] == key
    assert ada.get(f"/api/v1/patients/{key}/consents")["may_write"] is True
    for path in (f"/api/v1/patients/{ben}", f"/api/v1/patients/{ben}/accesses", f"/api/v1/patients/{ben}/consents", "/api/v1/patients"):
        ada.get(path, 403)
    ada.get("/api/v1/boards/7A", 403)


def test_a_patient_forbids_and_permits_for_themselves_only(house: OpenHouse) -> None:
    ada = _own(house)

    ada.post("/api/v1/consents", consent(house.key(ADA), deny("HIV")), 201)
    ada.post("/api/v1/consents", consent(house.key(BEN), deny("HIV")), 403)


def test_a_patients_account_is_bound_to_a_record_and_no_other_account_is(house: OpenHouse) -> None:
    admin = house.as_("admin")
    account = {"login": "x.y", "name": "Xaver Yorck", "password": "unrelated words thrice", "roles": ["patient"]}

    admin.post("/api/v1/users", account, 400)
    admin.post("/api/v1/users", account | {"patient": "nobody"}, 400)
    admin.post("/api/v1/users", account | {"roles": ["nurse"], "patient": house.key(ADA)}, 400)


def test_who_looked_is_told_by_person_and_day_with_why(house: OpenHouse) -> None:
    """Journey 16, its last sentence."""
    key = house.key(ADA)
    house.as_("nurse").get(f"/api/v1/patients/{key}")
    house.as_("nurse").get(f"/api/v1/patients/{key}/timeline")
    elsewhere, sessions = Visitor(house), house.wardline.sessions
    user = house.user("lena", "doctor", name="Lena Fox", units=("8B",))
    elsewhere.token = house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
    elsewhere.get(f"/api/v1/patients/{key}", 403)
    elsewhere.post(f"/api/v1/patients/{key}/emergency-access", {"reason": "called"}, 201)
    elsewhere.get(f"/api/v1/patients/{key}")

    visits = {(each["name"], each["why"]): each for each in house.as_("privacy").get(f"/api/v1/patients/{key}/accesses")["visits"]}

    nurse = visits["Amelia Brandt", "treatment"]
    assert (nurse["times"], nurse["what"]) == (2, ["opened the chart", "results, drugs and notes over time"])
    emergency = visits["Lena Fox", "emergency"]
    assert (emergency["emergency"], emergency["review"], emergency["units"]) == ("I was called to this patient", "", ["8B"])
    assert visits["Lena Fox", "treatment"]["refused"] == 1


def test_who_looked_says_where_they_worked_then_and_not_where_they_work_now(house: OpenHouse) -> None:
    house.user("nurse", "nurse", units=("7A", "8B"))
    house.as_("nurse").get(f"/api/v1/patients/{house.key(ADA)}")
    user = house.wardline.identities.user_named("nurse")
    assert user is not None
    house.do(house.wardline.identities.put_user, user._replace(units=("9C",)))

    (visit,) = [each for each in house.as_("privacy").get(f"/api/v1/patients/{house.key(ADA)}/accesses")["visits"] if each["who"] == user.id]

    assert visit["units"] == ["7A", "8B"]


def test_the_visits_of_a_joined_record_are_told_too(house: OpenHouse) -> None:
    house.as_("doctor").get(f"/api/v1/patients/{house.key(BEN)}")

    house.send(adt("A40", ADA, at=MORNING.replace(hour=9), retired=BEN))

    names = {each["name"] for each in house.as_("privacy").get(f"/api/v1/patients/{house.key(ADA)}/accesses")["visits"]}
    assert "Helen Vance" in names


@pytest.mark.parametrize("role", [role.value for role in Role if role not in (Role.PRIVACY, Role.PATIENT)])
def test_nobody_else_learns_who_looked(shared: OpenHouse, role: str) -> None:
    shared.as_(role).get(f"/api/v1/patients/{shared.key(ADA)}/accesses", 403)


def test_a_rule_for_research_does_not_touch_treatment(house: OpenHouse) -> None:
    made = house.as_("nurse").post("/api/v1/consents", consent(house.key(ADA), deny(purpose=purpose("HRESCH"))), 201)

    assert made["words"] == ["Nobody may see anything in the record for research."]
    assert house.as_("nurse").get(f"/api/v1/patients/{house.key(ADA)}")["family"] == "Moss"
