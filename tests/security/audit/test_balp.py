"""SEC-9: each entry of the audit trail is an AuditEvent that keeps to IHE's Basic Audit Log Patterns, one for each patient shown."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security.audit.balp_profiles import violations
from wardline.core.trail import OUTCOMES
from wardline.formats.audit.entries import FIELDS
from wardline.security.audit.balp import Server, audit_events

SERVER = Server("0123456789abcdef", "St Test", "ward-1")
PLAIN: dict[str, Any] = {
    "id": 7, "at": datetime(2026, 11, 21, 3, 12, tzinfo=UTC), "who": "eve", "roles": ("nurse",), "client": "", "session": "s1", "address": "10.0.0.7",
    "purpose": "TREAT", "action": "patient opened", "outcome": "success", "about": "ada", "shown": "", "records": ("ada",),
    "door": "GET /api/v1/patients/{id}", "query": "", "request": "r-1", "detail": {},
}  # fmt: skip


def events(**changes: Any) -> list[dict[str, Any]]:
    found = list(audit_events(PLAIN | changes, SERVER))
    assert [violations(event) for event in found] == [[]] * len(found)
    return found


def profile(event: dict[str, Any]) -> str:
    (url,) = event["meta"]["profile"]
    return str(url).rpartition(".")[2]


@pytest.mark.parametrize(
    ("door", "records", "name"),
    [
        ("GET /api/v1/patients/{id}", ("ada",), "PatientRead"), ("GET /api/v1/boards/{unit}", ("ada", "ben"), "PatientQuery"),
        ("GET /api/v1/patients", ("ada",), "PatientQuery"), ("POST /api/v1/patients/{id}/assign", ("ada",), "PatientCreate"),
        ("PUT /api/v1/users/{id}", (), "Update"), ("DELETE /api/v1/users/{id}", (), "Delete"),
        ("DELETE /api/v1/patients/{id}", ("ada",), "PatientDelete"),
        ("GET /api/v1/users/{id}", (), "Read"), ("POST /api/v1/users", (), "Create"),
    ],
)  # fmt: skip
def test_each_way_of_asking_has_its_pattern(door: str, records: tuple[str, ...], name: str) -> None:
    shown = "digest" if len(records) > 1 else ""
    assert {profile(event) for event in events(door=door, records=records, shown=shown)} == {name}


def test_sec9_a_board_of_three_patients_is_three_events() -> None:
    found = events(door="GET /api/v1/boards/{unit}", about="", shown="digest", records=("ada", "ben", "cyd"))

    assert [event["entity"][1]["what"]["reference"] for event in found] == ["Patient/ada", "Patient/ben", "Patient/cyd"]
    assert len({event["id"] for event in found}) == 3


def test_sec9_who_why_and_in_which_session_are_in_the_event() -> None:
    (event,) = events(purpose="BTG", client="growth-chart")

    client, _, user = event["agent"]
    assert user["who"]["identifier"]["value"] == "eve"
    assert user["role"] == [{"text": "nurse"}]
    assert client["who"]["identifier"]["value"] == "growth-chart"
    assert client["network"] == {"address": "10.0.0.7", "type": "2"}
    assert [each["coding"][0]["code"] for each in (event["purposeOfEvent"][0], user["purposeOfUse"][0])] == ["BTG", "BTG"]
    said = {each["type"]["code"]: each["what"]["identifier"]["value"] for each in event["entity"][2:]}
    assert said == {"XrequestId": "r-1", "UserOauthAgent": "s1"}


def test_sec9_a_query_is_kept_in_base64() -> None:
    (event,) = events(door="GET /api/v1/patients", query="q=*&unit=7A")

    assert base64.b64decode(event["entity"][0]["query"]) == b"GET /api/v1/patients?q=*&unit=7A"


def test_a_refusal_follows_no_profile_and_says_why() -> None:
    (event,) = events(outcome="refused", action="refused", detail={"said": "your role does not allow this"})

    assert "meta" not in event
    assert (event["outcome"], event["outcomeDesc"]) == ("8", "your role does not allow this")


@pytest.mark.parametrize(("action", "code"), [("signed in", "110122"), ("signed out", "110123")])
def test_signing_in_and_out_are_events_of_their_own(action: str, code: str) -> None:
    (event,) = events(action=action, door="POST /api/v1/auth/login", records=(), about="")

    assert (event["type"]["code"], event["subtype"][0]["code"]) == ("110114", code)


def test_a_command_on_the_machine_is_an_event_too() -> None:
    (event,) = events(door="", who="command line", address="", action="user added", records=(), about="", purpose="", session="", request="")

    assert "meta" not in event
    assert "purposeOfEvent" not in event


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=12)
OF_A_KIND = {"id", "at", "roles", "outcome", "door", "shown", "about", "detail"}
DOORS = st.sampled_from(["", *(f"{method} /api/v1/{path}" for method in ("GET", "POST", "PUT", "PATCH", "DELETE") for path in ("x", "x/{id}"))])


@given(
    words=st.fixed_dictionaries({name: WORDS for name in FIELDS if name not in OF_A_KIND}),
    door=DOORS, outcome=st.sampled_from(OUTCOMES), records=st.lists(st.sampled_from("abcdef"), unique=True).map(tuple),
    roles=st.lists(WORDS).map(tuple),
)  # fmt: skip
def test_sec9_whatever_an_entry_says_its_events_keep_to_the_profiles(
    words: dict[str, str], door: str, outcome: str, records: tuple[str, ...], roles: tuple[str, ...]
) -> None:
    found = events(**words, door=door, outcome=outcome, records=records, roles=roles, shown="digest" if len(records) > 1 else "")

    assert len(found) == max(1, len(records))


BREAKS: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda event: event["agent"].pop(0), lambda event: event["agent"][0].pop("network"), lambda event: event.update(outcome="8"),
    lambda event: event["entity"].pop(0), lambda event: event["entity"].pop(1), lambda event: event["entity"].append(event["entity"][1]),
    lambda event: event.update(action="C"), lambda event: event["agent"][2].update(network={"type": "2"}), lambda event: event["subtype"].clear(),
)  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS)
def test_what_breaks_a_profile_is_found(broken: Callable[[dict[str, Any]], object]) -> None:
    """Of these tests themselves: a check that finds nothing proves nothing."""
    (event,) = audit_events(PLAIN, SERVER)
    broken(event)

    assert violations(event)
