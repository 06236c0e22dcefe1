"""The policy explorer: a refusal explained by policies and facts, and without showing what the patient has."""

from api.house import OpenHouse, Visitor
from support.messages import ADA, BEN
from wardline.security.authorisation.actions import ACTIONS


def _visitor(house: OpenHouse, login: str, role: str, *units: str) -> Visitor:
    user, sessions, visitor = house.user(login, role, units=units), house.wardline.sessions, Visitor(house)
    visitor.token = house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
    return visitor


def test_the_policies_are_read_with_their_reasons(shared: OpenHouse) -> None:
    answer = shared.as_("privacy").get("/api/v1/access/policies")

    assert {action["name"] for action in answer["actions"]} == set(ACTIONS)
    care = next(policy for policy in answer["policies"] if policy["id"] == "care-reads")
    assert care["effect"] == "permit"
    assert care["text"].startswith('@id("care-reads")')


def test_a_refusal_at_a_door_is_found_and_explained(house: OpenHouse) -> None:
    _visitor(house, "night", "nurse", "9C").get(f"/api/v1/patients/{house.key(ADA)}/timeline", expect=403)
    auditor = house.as_("auditor")

    refusal = next(each for each in auditor.get("/api/v1/access/refusals")["items"] if each["name"] == "Night")
    why = auditor.get("/api/v1/access/explain", person=refusal["who"], action=refusal["action"], patient=refusal["patient"])

    assert (refusal["action"], refusal["number"], refusal["login"]) == ("patient.chart", ADA.number, "night")
    assert (why["allowed"], why["reason"], why["policies"]) == (False, refusal["said"], [])
    assert "The patient is in none of their units now." in why["facts"]
    assert ADA.family not in str(why)
    assert "7A" not in str(why), "where the patient is, is not told"


def test_somebody_made_up_is_asked_about_by_role_and_unit(shared: OpenHouse) -> None:
    admin = shared.as_("admin")

    yes = admin.get("/api/v1/access/explain", role="nurse", unit="7A", action="patient.chart", patient=BEN.number)
    assert (yes["allowed"], [policy["id"] for policy in yes["policies"]]) == (True, ["care-reads"])
    no = admin.get("/api/v1/access/explain", role="nurse", unit="8B", action="patient.chart", patient=BEN.number)
    assert (no["allowed"], no["remedy"]) == (False, "break-glass")
    board = admin.get("/api/v1/access/explain", role="manager", action="patient.read", board="8B")
    assert (board["allowed"], board["about"]) == (True, "unit/8B")


def test_a_question_that_makes_no_sense_says_why(shared: OpenHouse) -> None:
    admin = shared.as_("admin")

    assert admin.get("/api/v1/access/explain", expect=400, action="patient.clone", role="nurse")["where"] == "action"
    assert admin.get("/api/v1/access/explain", expect=400, action="patient.read")["where"] == "person"
    admin.get("/api/v1/access/explain", expect=404, action="patient.read", person="nobody")
    admin.get("/api/v1/access/explain", expect=404, action="patient.read", role="nurse", patient="4711")


def test_asking_about_a_patient_is_itself_recorded(house: OpenHouse) -> None:
    house.as_("privacy").get("/api/v1/access/explain", role="nurse", action="patient.chart", patient=ADA.number)

    entry = house.audited(action="access explained")[-1]
    assert (entry["about"], entry["detail"]["wanted"]) == (house.key(ADA), "patient.chart")
