"""SEC-9, SEC-10: every door leaves its trace, refused requests too; the trail is searched, taken away, proved and watched over."""

import asyncio
import csv
import io
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from api.house import ALL_ROLES, ROUTES, OpenHouse, Route
from security.audit.balp_profiles import violations
from support.messages import ADA, BEN
from wardline.api.doors import OPEN, SIGNED_IN
from wardline.api.strangers import STRANGERS_A_SECOND
from wardline.api.trail import UNSAID, cleaned
from wardline.app.auditing import Witness
from wardline.core.errors import Fault
from wardline.formats.audit.heads import HEADS

GUARDED: Final = [route for route in ROUTES if route.door.who != OPEN]
FOR_EVERYBODY: Final = (SIGNED_IN, "system.read")
"""Actions that no role is refused."""
FOR_PROGRAMS: Final = ("fhir.export",)
"""Actions of no person: their entries are asked for in tests/api/smart/test_smart_at_fhir.py."""
TRACED: Final = [route for route in GUARDED if route.method == "GET" and route.door.leaves_trace]


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def path_of(route: Route, house: OpenHouse) -> str:
    """With something in the place of every name."""
    given: dict[str, str] = defaultdict(lambda: "1", id=house.key(), patient_id=house.key(), unit="7A", about=house.key())
    return route.path.format_map(given)


@pytest.fixture(autouse=True)
def a_new_second(request: pytest.FixtureRequest) -> None:
    """So many refusals of strangers are kept in one second; each test begins its own."""
    for fixture in ("shared", "house"):
        if fixture in request.fixturenames:
            strangers = request.getfixturevalue(fixture).running.services.strangers
            strangers._second = None


# --- every door -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", GUARDED, ids=name)
def test_sec9_a_stranger_at_any_door_is_in_the_trail(shared: OpenHouse, route: Route) -> None:
    before = shared.do(shared.wardline.audit.size)

    assert shared.nobody().request(route.method, path_of(route, shared)).status_code == 401

    (entry,) = [entry for entry in shared.audited() if entry["id"] > before]
    assert (entry["who"], entry["action"], entry["outcome"], entry["door"]) == ("", "refused", "refused", name(route))
    assert entry["detail"]["why"] == "NotSignedIn"


@pytest.mark.parametrize("route", [route for route in GUARDED if route.door.who not in FOR_EVERYBODY], ids=name)
def test_sec9_whoever_may_not_use_a_door_is_in_the_trail(shared: OpenHouse, route: Route) -> None:
    for role in ALL_ROLES:
        visitor = shared.as_(role)
        answer = visitor.request(route.method, path_of(route, shared)) if not _may(shared, role, route) else None
        if answer is not None:
            break
    else:
        pytest.fail("everybody may use this door; if that is meant, its action belongs to FOR_EVERYBODY")

    assert answer.status_code == 403
    entry = shared.audited()[-1]
    assert (entry["action"], entry["outcome"], entry["door"], entry["roles"]) == ("refused", "refused", name(route), (role,))
    said = answer.json()
    assert entry["detail"]["said"] == (said["detail"] if "detail" in said else said["issue"][0]["diagnostics"])


@pytest.mark.parametrize("route", [route for route in TRACED if route.door.who not in FOR_PROGRAMS], ids=name)
def test_sec9_no_read_without_an_event(shared: OpenHouse, route: Route) -> None:
    """Every door of the document through which somebody sees something, also those that others add."""
    allowed = [role for role in ALL_ROLES if _may(shared, role, route)]
    assert allowed, "nobody here may use this door without more"
    before = shared.do(shared.wardline.audit.size)

    answer = shared.as_(allowed[0]).request("GET", path_of(route, shared))

    entries = [entry for entry in shared.audited() if entry["id"] > before]
    assert entries or answer.status_code in (400, 404, 409, 422), "something was shown and nothing was recorded"
    assert all(entry["door"] == name(route) for entry in entries)
    if answer.status_code == 200 and route.door.about:
        assert shared.key() in {record for entry in entries for record in entry["records"]}


def _may(house: OpenHouse, role: str, route: Route) -> bool:
    token = house.as_(role).token
    person = house.do(lambda: house.wardline.sessions.person(token))
    about = house.key() if route.door.about else ""
    return bool(house.do(lambda: house.wardline.access.decide(person, route.door.who, about).allowed))


def test_sec9_a_board_is_one_entry_that_every_patient_on_it_is_found_by(shared: OpenHouse) -> None:
    nurse = shared.as_("nurse")
    nurse.get("/api/v1/boards/7A")

    for patient in (ADA, BEN):
        entry = shared.audited(about=shared.key(patient))[-1]
        assert (entry["action"], entry["door"]) == ("board opened", "GET /api/v1/boards/{unit}")
        assert set(entry["records"]) == {shared.key(ADA), shared.key(BEN)}


def test_sec9_every_entry_is_an_audit_event_and_a_board_is_one_for_each_patient(shared: OpenHouse) -> None:
    shared.as_("nurse").get("/api/v1/boards/7A")
    auditor = shared.as_("auditor")

    answer = auditor.request("GET", "/api/v1/audit", query={"limit": 1000}, headers={"accept": "application/fhir+json"})

    assert answer.headers["content-type"] == "application/fhir+json"
    events = [entry["resource"] for entry in answer.json()["entry"]]
    assert [each for event in events for each in violations(event)] == []
    boards = [event for event in events if event.get("outcomeDesc") == "board opened"]
    assert {event["entity"][1]["what"]["reference"] for event in boards} == {f"Patient/{shared.key(ADA)}", f"Patient/{shared.key(BEN)}"}


def test_the_entry_says_where_from_in_which_session_and_why(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")
    doctor.request("GET", f"/api/v1/patients/{shared.key()}", headers={"x-request-id": "r-42"})

    entry = shared.audited()[-1]
    assert entry["session"]
    assert (entry["roles"], entry["purpose"], entry["request"], entry["address"]) == (("doctor",), "TREAT", "r-42", "127.0.0.1")


def test_what_people_type_is_not_in_the_trail(shared: OpenHouse) -> None:
    """I5: they type names. A search brings them in its body, which is not kept; what is typed into an address is left out."""
    shared.as_("doctor").post("/api/v1/patients/search", {"q": "moss", "unit": "7A"})
    searched = shared.audited()[-1]
    shared.as_("doctor").get("/api/v1/patients", 400, q="moss", unit="7A")

    assert (searched["action"], searched["query"]) == ("patients searched", "")
    assert "moss" not in str(shared.audited()).lower()
    assert cleaned("q=moss&moss=1&name=moss%0A") == f"q={UNSAID}&moss={UNSAID}&name={UNSAID}"
    assert "moss" not in cleaned("q=moss&limit=3")


def test_a_flood_of_strangers_is_counted_not_kept(house: OpenHouse) -> None:
    before = len(house.audited())
    now = house.do(house.wardline.sessions.now)
    house.do(lambda: setattr(house.wardline.sessions, "now", lambda: now))

    for _ in range(3 * STRANGERS_A_SECOND):
        house.nobody().get("/api/v1/boards", 401)

    assert len(house.audited()) == before + STRANGERS_A_SECOND


def test_what_a_capability_answered_is_in_the_trail_and_what_it_said_is_not(shared: OpenHouse) -> None:
    shared.as_("doctor").post("/api/v1/capabilities/news2/assess", {"respiratory_rate": 25, "pulse": 131})

    entry = shared.audited()[-1]
    assert entry["action"] == "capability assessed"
    assert (entry["detail"]["capability"], entry["detail"]["answer"]) == ("news2", "at_least 1")
    assert "131" not in str(entry["detail"])


# --- searching --------------------------------------------------------------------------------------------------------------


def test_the_trail_is_searched_by_person_patient_action_and_outcome(shared: OpenHouse) -> None:
    shared.as_("doctor").get(f"/api/v1/patients/{shared.key()}")
    shared.as_("doctor").get("/api/v1/audit", 403)
    auditor = shared.as_("auditor")

    def found(**query: Any) -> set[tuple[str, str]]:
        return {(entry["name"], entry["action"]) for entry in auditor.get("/api/v1/audit", **query)["entries"]}

    assert ("Helen Vance", "patient opened") in found(about=ADA.number)
    assert {who for who, _ in found(who="vance")} == {"Helen Vance"}
    assert {action for _, action in found(action="patient opened")} == {"patient opened"}
    assert ("Helen Vance", "refused") in found(outcome="refused")
    assert not {action for _, action in found(outcome="refused")} & {"patient opened", "signed in"}
    assert found(since="2999-01-01T00:00:00Z") == set()
    assert found(who="nobody of this name") == set()


def test_pages_follow_each_other_without_a_gap(shared: OpenHouse) -> None:
    for _ in range(7):
        shared.as_("nurse").get("/api/v1/boards")
    auditor, ids, before = shared.as_("auditor"), [], 0

    while before is not None and len(ids) < 9:
        page = auditor.get("/api/v1/audit", action="units listed", limit=3, **({"before": before} if before else {}))
        ids += [entry["id"] for entry in page["entries"]]
        before = page["next"]

    assert len(ids) >= 7
    assert ids == sorted(set(ids), reverse=True)


def test_an_export_is_a_table_a_spreadsheet_may_open_and_is_itself_recorded(shared: OpenHouse) -> None:
    auditor = shared.as_("auditor")
    shared.as_("doctor").get(f"/api/v1/patients/{shared.key()}")

    answer = auditor.request("GET", "/api/v1/audit/export", query={"format": "csv"})

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0]["action"] == "audit trail exported"
    assert "attachment" in answer.headers["content-disposition"]
    assert {row["name"] for row in rows} >= {"Helen Vance", "Ruth Amsel"}
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row.values())


def test_the_words_to_choose_from_are_those_that_were_used(shared: OpenHouse) -> None:
    shared.as_("nurse").get("/api/v1/boards")

    actions = shared.as_("auditor").get("/api/v1/audit/actions")["actions"]

    assert "units listed" in actions
    assert actions == sorted(set(actions))


# --- proof ------------------------------------------------------------------------------------------------------------------


def test_sec10_the_whole_trail_is_verified_beside_the_house(house: OpenHouse) -> None:
    auditor = house.as_("auditor")
    house.as_("nurse").get("/api/v1/boards/7A")
    house.do(house.running.proof.renew)

    begun = auditor.post("/api/v1/audit/verify", expect=202)
    assert begun["running"] is not None
    auditor.post("/api/v1/audit/verify", expect=409)
    result = _wait_for_the_result(house)

    assert (result["problem"], result["first_bad"]) == ("", None)
    assert result["records"] >= result["signed"] > 0


def test_sec10_a_trail_somebody_has_changed_is_said_on_the_system_page(house: OpenHouse) -> None:
    auditor = house.as_("auditor")
    house.as_("nurse").get("/api/v1/boards/7A")
    last = house.audited()[-1]["id"]
    house.do(house.wardline.audit._connection.execute, f"UPDATE entries SET who = 'eve' WHERE id = {last}")

    auditor.post("/api/v1/audit/verify", expect=202)

    assert _wait_for_the_result(house)["first_bad"] == last
    problems = house.as_("engineer").get("/health/detail")["problems"]
    assert any(f"the audit trail is not whole: record {last}" in sentence for sentence in problems)


def _wait_for_the_result(house: OpenHouse) -> dict[str, Any]:
    for _ in range(600):
        state = house.as_("auditor").get("/api/v1/audit/verify")
        if state["running"] is None:
            return dict(state["last"])
        time.sleep(0.05)
    raise AssertionError("it takes too long")


def test_heads_are_signed_and_listed_with_the_key(house: OpenHouse) -> None:
    house.as_("nurse").get("/api/v1/boards/7A")
    house.do(house.running.proof.renew)

    shown = house.as_("auditor").get("/api/v1/audit/heads")

    assert len(shown["public_key"]) == 64
    assert shown["heads"][0]["size"] <= shown["records"]
    assert shown["witness"] == {"state": "none", "place": "", "size": 0, "reason": "", "since": None}


async def _nothing(address: str, content: bytes) -> None:
    raise AssertionError("a folder is no address")


def test_sec10_the_witness_hears_of_every_head_and_what_it_missed_later(house: OpenHouse, tmp_path: Path) -> None:
    place, proof = tmp_path / "other storage", house.running.proof
    proof._witness = Witness(str(place), proof.log, tmp_path / "kept", _nothing)
    nurse, auditor = house.as_("nurse"), house.as_("auditor")
    nurse.get("/api/v1/boards/7A")
    house.do(proof.renew)

    behind = auditor.get("/api/v1/audit/heads")["witness"]
    assert (behind["state"], behind["size"]) == ("behind", 0)
    assert any("witness" in sentence for sentence in house.as_("engineer").get("/health/detail")["problems"])

    place.mkdir()
    nurse.get("/api/v1/boards/7A")
    house.do(proof.renew)

    lines = [json.loads(line) for line in (place / f"{proof.log}{HEADS}").read_text().splitlines()]
    assert [line["size"] for line in lines] == [head.size for head in house.wardline.audit.heads()]
    assert auditor.get("/api/v1/audit/heads")["witness"]["state"] == "ok"


def test_a_witness_at_an_address_is_told_each_head_once(tmp_path: Path, house: OpenHouse) -> None:
    told: list[int] = []

    async def post(address: str, content: bytes) -> None:
        if len(told) == 1 and not (tmp_path / "mended").exists():
            (tmp_path / "mended").touch()
            raise Fault("the witness answered 503")
        told.append(json.loads(content)["size"])

    proof = house.running.proof
    proof._witness = Witness("https://witness.example.org/heads", proof.log, tmp_path / "kept", post)
    for _ in range(3):
        house.as_("nurse").get("/api/v1/boards/7A")
        house.do(proof.renew)

    assert told == [head.size for head in house.wardline.audit.heads()]


# --- what asks for somebody -------------------------------------------------------------------------------------------------


def test_security_events_come_with_what_to_do(shared: OpenHouse) -> None:
    shared.user("unlucky", "nurse")
    for _ in range(6):
        shared.nobody().request("POST", "/api/v1/auth/login", {"login": "unlucky", "password": "a wrong pass phrase"})
    shared.as_("nurse").get("/api/v1/audit", 403)
    shared.nobody().get("/api/v1/boards", 401)

    answer = shared.as_("auditor").get("/api/v1/security/events")

    kinds = {event["kind"] for event in answer["events"]}
    assert {"sign-in", "lockout", "refusal", "stranger"} <= kinds
    assert all(event["remedy"].endswith((".", "?")) for event in answer["events"])
    assert answer["trouble"] == []
    only = shared.as_("auditor").get("/api/v1/security/events", kind="refusal")["events"]
    assert {event["kind"] for event in only} == {"refusal"}


def test_a_stolen_sign_in_is_a_security_event(shared: OpenHouse) -> None:
    shared.user("robbed", "nurse")
    victim = shared.sign_in("robbed")
    stolen = dict(victim.cookies)
    victim.post("/api/v1/auth/refresh")
    thief = shared.nobody()
    thief.cookies = stolen
    thief.post("/api/v1/auth/refresh", expect=401)

    events = shared.as_("auditor").get("/api/v1/security/events", kind="replay")["events"]

    assert len(events) == 1


def test_many_entries_of_one_kind_do_not_hide_the_others(house: OpenHouse) -> None:
    async def record() -> None:
        await house.wardline.audit.record("", "sign-in refused", outcome="refused")
        await asyncio.gather(*(house.wardline.audit.record("eve", "refused", outcome="refused") for _ in range(2_500)))

    house.do(record)

    events = house.as_("auditor").get("/api/v1/security/events", kind="sign-in")["events"]

    assert len(events) == 1
