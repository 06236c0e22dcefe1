"""The system page, the metrics and the audit trail: the truth about Wardline itself, to those it concerns."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.house import ROUTES, OpenHouse, Route
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, adt, vitals
from wardline import __version__
from wardline.api.doors import OPEN
from wardline.app.backups import FILE, Drill, Taken, remember

PATIENT_WORDS = ("Moss", "Byrne", "1001", "1002")


def test_strangers_hear_that_it_works_and_nothing_more(shared: OpenHouse) -> None:
    assert shared.nobody().get("/health") == {"status": "ok"}


def test_the_sign_in_page_names_the_hospital_and_nobody_else(shared: OpenHouse) -> None:
    shown = shared.nobody().get("/api/v1/hospital")

    assert shown == {"name": "St Test", "version": __version__, "simulated": True, "zone": "UTC", "sample_users": []}


@pytest.mark.parametrize("path", ["/health", "/api/v1/hospital", "/docs", "/docs/compliance", "/docs/testing", "/openapi.json"])
def test_no_open_door_says_anything_about_a_patient(shared: OpenHouse, path: str) -> None:
    said = shared.nobody().request("GET", path).text

    assert not any(word in said for word in (*PATIENT_WORDS, shared.key(ADA), "7A"))


def test_the_detail_says_the_truth_about_every_part(shared: OpenHouse) -> None:
    detail = shared.as_("engineer").get("/health/detail")

    assert (detail["status"], detail["problems"], detail["version"]) == ("ok", [], __version__)
    assert {name: detail["dependencies"][name]["state"] for name in ("log", "audit", "mllp", "downtime_pages")} == dict.fromkeys(
        ("log", "audit", "mllp", "downtime_pages"), "ok"
    )
    assert (detail["engine"]["received"], detail["engine"]["patients"]) == (4, 2)
    assert {each["id"] for each in detail["capabilities"]} == set(shared.running.services.capabilities)
    assert not any(word in str(detail) for word in PATIENT_WORDS)


def test_pages_that_are_not_renewed_are_said(house: OpenHouse) -> None:
    house.running.downtime.failed = "No space left on device"

    detail = house.as_("engineer").get("/health/detail")

    assert detail["dependencies"]["downtime_pages"] == {"state": "failing", "reason": "No space left on device"}
    assert any("downtime pages" in sentence for sentence in detail["problems"])


def _state_of_backup(house: OpenHouse) -> tuple[str, list[str]]:
    detail = house.as_("engineer").get("/health/detail")
    assert detail["status"] == ("degraded" if detail["problems"] else "ok")
    return detail["dependencies"]["backup"]["state"], detail["problems"]


def _made(house: OpenHouse, ago: timedelta) -> None:
    at = (house.wardline.sessions.now() - ago).timestamp()
    os.utime(house.data / "clock", (at, at))


@pytest.mark.parametrize(("hours", "says"), [(35, []), (37, ["the last backup is 37 hours old"]), (24 * 5, ["the last backup is 5 days old"])])
def test_a_backup_that_is_late_is_said(open_house: Callable[..., OpenHouse], hours: int, says: list[str]) -> None:
    """HIPAA 164.308(a)(7): one a day, and half a day later somebody hears that it was not taken."""
    house = open_house(clock="wall")
    _made(house, timedelta(days=400))
    taken_at = house.wardline.sessions.now() - timedelta(hours=hours)
    remember(house.data, taken=Taken(taken_at, "/b", "/k", 1, 0, 0, 1, 1.0), drill=Drill(taken_at - timedelta(hours=1), "/b", 1, 0, 1.0))

    assert _state_of_backup(house) == ("late" if says else "ok", says)
    backup = house.as_("engineer").get("/health/detail")["dependencies"]["backup"]
    assert backup["drill_age_seconds"] - backup["age_seconds"] == pytest.approx(3600)
    assert house.nobody().get("/health") == {"status": "degraded" if says else "ok"}


def test_data_that_were_never_backed_up_are_said_once_they_are_old_enough(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(clock="wall")
    assert _state_of_backup(house) == ("ok", [])

    _made(house, timedelta(hours=40, minutes=1))

    assert _state_of_backup(house) == ("late", ["no backup has been taken in the 40 hours that these data have been here"])


@pytest.mark.parametrize("how", [{"clock": "feed"}, {"clock": "wall", "backup_days": 0}], ids=["a demonstration", "said otherwise"])
def test_nobody_is_told_of_backups_where_none_is_due(open_house: Callable[..., OpenHouse], how: dict[str, Any]) -> None:
    house = open_house(**how)
    _made(house, timedelta(days=400))

    assert _state_of_backup(house) == ("ok", [])


def test_what_is_known_of_backups_and_cannot_be_read_is_said(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(clock="wall")
    (house.data / FILE).write_text("{", encoding="utf-8")

    state, (problem,) = _state_of_backup(house)

    assert (state, "take a backup" in problem) == ("late", True)


def test_metrics_are_numbers_without_content(shared: OpenHouse) -> None:
    said = shared.as_("engineer").get("/metrics")

    assert 'wardline_messages_total{outcome="taken"} 4.0' in said
    assert "wardline_patients 2.0" in said
    assert not any(word in said for word in (*PATIENT_WORDS, shared.key(ADA)))


def test_every_look_is_in_the_audit_trail_before_its_answer(open_house: Callable[..., OpenHouse]) -> None:
    """SEC-9, I4: who looked at whom, for every door onto patients."""
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING), adt("A01", BEN, at=MORNING, visit="V2", bed="4"), vitals(ADA, ILL, at=MORNING + timedelta(minutes=10)))
    doctor, about = house.as_("doctor"), house.key()
    me = doctor.get("/api/v1/auth/me")["id"]
    before = len(house.audited(who=me))

    for path in ("", "/timeline", "/findings", "/alerts"):
        doctor.get(f"/api/v1/patients/{about}{path}")
    doctor.post("/api/v1/patients/search", {"q": "moss"})
    doctor.get("/api/v1/boards/7A")
    doctor.get("/api/v1/nurse/queue", unit="7A")

    entries = house.audited(who=me)[before:]
    assert [(entry["action"], entry["about"]) for entry in entries] == [
        ("patient opened", about), ("timeline opened", about), ("findings opened", about), ("alerts opened", about), ("patients searched", about),
        ("board opened", ""), ("queue opened", about),
    ]  # fmt: skip
    assert set(entries[-2]["records"]) == {about, house.key(BEN)}


ONTO_PATIENTS = [route for route in ROUTES if route.method == "GET" and route.door.who == "patient.read"]
COUNTS_ONLY = "/api/v1/nurse/dashboard/metrics"


@pytest.mark.parametrize("route", ONTO_PATIENTS, ids=lambda route: route.path)
def test_sec9_no_door_onto_patients_opens_without_a_trace(shared: OpenHouse, route: Route) -> None:
    """Every door that there is, not only those somebody thought of."""
    nurse, path = shared.as_("nurse"), route.path.format(id=shared.key(), unit="7A")
    me = nurse.get("/api/v1/auth/me")["id"]
    before = len(shared.audited(who=me))

    nurse.get(path)

    assert len(shared.audited(who=me)) == before + (route.path != COUNTS_ONLY)


def test_a_look_into_the_past_says_at_what_moment(shared: OpenHouse) -> None:
    shared.as_("doctor").get(f"/api/v1/patients/{shared.key()}", as_of=MORNING.isoformat())

    assert shared.audited(about=shared.key())[-1]["detail"] == {"as_of": MORNING.isoformat()}


def test_the_auditor_reads_the_trail_and_is_in_it(shared: OpenHouse) -> None:
    auditor = shared.as_("auditor")
    shared.as_("doctor").get(f"/api/v1/patients/{shared.key()}")

    entries = auditor.get("/api/v1/audit", about=shared.key())["entries"]

    assert (entries[0]["action"], entries[0]["name"]) == ("audit trail opened", "Ruth Amsel")
    assert ("patient opened", "Helen Vance") in {(entry["action"], entry["name"]) for entry in entries}
    assert {entry["about"] for entry in entries} == {shared.key()}


def test_two_people_are_two_names_in_the_trail(shared: OpenHouse) -> None:
    """SEC-1: no shared accounts."""
    for role in ("nurse", "doctor"):
        shared.as_(role).get(f"/api/v1/patients/{shared.key()}")

    assert len({entry["who"] for entry in shared.audited(about=shared.key())}) >= 2


def test_the_document_marks_who_may_use_each_door(shared: OpenHouse) -> None:
    paths = shared.nobody().get("/openapi.json")["paths"]

    operations = [operation for path in paths.values() for operation in path.values()]
    assert all(operation["x-who"] for operation in operations)
    assert all(("security" in operation) is (operation["x-who"] != OPEN) for operation in operations)
