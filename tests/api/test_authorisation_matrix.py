"""SEC-5, SEC-6 (OWASP API1, API3, API5; ASVS 8.2.1, 8.2.2): every door of the API for every role and every kind of patient.

What is expected comes from the plain table beside this file, what happens from the doors themselves. A door that is in the document
and not tried here fails.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from starlette.requests import Request

from api.authorisation import CARERS, TABLE, expected
from api.house import ALL_ROLES, ROUTES, OpenHouse, Route, Visitor
from support.clocks import MORNING
from support.messages import ILL, WELL, Patient, adt, vitals
from wardline.api.doors import OPEN, SIGNED_IN, allowed, let_in
from wardline.api.streams import TOPICS, WHO, about_of
from wardline.core.errors import NotAllowed
from wardline.core.people import Person
from wardline.core.trail import Asked
from wardline.security.authorisation.actions import ACTIONS
from wardline.security.authorisation.deciding import BREAK_GLASS
from wardline.security.authorisation.policies import policies_in

DAY = timedelta(days=1)
OWN, OTHER, TO_ME, LEFT, LONG_AGO = (
    Patient(number, family, "Kanari") for number, family in (
        ("70001", "Ownvogel"), ("70002", "Othervogel"), ("70003", "Assignvogel"), ("70004", "Leftvogel"), ("70005", "Goneovogel"),
    )
)  # fmt: skip
CANARIES = tuple(each for patient in (OWN, OTHER, TO_ME, LEFT, LONG_AGO) for each in (patient.family, patient.family.upper()))
RELATIONS = {OWN: "unit", OTHER: "", TO_ME: "assigned", LEFT: "lately", LONG_AGO: ""}
"""Of a person of ward 7A, whose name is on the third patient's list."""
CLOSED = [route for route in ROUTES if route.door.who != OPEN]


def _id(route: Route) -> str:
    return f"{route.method} {route.path}"


class Hospital:
    """Five patients, and people of every role: of ward 7A, of ward 8B, and of the whole house."""

    def __init__(self, house: OpenHouse) -> None:
        self.house = house
        self.services = house.running.services
        self._people: dict[tuple[str, tuple[str, ...]], Visitor] = {}
        house.send(
            adt("A01", LONG_AGO, at=MORNING - 3 * DAY, visit="V5", unit="7A", bed="9"),
            adt("A03", LONG_AGO, at=MORNING - 2 * DAY, visit="V5", unit="7A", bed="9"),
            adt("A01", OWN, at=MORNING, visit="V1", unit="7A", bed="1"),
            adt("A01", OTHER, at=MORNING, visit="V2", unit="8B", bed="2"),
            adt("A01", TO_ME, at=MORNING, visit="V3", unit="8B", bed="3"),
            adt("A01", LEFT, at=MORNING, visit="V4", unit="7A", bed="4"),
            adt("A02", LEFT, at=MORNING + timedelta(minutes=5), visit="V4", unit="8B", bed="4"),
            *(vitals(each, ILL if each is OWN else WELL, at=MORNING + timedelta(minutes=10)) for each in (OWN, OTHER, TO_ME, LEFT)),
        )
        self.person("nurse").post(f"/api/v1/patients/{house.key(TO_ME)}/assign", {"role": "nurse", "name": "Kim Ward"}, 204)

    def person(self, role: str, *units: str) -> Visitor:
        """Somebody signed in. Everybody has the name that the third patient is assigned to if they are of ward 7A."""
        if (role, units) not in self._people:
            name = "Kim Ward" if units == ("7A",) else f"{role} of {units or 'the house'}"
            user, sessions = self.house.user(f"{role}{len(self._people)}", role, name=name, units=units), self.services.sessions
            visitor = self._people[role, units] = Visitor(self.house)
            visitor.token = self.house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
        return self._people[role, units]

    def refusal(self, visitor: Visitor, route: Route, **path: str) -> NotAllowed | None:
        """What the door itself says, without anything behind it being done."""
        params = dict.fromkeys(route.door.param_convertors, "nobody") | path
        scope = {
            "type": "http", "method": route.method, "path": route.path, "query_string": b"", "client": ("127.0.0.1", 1), "path_params": params,
            "headers": [(b"authorization", f"Bearer {visitor.token}".encode())], "app": self.house.asgi.routes,
        }  # fmt: skip
        return self.house.do(_refusal, lambda: let_in(Request(scope), route.door, Asked(_id(route))))

    def refusal_of_view(self, visitor: Visitor, topic: str) -> NotAllowed | None:
        """The same of a live view."""
        person = self.services.sessions.person(visitor.token)
        return _refusal(lambda: allowed(person, WHO, about_of(topic, self.services), self.services))


def _refusal(act: Callable[[], Any]) -> NotAllowed | None:
    try:
        act()
    except NotAllowed as refusal:
        return refusal
    return None


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[Hospital]:
    with OpenHouse(tmp_path_factory.mktemp("matrix") / "data", portal) as house:
        yield Hospital(house)


# --- every route, every role, every object -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", CLOSED, ids=_id)
def test_a_door_opens_to_those_of_the_table_and_to_nobody_else(hospital: Hospital, route: Route) -> None:
    door, wrong = route.door, []
    for role in ALL_ROLES:
        for units in (("7A",), ()):
            for words, path, kind, relation in _objects(hospital, route, units):
                if role == "patient" and kind == "patient":
                    relation = ""  # a patient looks after nobody, and this account is bound to no record
                refusal = hospital.refusal(hospital.person(role, *units), route, **path)
                wanted = door.who == SIGNED_IN or expected(role, door.who, kind, relation)
                if (refusal is None) is not wanted:
                    wrong.append((role, units, words, str(refusal)))
    assert wrong == []


def _objects(hospital: Hospital, route: Route, units: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str], str, str]]:
    """(what it is, the part of the path, its kind, how somebody of these units has to do with it)"""
    if route.door.about:
        for patient, relation in RELATIONS.items():
            yield patient.family, {route.door.about: hospital.house.key(patient)}, "patient", relation if units else "whole house"
        yield "unknown", {route.door.about: "nobody"}, "patient", "" if units else "whole house"
    elif route.door.within:
        for unit in ("7A", "8B", "nowhere"):
            yield unit, {route.door.within: unit}, "board", "whole house" if not units else "unit" if unit == "7A" else ""
    else:
        yield "the house", {}, "house", ""


def test_a_door_whose_path_names_a_patient_or_a_unit_says_so() -> None:
    """Otherwise the door would ask about the house, and whoever may ask for lists would get in."""
    for route in ROUTES:
        named = re.findall(r"/patients/\{(\w+)\}|\{(patient_id|patient)\}|/queue/\{(\w+)\}", route.path)
        assert [route.door.about] == ["".join(groups) for groups in named] or not named, route.path
        assert route.door.within == ("unit" if "{unit}" in route.path else ""), route.path


@pytest.mark.parametrize("role", ALL_ROLES)
def test_a_live_view_opens_to_whoever_may_read_what_it_shows(hospital: Hospital, role: str) -> None:
    house, key = hospital.house, hospital.house.key
    topics = {f"patient/{key(patient)}": ("patient", relation) for patient, relation in RELATIONS.items()}
    topics |= {"board/7A": ("board", "unit"), "board/8B": ("board", "")}
    for topic, (kind, relation) in topics.items():
        refusal = house.do(hospital.refusal_of_view, hospital.person(role, "7A"), topic)
        assert (refusal is None) is (role != "patient" and expected(role, WHO, kind, relation)), topic


def test_no_door_of_the_document_is_left_out(hospital: Hospital) -> None:
    """The OpenAPI document is the inventory (OWASP API9): what is in it has been tried above, or is a live view."""
    document = hospital.person("nurse").get("/openapi.json")
    inventory = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    tried = {(route.method, route.path) for route in ROUTES} | {("GET", "/api/v1/stream/" + topic) for topic in TOPICS}
    assert inventory <= tried


def test_every_action_a_door_names_stands_in_a_policy_and_in_the_table() -> None:
    actions = {route.door.who for route in ROUTES} - {OPEN, SIGNED_IN}
    hint = "see src/wardline/security/authorisation/policies/README.md on how to add an action"
    assert actions <= set(ACTIONS), f"no such action {sorted(actions - set(ACTIONS))}; {hint}"
    policies = policies_in().all
    unnamed = [action for action in ACTIONS if not any(policy.names(action) for policy in policies)]
    assert unnamed == [], f"closed to everybody; {hint}"
    assert set(ACTIONS) == set(TABLE), f"the plain table of tests/api/authorisation.py and actions.py differ; {hint}"


# --- bound to one patient ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", ["an app", ""])
@pytest.mark.parametrize("role", [*CARERS, "manager", "patient"])
def test_a_sign_in_bound_to_one_patient_reaches_no_other(hospital: Hospital, role: str, client: str) -> None:
    key, access = hospital.house.key, hospital.services.access
    bound = Person("somebody", "Somebody", frozenset({role}), client=client if role != "patient" else "", patient=key(OWN))
    for action in ("patient.read", "patient.chart", "alert.act", "patient.assign", "emergency.open"):
        for other in (OTHER, TO_ME, LEFT, LONG_AGO):
            assert not access.may(bound, action, key(other)), (action, other.family)
    assert access.may(bound, "patient.read", key(OWN))
    assert not access.may(bound, "patient.read", "unit/7A")
    assert access.may(bound, "emergency.open", key(OWN)) is (role in CARERS and not client), "programs never do"


# --- replayed with another's token ------------------------------------------------------------------------------------------------------


ENDS_WHO_ASKS = ("/auth/logout", "/auth/sessions")
"""They are about whoever asks, and would end the session that these tests share."""


@pytest.mark.parametrize("route", [route for route in CLOSED if not route.path.endswith(ENDS_WHO_ASKS)], ids=_id)
def test_a_request_replayed_by_somebody_of_another_ward_gives_nothing(hospital: Hospital, route: Route) -> None:
    """SEC-6: refused or not found, and no byte of a patient's name; lists hold only one's own."""
    stranger = hospital.person("nurse", "9C")
    path = route.path.format_map(dict.fromkeys(route.door.param_convertors, "7A" if route.door.within else hospital.house.key(OWN)))

    response = stranger.request(route.method, path, None if route.method in ("GET", "DELETE") else {})

    if (route.door.about or route.door.within) and route.door.who != "emergency.open":
        assert response.status_code in (403, 404), response.text[:200]
    assert not [canary for canary in CANARIES if canary in response.text]


@pytest.mark.parametrize("role", ["researcher", "engineer", "auditor", "privacy", "admin", "patient"])
def test_whoever_does_not_treat_reads_no_name_anywhere(hospital: Hospital, role: str) -> None:
    for route in CLOSED:
        if route.method == "GET":
            path = route.path.format_map(dict.fromkeys(route.door.param_convertors, hospital.house.key(OWN)))
            response = hospital.person(role).request("GET", path)
            assert not [canary for canary in CANARIES if canary in response.text], route.path


def test_lists_hold_only_ones_own(hospital: Hospital) -> None:
    ward, house = hospital.person("nurse", "7A"), hospital.person("nurse")

    assert _names(ward.get("/api/v1/patients")) == {OWN.family, TO_ME.family, LEFT.family}
    assert _names(house.get("/api/v1/patients")) == {OWN.family, OTHER.family, TO_ME.family, LEFT.family}
    assert _names(ward.post("/api/v1/patients/search", {"q": "vogel"})) == {OWN.family, TO_ME.family, LEFT.family}
    assert _names(ward.get("/api/v1/patients", unit="8B")) == {TO_ME.family, LEFT.family}
    assert ward.post("/api/v1/patients/search", {"q": "Othervogel"})["total"] == 0
    assert [unit["unit"] for unit in ward.get("/api/v1/boards")["units"]] == ["7A"]
    assert {item["patient"]["family"] for item in ward.get("/api/v1/nurse/queue")["items"]} == {OWN.family}
    assert hospital.person("nurse", "9C").get("/api/v1/nurse/queue")["items"] == []
    assert hospital.person("nurse", "9C").get("/api/v1/nurse/dashboard/metrics")["open"] == 0


def _names(answer: dict[str, Any]) -> set[str]:
    return {line["name"].partition(",")[0] for line in answer["patients"]}


def test_a_whole_number_finds_somebody_elses_patient_and_says_nothing_of_them(hospital: Hospital) -> None:
    (line,) = hospital.person("nurse", "7A").post("/api/v1/patients/search", {"q": OTHER.number})["patients"]

    assert line["outside"].startswith("this patient is outside your units")
    assert {name: value for name, value in line.items() if value and name not in ("id", "number", "outside")} == {}
    assert hospital.person("manager", "7A").post("/api/v1/patients/search", {"q": OTHER.number})["patients"] == []
    assert hospital.person("nurse", "7A").post("/api/v1/patients/search", {"q": OTHER.number[:-1]})["patients"] != [line]


# --- what is said to whoever is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "remedy"), [*((role, BREAK_GLASS) for role in CARERS), ("manager", ""), ("auditor", ""), ("admin", "")])
def test_whoever_could_open_it_in_an_emergency_is_told_so(hospital: Hospital, role: str, remedy: str) -> None:
    refused = hospital.person(role, "7A").get(f"/api/v1/patients/{hospital.house.key(OTHER)}", expect=403)

    assert refused.get("remedy", "") == remedy


def test_a_bed_manager_sees_where_patients_are_and_not_what_they_have(hospital: Hospital) -> None:
    """ASVS 8.2.3: parts that may not be read are not there, and are named, so that nobody takes them for empty."""
    key, manager = hospital.house.key(OWN), hospital.person("manager")

    seen = manager.get(f"/api/v1/patients/{key}")
    assert seen["place"]["bed"] == "1"
    assert seen["left_out"] == ["allergies", "answers", "disputes", "gaps", "overdue", "problems"]
    assert set(seen).isdisjoint(seen["left_out"])
    assert hospital.person("nurse").get(f"/api/v1/patients/{key}")["left_out"] == []
    for part in ("timeline", "findings", "alerts"):
        manager.get(f"/api/v1/patients/{key}/{part}", expect=403)
