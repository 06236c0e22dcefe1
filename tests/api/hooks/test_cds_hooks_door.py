"""CDS Hooks 2.0 at the door: discovery, who may call, what is looked at, cards, and what becomes of them."""

import json
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.house import OpenHouse, Visitor
from support.clocks import MORNING
from support.ehr import IBUPROFEN, TOKEN, WARFARIN, Ehr, bundle, call, observation, order, patient
from support.messages import ADA, ILL, adt, vitals
from support.reference import reference_data
from wardline.core.people import User
from wardline.delivery.hooks.advice import Advice

NOTHING = {"patient": patient(), "medications": None, "observations": None, "conditions": None, "allergies": None}


def just_now() -> str:
    return (datetime.now(UTC) - timedelta(minutes=5)).isoformat()


def all_of(service: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A whole prefetch: null where there is nothing."""
    return {key: given.get(key, patient() if key == "patient" else None) for key in service["prefetch"]}


def services(visitor: Visitor) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in visitor.get("/cds-services")["services"]}


def no_empties(content: Any) -> bool:
    if isinstance(content, dict):
        return all(value not in (None, "", [], {}) and no_empties(value) for value in content.values())
    return all(map(no_empties, content)) if isinstance(content, list) else True


# --- discovery ---


def test_every_capability_is_a_service_and_says_what_to_send_along(shared: OpenHouse) -> None:
    listed = services(shared.nobody())

    assert set(shared.wardline.engine.assessments.askable) <= set(listed)
    assert listed["news2"]["hook"] == "patient-view"
    assert listed["news2"]["prefetch"]["patient"] == "Patient/{{context.patientId}}"
    assert "http://loinc.org|9279-1" in listed["news2"]["prefetch"]["observations"]
    assert "85354-9" in listed["news2"]["prefetch"]["observations"]  # systolic pressure is part of a panel
    assert no_empties(list(listed.values()))


def test_every_published_hook_has_a_service(shared: OpenHouse) -> None:
    hooks = {each["hook"] for each in services(shared.nobody()).values()}

    assert hooks >= {
        "patient-view", "order-select", "order-sign", "order-dispatch", "appointment-book", "encounter-start", "encounter-discharge",
        "allergyintolerance-create", "problem-list-item-create", "medication-refill", "medication-prescribe", "order-review",
    }  # fmt: skip


# --- cards ---


def test_a_critical_potassium_is_a_critical_card_with_reasons_source_and_reasons_to_override(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    sent = all_of(services(doctor)["critical_values"], observations=bundle(observation("2823-3", 7.1, "mmol/L", at=just_now())))
    (card,) = doctor.post("/cds-services/critical_values", call("patient-view", prefetch=sent))["cards"]

    assert card["indicator"] == "critical"
    assert "Potassium 7.1 mmol/L" in card["summary"]
    assert len(card["summary"]) < 140
    assert "above 6.2" in card["detail"]
    assert card["source"]["topic"]["code"] == "critical_values"
    assert {"code": "treated", "system": "urn:wardline:override-reasons", "display": "Treated"} in card["overrideReasons"]
    assert no_empties(card)


def test_where_there_is_nothing_to_say_there_are_no_cards(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    sent = all_of(services(doctor)["critical_values"], observations=bundle(observation("2823-3", 4.1, "mmol/L", at=just_now())))

    assert doctor.post("/cds-services/critical_values", call("patient-view", prefetch=sent)) == {"cards": []}


def test_two_drafts_that_do_not_go_together_are_told_and_either_can_be_left_out(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    drafts = bundle(order(WARFARIN, at=just_now()), order(IBUPROFEN, at=just_now()))
    answer = doctor.post("/cds-services/order-safety", call("order-sign", draftOrders=drafts, prefetch=all_of(services(doctor)["order-safety"])))
    card = next(each for each in answer["cards"] if "anticoagulant" in each["summary"] or "ibuprofen" in each["summary"].lower())

    assert {each["label"] for each in card["suggestions"]} == {"Do not order warfarin", "Do not order ibuprofen"}
    assert {each["actions"][0]["resourceId"] for each in card["suggestions"]} == {"MedicationRequest/r-warfarin", "MedicationRequest/r-ibuprofen"}
    assert card["selectionBehavior"] == "at-most-one"


def test_drafts_without_an_id_are_held_against_each_other_and_no_card_removes_what_has_no_name(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    nameless = [{name: value for name, value in order(drug, at=just_now()).items() if name != "id"} for drug in (WARFARIN, IBUPROFEN)]
    asked = call("order-sign", draftOrders=bundle(*nameless), prefetch=all_of(services(doctor)["order-safety"]))
    cards = doctor.post("/cds-services/order-safety", asked)["cards"]
    (card,) = [each for each in cards if "warfarin" in each["summary"].lower() and "ibuprofen" in each["summary"].lower()]

    assert "suggestions" not in card


def test_what_was_so_before_the_order_is_not_said_at_the_order(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    running = bundle(order(WARFARIN, at=just_now(), status="active"), order(IBUPROFEN, at=just_now(), status="active"))
    sent = all_of(services(doctor)["order-safety"], medications=running)
    paracetamol = order(("161", "paracetamol"), at=just_now())
    answer = doctor.post("/cds-services/order-safety", call("order-sign", draftOrders=bundle(paracetamol), prefetch=sent))

    assert not [each for each in answer["cards"] if "ibuprofen" in json.dumps(each).lower()]


def test_at_order_select_the_chosen_order_is_judged_beside_those_chosen_before(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    drafts = bundle(order(WARFARIN, at=just_now()), order(IBUPROFEN, at=just_now()))
    sent = all_of(services(doctor)["order-safety-order-select"])
    asked = call("order-select", draftOrders=drafts, selections=["MedicationRequest/r-ibuprofen"], prefetch=sent)
    labels = {
        each["label"] for card in doctor.post("/cds-services/order-safety-order-select", asked)["cards"] for each in card.get("suggestions", ())
    }

    assert labels == {"Do not order ibuprofen"}


def test_the_same_thing_is_said_once_at_one_moment_in_the_ehr(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    sent = all_of(services(doctor)["patient-summary"], observations=bundle(observation("2823-3", 7.1, "mmol/L", at=just_now())))
    asked = call("patient-view", prefetch=sent)

    def topics(service: str, asked: dict[str, Any]) -> list[str]:
        return [each["source"]["topic"]["code"] for each in doctor.post(f"/cds-services/{service}", asked)["cards"]]

    assert "critical_values" in topics("patient-summary", asked)
    assert topics("critical_values", asked) == []
    assert "critical_values" in topics("patient-summary", asked)  # the service that said it says it again
    assert topics("critical_values", asked | {"hookInstance": "another"}) == ["critical_values"]


# --- what is looked at ---


def test_a_patient_of_ours_is_answered_from_our_record_without_any_prefetch(shared: OpenHouse) -> None:
    (card,) = shared.as_("doctor").post("/cds-services/news2", call("patient-view", of=shared.key()))["cards"]

    assert card["summary"].startswith("NEWS2")
    assert card["links"][0]["url"].endswith(f"/patients/{shared.key()}")
    assert shared.audited(action="asked at a hook", about=shared.key())


def test_too_little_to_go_on_is_412_and_says_what_to_send(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    refused = doctor.post("/cds-services/critical_values", call("patient-view"), expect=412)

    assert "observations" in refused["detail"]
    failed = {"patient": patient(), "observations": {"resourceType": "OperationOutcome", "issue": []}}
    doctor.post("/cds-services/corrected_calcium", call("patient-view", prefetch=failed), expect=412)


def test_where_orders_are_judged_what_could_not_be_looked_at_is_said(shared: OpenHouse) -> None:
    asked = call("order-sign", draftOrders=bundle(order(WARFARIN, at=just_now())), prefetch={"patient": patient()})
    cards = shared.as_("doctor").post("/cds-services/order-safety", asked)["cards"]

    (notice,) = [each for each in cards if each["source"]["label"] == "Wardline"]
    assert "medications" in notice["detail"]


def test_resources_of_two_people_are_refused(shared: OpenHouse) -> None:
    sent = {"patient": patient(), "observations": bundle(observation("2823-3", 7.1, "mmol/L", at=just_now(), of="p2"))}
    refused = shared.as_("doctor").post("/cds-services/critical_values", call("patient-view", prefetch=sent), expect=400)

    assert "another patient" in refused["detail"]


@pytest.mark.parametrize(
    ("change", "where"),
    [({"hook": "order-sign"}, "hook"), ({"hookInstance": ""}, "hookInstance"), ({"context": {"userId": "x"}}, "context.patientId"),
     ({"prefetch": []}, None), ({"prefetch": [1]}, "prefetch")],
    ids=["hook", "instance", "patient", "empty prefetch", "prefetch"],
)  # fmt: skip
def test_a_request_that_is_wrong_is_told_where(shared: OpenHouse, change: dict[str, Any], where: str | None) -> None:
    refused = shared.as_("doctor").request("POST", "/cds-services/news2", call("patient-view") | change)

    assert refused.status_code == (400 if where else 412)
    assert refused.json().get("where") == where


# --- feedback ---


def test_why_a_card_was_overridden_stands_on_the_policy_page(house: OpenHouse) -> None:
    doctor = house.as_("doctor")
    sent = all_of(services(doctor)["critical_values"], observations=bundle(observation("2823-3", 7.1, "mmol/L", at=just_now())))
    (card,) = doctor.post("/cds-services/critical_values", call("patient-view", prefetch=sent))["cards"]
    told = {"card": card["uuid"], "outcome": "overridden", "overrideReason": {"reason": {"code": "treated"}, "userComment": "dialysis running"}}

    assert doctor.post("/cds-services/critical_values/feedback", {"feedback": [told]}) == {}
    doctor.post("/cds-services/critical_values/feedback", {"feedback": [told]})  # said twice, counted once

    (line,) = doctor.get("/api/v1/policy/advice")["advice"]
    assert (line["capability"], line["shown"], line["overridden"], line["accepted"]) == ("critical_values", 1, 1, 0)
    assert line["reasons"] == [{"code": "treated", "text": "Treated", "count": 1}]


def test_feedback_on_an_unknown_card_keeps_nothing(house: OpenHouse) -> None:
    refused = house.as_("doctor").post(
        "/cds-services/critical_values/feedback", {"feedback": [{"card": "nobody", "outcome": "accepted"}]}, expect=400
    )

    assert "nobody" in refused["detail"]
    assert house.as_("doctor").get("/api/v1/policy/advice")["advice"] == []


def test_what_is_remembered_of_advice_is_rebuilt_from_the_log(house: OpenHouse) -> None:
    doctor = house.as_("doctor")
    doctor.post("/cds-services/news2", call("patient-view", of=house.key()))
    live, again, loaded = house.wardline.advice, Advice(), Advice()
    for event in house.do(lambda: list(house.wardline.log.events_of([house.key()]))):
        again.apply(event)
    loaded.load(live.dump())

    assert live.tallies()
    assert again.dump() == live.dump() == loaded.dump()


# --- who calls ---


@pytest.fixture
def ehr() -> Iterator[Ehr]:
    with Ehr() as opened:
        yield opened


@pytest.fixture
def trusting(open_house: Callable[..., OpenHouse], ehr: Ehr, tmp_path: Path) -> OpenHouse:
    """A house that has listed the EHR, with its service account."""
    folder = tmp_path / "data" / "config"
    folder.mkdir(parents=True)
    (folder / "cds_hooks.yaml").write_text(ehr.config(assigners=f"{{urn:mrn: {ADA.assigner}}}"), encoding="utf-8")
    opened = open_house()
    opened.do(opened.wardline.identities.put_user, User("u-ehr", "ehr", "Ward EHR", "", frozenset({"doctor"}), service=True))
    return opened


def as_ehr(house: OpenHouse, token: str) -> Visitor:
    visitor = house.nobody()
    visitor.token = token
    return visitor


def url(house: OpenHouse, service: str) -> str:
    return f"{house.running.services.hooks.base()}/cds-services/{service}"


def test_a_listed_ehr_comes_in_with_a_token_it_signed_for_the_address_and_once(trusting: OpenHouse, ehr: Ehr) -> None:
    sent = {"patient": patient(), "observations": bundle(observation("2823-3", 7.1, "mmol/L", at=just_now()))}
    visitor = as_ehr(trusting, ehr.token(url(trusting, "critical_values")))

    assert visitor.post("/cds-services/critical_values", call("patient-view", prefetch=sent))["cards"]
    assert "jti" in visitor.post("/cds-services/critical_values", call("patient-view", prefetch=sent), expect=401)["detail"]


@pytest.mark.parametrize(
    "wrong",
    [{"aud": "https://elsewhere/cds-services/critical_values"}, {"exp": 1}, {"jti": None}, {"iss": "https://another.example"},
     {"exp": 4_000_000_000}, {"header": {"jku": "https://evil.example/jwks.json"}}, {"header": {"kid": "another"}}],
    ids=["aud", "exp", "jti", "iss", "too long", "jku", "kid"],
)  # fmt: skip
def test_a_token_that_is_not_right_in_one_thing_is_refused(trusting: OpenHouse, ehr: Ehr, wrong: dict[str, Any]) -> None:
    token = ehr.token(url(trusting, "critical_values"), **wrong)

    as_ehr(trusting, token).post("/cds-services/critical_values", call("patient-view", prefetch=NOTHING), expect=401)


def test_a_token_that_somebody_else_signed_is_refused(trusting: OpenHouse, ehr: Ehr) -> None:
    token = ehr.token(url(trusting, "news2"))
    with Ehr() as other:
        ehr.key = other.key  # from now on the listed address gives another key of the same name

        as_ehr(trusting, token).post("/cds-services/news2", call("patient-view", prefetch=NOTHING), expect=401)


def test_nobody_is_answered_without_showing_who_they_are(shared: OpenHouse) -> None:
    shared.nobody().post("/cds-services/news2", call("patient-view"), expect=401)
    shared.as_("engineer").post("/cds-services/news2", call("patient-view"), expect=403)


def test_what_was_not_sent_is_fetched_page_by_page_with_the_token_of_the_ehr(trusting: OpenHouse, ehr: Ehr) -> None:
    search = services(trusting.nobody())["critical_values"]["prefetch"]["observations"].replace("{{context.patientId}}", "p1")
    ehr.pages = {
        "Patient/p1": patient(),
        search: bundle(observation("2951-2", 140.0, "mmol/L", at=just_now()), following=f"{ehr.base}/fhir/page-2"),
        "page-2": bundle(observation("2823-3", 7.1, "mmol/L", at=just_now())),
    }
    asked = call("patient-view") | {
        "fhirServer": f"{ehr.base}/fhir", "fhirAuthorization": {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 300},
    }  # fmt: skip
    (card,) = as_ehr(trusting, ehr.token(url(trusting, "critical_values"))).post("/cds-services/critical_values", asked)["cards"]

    assert "Potassium 7.1" in card["summary"]  # which stands on the second page
    assert {authorization for _, authorization in ehr.asked} == {f"Bearer {TOKEN}"}


def test_the_token_goes_to_no_server_but_the_listed_one(trusting: OpenHouse, ehr: Ehr) -> None:
    with Ehr({"Patient/p1": patient()}) as elsewhere:
        asked = call("patient-view") | {
            "fhirServer": f"{elsewhere.base}/fhir", "fhirAuthorization": {"access_token": TOKEN, "token_type": "Bearer"},
        }  # fmt: skip
        as_ehr(trusting, ehr.token(url(trusting, "critical_values"))).post("/cds-services/critical_values", asked, expect=412)

        assert elsewhere.asked == []


def ada(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p1", "identifier": [{"system": "urn:mrn", "value": ADA.number}], **more}


def test_a_patient_whose_number_we_know_is_answered_from_our_record(trusting: OpenHouse, ehr: Ehr) -> None:
    trusting.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), vitals(ADA, ILL, at=MORNING + timedelta(minutes=10)))

    def asked(who: dict[str, Any]) -> Any:
        return as_ehr(trusting, ehr.token(url(trusting, "news2"))).request(
            "POST", "/cds-services/news2", call("patient-view", prefetch={"patient": who})
        )

    assert asked(ada()).json()["cards"][0]["summary"].startswith("NEWS2")
    # The same number with another birth date is another person: nothing of our record is used.
    other = asked(ada(birthDate="1901-01-01"))
    assert "NEWS2" not in other.text


# --- the published examples ---


@pytest.mark.reference
def test_the_published_examples_of_hooks_are_answered(shared: OpenHouse) -> None:
    doctor, listed = shared.as_("doctor"), services(shared.nobody())
    examples = published()
    answered = {}
    for name, content in examples.items():
        hook = name.removeprefix("hooks_").rsplit("-", 1)[0]
        service = next(id for id, each in listed.items() if each["hook"] == hook and id.startswith("order-safety"))
        asked = content | {
            "hook": hook,
            "hookInstance": name,
            "prefetch": {"patient": patient(content["context"]["patientId"].removeprefix("Patient/"))},
        }
        answered[name] = doctor.request("POST", f"/cds-services/{service}", asked).status_code

    # Two describe FHIR before R4, where the context held another field.
    old = {"hooks_allergyintolerance-create-006", "hooks_allergyintolerance-create-007"}
    assert {name: status for name, status in answered.items() if status != 200} == dict.fromkeys(old & answered.keys(), 400)
    assert len(answered) >= 10


@pytest.mark.reference
def test_our_answers_have_no_field_that_the_published_ones_do_not_describe(shared: OpenHouse) -> None:
    """The card with everything in the published answers, beside ours."""
    described = {"uuid", "summary", "detail", "indicator", "source", "suggestions", "selectionBehavior", "overrideReasons", "links"}
    sent = {"patient": patient(), "observations": bundle(observation("2823-3", 7.1, "mmol/L", at=just_now()))}
    for card in shared.as_("doctor").post("/cds-services/critical_values", call("patient-view", prefetch=sent))["cards"]:
        assert set(card) <= described


def published() -> dict[str, Any]:
    file = reference_data() / "clinical" / "cds_hooks_examples" / "cds_hooks_examples_dev.tar.gz"
    with tarfile.open(file) as archive:
        names = [each for each in archive.getnames() if Path(each).name.startswith("hooks_")]
        return {Path(name).stem: json.load(archive.extractfile(name) or []) for name in names}  # type: ignore[arg-type]
