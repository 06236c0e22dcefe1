"""FT-6, FT-8: when the audit trail cannot be written, patients are not shown and nobody acts; messages and alerts go on."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, Obx, oru, vitals
from wardline.api.problems import CANNOT

Break = Callable[[sqlite3.Connection], object]
HIGH = "rules.news2-high.raise.at_least"


def _read_only(connection: sqlite3.Connection) -> object:
    """FT-8: the disk has been remounted read-only."""
    return connection.execute("PRAGMA query_only = ON")


def _full(connection: sqlite3.Connection) -> object:
    """FT-6: the disk is full; SQLite itself refuses to let the file grow."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        _fill(connection)
    return None


def _fill(connection: sqlite3.Connection) -> None:
    while True:
        connection.execute("INSERT INTO entries (at, who, action, about, detail) VALUES (0, '', 'the last bytes of the disk', '', '')")


def _mend(connection: sqlite3.Connection) -> object:
    connection.execute("PRAGMA max_page_count = 1000000000")
    return connection.execute("PRAGMA query_only = OFF")


def _apply(house: OpenHouse, fault: Break) -> None:
    house.do(fault, house.wardline.audit._connection)


LOOKS = [
    ("doctor", "/api/v1/patients"), ("doctor", "/api/v1/patients/{about}"),
    ("doctor", "/api/v1/patients/{about}/timeline"), ("doctor", "/api/v1/patients/{about}/findings"),
    ("doctor", "/api/v1/patients/{about}/findings?capability=news2"), ("doctor", "/api/v1/patients/{about}/alerts"),
    ("nurse", "/api/v1/boards"), ("nurse", "/api/v1/boards/7A"), ("nurse", "/api/v1/nurse/queue"), ("engineer", "/api/v1/quarantine/{seq}"),
    ("auditor", "/api/v1/audit"),
]  # fmt: skip


@pytest.mark.parametrize("fault", [_read_only, _full])
def test_ft6_patients_are_not_shown_while_looking_cannot_be_recorded(house: OpenHouse, fault: Break) -> None:
    seq = _put_aside(house)
    visitors = {role: house.as_(role) for role, _ in LOOKS}
    _apply(house, fault)

    for role, path in LOOKS:
        refused = visitors[role].request("GET", path.format(about=house.key(), seq=seq))

        assert (refused.status_code, refused.json()["detail"]) == (503, CANNOT), path
    assert visitors["doctor"].post("/api/v1/patients/search", {"q": "moss"}, 503)["detail"] == CANNOT


@pytest.mark.parametrize("fault", [_read_only, _full])
def test_ft6_messages_are_taken_and_alerts_are_raised_without_it(house: OpenHouse, fault: Break) -> None:
    _apply(house, fault)

    (acknowledgement,) = house.send(vitals(BEN, ILL, at=MORNING + timedelta(minutes=20)))

    assert b"MSA|AA" in acknowledgement
    raised = house.do(house.wardline.alerts.alerts_of, house.key(BEN))
    assert [(episode.capability, episode.tier.value) for episode in raised] == [("news2", "page")]
    assert house.do(lambda: [item.topic for _, item in house.wardline.log.waiting("notify")]), "somebody is told"


def test_ft6_nothing_that_anybody_does_happens_unrecorded(house: OpenHouse) -> None:
    seq, about = _put_aside(house), house.key()
    alert = house.as_("nurse").get("/api/v1/nurse/queue")["items"][0]["alert"]
    manager, proposal = house.as_("manager"), house.as_("manager").post("/api/v1/policy/proposals", {"changes": {HIGH: 8}}, 201)["id"]
    stranger = house.user("stranger", "nurse")
    acts: list[tuple[str, str, str, Any]] = [
        ("nurse", "POST", f"/api/v1/nurse/queue/{about}/action", {"alert": alert, "action": "acknowledge"}),
        ("nurse", "POST", f"/api/v1/patients/{about}/assign", {"role": "nurse", "name": "Amelia Brandt"}),
        ("nurse", "POST", f"/api/v1/patients/{about}/quiet", {"reason": "comfort_care", "minutes": 60}),
        ("manager", "POST", "/api/v1/policy/proposals", {"changes": {HIGH: 9}}),
        ("doctor", "POST", f"/api/v1/policy/proposals/{proposal}/approve", None),
        ("manager", "DELETE", f"/api/v1/policy/proposals/{proposal}", None),
        ("engineer", "POST", f"/api/v1/quarantine/{seq}/replay", {}),
        ("engineer", "POST", f"/api/v1/quarantine/{seq}/dismiss", {"note": "sent again"}),
        ("engineer", "POST", "/api/v1/feeds/monitor/mappings", {"code": "X1^Something^L", "concept": "potassium"}),
        ("admin", "POST", "/api/v1/users", {"login": "new", "name": "New Nurse", "password": "five quiet green kettles", "roles": ["nurse"]}),
        ("admin", "PUT", f"/api/v1/users/{stranger.id}", {"roles": ["admin"]}),
        ("admin", "DELETE", f"/api/v1/users/{stranger.id}", None),
        ("nurse", "POST", "/api/v1/auth/password", {"old": "three unrelated cobblestones", "new": "five quiet green kettles"}),
    ]  # fmt: skip
    visitors = {role: house.as_(role) for role, *_ in acts}
    before = _state(house)
    _apply(house, _read_only)

    for role, method, path, content in acts:
        refused = visitors[role].request(method, path, content)
        assert refused.status_code == 503, (method, path, refused.text)

    assert _state(house) == before
    _apply(house, _mend)
    assert [each["approved_by"] for each in manager.get("/api/v1/policy")["proposals"]] == [["Karin Holm"]]


def _state(house: OpenHouse) -> Any:
    """What is folded, who has accounts, which profiles and proposals lie in the site's folder."""
    return house.do(
        lambda: (
            house.wardline.engine.house.seq,
            [user._replace(failures=0) for user in house.wardline.identities.users()],
            {file.name: file.read_text() for file in (house.data / "config").rglob("*.*") if file.is_file()},
        )
    )


def test_ft6_the_system_page_says_so_and_the_load_balancer_hears_it(house: OpenHouse) -> None:
    engineer = house.as_("engineer")
    house.as_("doctor")
    _apply(house, _read_only)
    house.as_("doctor").get(f"/api/v1/patients/{house.key()}", 503)

    detail = engineer.get("/health/detail")

    assert "the audit trail cannot be written; patient data is not shown" in detail["problems"]
    assert detail["dependencies"]["audit"]["state"] == "failing"
    assert house.nobody().request("GET", "/health").status_code == 503


def test_ft6_when_it_can_be_written_again_everything_is_as_before(house: OpenHouse) -> None:
    doctor = house.as_("doctor")
    _apply(house, _full)
    doctor.get(f"/api/v1/patients/{house.key()}", 503)
    _apply(house, _mend)

    assert doctor.get(f"/api/v1/patients/{house.key()}")["family"] == "Moss"
    assert house.nobody().get("/health") == {"status": "ok"}
    assert house.audited(about=house.key())[-1]["action"] == "patient opened"


def _put_aside(house: OpenHouse) -> int:
    house.send(oru(ADA, Obx("2823-3", 7.1), at=MORNING + timedelta(minutes=12)).replace(b"\rPID|", b"\rPIX|"))
    return int(house.as_("engineer").get("/api/v1/quarantine")["messages"][0]["id"])
