"""I5: patients' names, numbers and notes are nowhere but where they belong (faults.md A.4, SEC-25).

Canaries - words that occur nowhere else - are planted wherever a patient's data or a person's free text comes in, then everything
is done that a day brings, faults included; then the canaries are looked for in logs, metrics, refusals, the audit trail and, byte
by byte, in every file.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import structlog
from anyio.from_thread import BlockingPortal
from structlog.testing import capture_logs

from api.house import OpenHouse, Visitor
from support.clocks import MORNING
from support.messages import ILL, WELL, Obx, Patient, adt, orm, oru, vitals
from wardline.api.services import Unit
from wardline.app.logs import OthersLines
from wardline.core.statements import Statement

CANARY: Final = Patient("CANARYNUMBER77", "CANARYFAMILY", "CANARYGIVEN")
TWIN: Final = Patient("CANARYNUMBER78", "CANARYTWIN", "CANARYGIVEN")
NOTE, COMMENT, TYPED = "CANARYNOTE", "CANARYCOMMENT", "CANARYTYPED"
WORDS: Final = ("CANARY", "canary", "Canary")


def _found_in(text: str | bytes) -> bool:
    return any((word.encode() if isinstance(text, bytes) else word) in text for word in WORDS)  # type: ignore[operator]


def _minutes(count: float) -> datetime:
    return MORNING + timedelta(minutes=count)


def _messages(house: OpenHouse) -> list[bytes]:
    """A stay with everything in it, and messages that are wrong in many ways. Returns the acknowledgements."""
    good = [
        adt("A01", CANARY, at=MORNING), vitals(CANARY, WELL, at=_minutes(1)), orm(CANARY, at=_minutes(2), order="CANARYORDER"),
        oru(CANARY, Obx("2823-3", 7.1), Obx("11506-3^Note^LN", NOTE, kind="TX"), at=_minutes(3), order="K1"),
        oru(CANARY, Obx("X9^Something^L", "CANARYRESULT", kind="ST"), at=_minutes(4)),
        adt("A01", TWIN, at=_minutes(5), visit="V2"), adt("A40", CANARY, at=_minutes(6), retired=TWIN),
        vitals(CANARY, ILL, at=_minutes(10)),
    ]  # fmt: skip
    wrong = [
        good[1].replace(b"\rPID|", b"\rPIX|"), good[1].replace(b"MSH|", b"MSX|"), good[1].replace(b"|MR", b"|MR^^"), b"CANARYFAMILY, not HL7 at all",
        oru(CANARY, Obx("8867-4", "CANARYFAST"), at=_minutes(11)), oru(CANARY, Obx("8867-4", 70), at=_minutes(12), control="TWICE"),
        oru(CANARY, Obx("8867-4", 71), at=_minutes(12), control="TWICE"), adt("A40", TWIN, at=_minutes(13), retired=CANARY),
        good[0].replace(b"CANARYFAMILY", b"CANARY\xff\xfe"), vitals(CANARY, ILL, at=MORNING + timedelta(days=4000)),
    ]  # fmt: skip
    return house.send(*good, *wrong)


def _people(house: OpenHouse) -> list[str]:
    """Everything people do, with free text in it. Returns what was refused."""
    nurse, doctor, engineer, admin = (house.as_(role) for role in ("nurse", "doctor", "engineer", "admin"))
    about, refusals = house.key(CANARY), []

    def refused(who: Visitor, method: str, path: str, content: Any = None) -> None:
        response = who.request(method, path, content)
        assert response.status_code >= 400, (path, response.text[:200])
        refusals.append(response.text)

    for path in ("", "/timeline", "/findings", "/alerts"):
        doctor.get(f"/api/v1/patients/{about}{path}")
    doctor.post("/api/v1/patients/search", {"q": "canaryfamily"})
    nurse.get("/api/v1/boards/7A")
    alert = nurse.get("/api/v1/nurse/queue")["items"][0]["alert"]
    act = f"/api/v1/nurse/queue/{about}/action"
    nurse.post(act, {"alert": alert, "action": "acknowledge", "comment": COMMENT})
    nurse.post(f"/api/v1/patients/{about}/quiet", {"reason": "comfort_care", "minutes": 30, "comment": COMMENT}, 204)
    nurse.post(f"/api/v1/patients/{about}/assign", {"role": "nurse", "name": COMMENT}, 204)
    house.as_("manager").post("/api/v1/policy/proposals", {"changes": {}, "note": "as it is"}, 201)
    waiting = engineer.get("/api/v1/quarantine")["messages"]
    engineer.get(f"/api/v1/quarantine/{waiting[0]['id']}")
    engineer.post(f"/api/v1/quarantine/{waiting[0]['id']}/dismiss", {"note": f"{COMMENT} of CANARYFAMILY"}, 204)
    refused(engineer, "POST", f"/api/v1/quarantine/{waiting[1]['id']}/replay", {"text": "MSH|^~\\&|CANARYAPP\rPID|||CANARYNUMBER77"})
    refused(nurse, "POST", act, {"alert": TYPED, "action": "acknowledge"})
    refused(nurse, "POST", act, {"alert": alert, "action": TYPED})
    refused(nurse, "POST", act, {"alert": alert, "action": "override", "reason": "other", "comment": ""})
    refused(doctor, "GET", f"/api/v1/patients/{TYPED}")
    refused(doctor, "GET", f"/api/v1/patients/{about}?as_of={TYPED}")
    refused(house.nobody(), "POST", "/api/v1/auth/login", {"login": f"{TYPED}.FAMILY", "password": f"{TYPED} password"})
    refused(house.nobody(), "POST", "/api/v1/auth/login", {"login": TYPED * 30, "password": TYPED})
    refused(admin, "POST", "/api/v1/users", {"login": "x", "name": "X Y", "password": f"{TYPED} password of x y", "roles": [TYPED]})
    refused(nurse, "POST", "/api/v1/capabilities/news2/assess", [TYPED])
    return refusals


def _accidents(house: OpenHouse) -> list[str]:
    """Bugs whose words are about a patient: in a door, in a listener, in a command."""

    class Beds(tuple[str, ...]):
        def __iter__(self) -> Iterator[str]:
            raise KeyError("CANARYFAMILY, CANARYGIVEN")

    def heard(change: Any) -> None:
        raise ValueError("CANARYFAMILY is not in list")

    def decide(*_: Any) -> list[Statement]:
        raise ZeroDivisionError("CANARYFAMILY / 0")

    house.running.services.units = {"7A": Unit("Ward 7A", Beds())}
    response = house.as_("nurse").request("GET", "/api/v1/boards/7A")
    house.running.services.units = {}
    house.do(house.wardline.engine.listen, heard)
    house.send(vitals(CANARY, ILL, at=_minutes(20)))
    with pytest.raises(RuntimeError) as crashed:
        house.do(lambda: house.wardline.engine.record(decide, actor=""))
    assert response.status_code == 500
    return [response.text, str(crashed.value)]


class Evidence(NamedTuple):
    """What is left of the day, wherever one could look."""

    lines: list[str]
    refusals: list[str]
    acknowledgements: list[bytes]
    pages: dict[str, str]
    trail: list[dict[str, Any]]
    while_running: list[Path]
    afterwards: list[Path]


class Overheard(logging.Handler):
    """Every line that a library logs, as our log would show it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(OthersLines("%(levelname)s %(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(("httpx2", "httpcore2")):  # the client of these tests: the far side
            self.lines.append(self.format(record))


@contextmanager
def _overheard() -> Iterator[Callable[[], list[str]]]:
    """Every log line at the finest level, ours and others'."""
    root, ears = logging.getLogger(), Overheard()
    before = root.level
    root.addHandler(ears)
    root.setLevel(logging.DEBUG)
    try:
        with capture_logs(processors=[structlog.stdlib.add_log_level, structlog.processors.format_exc_info]) as ours:
            yield lambda: [*map(repr, ours), *ears.lines]
    finally:
        root.removeHandler(ears)
        root.setLevel(before)


PAGES: Final = (
    ("engineer", "/metrics"), ("engineer", "/health/detail"), ("engineer", "/api/v1/quarantine"), ("engineer", "/api/v1/feeds"),
    ("nurse", "/api/v1/nurse/dashboard/metrics"), ("admin", "/api/v1/users"),
)  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Evidence:
    data = tmp_path_factory.mktemp("canaries") / "data"
    with _overheard() as lines, OpenHouse(data, portal) as house:
        acknowledgements = _messages(house)
        refusals = [*_people(house), *_accidents(house)]
        house.do(house.running.downtime.write)
        pages = {path: house.as_(role).request("GET", path).text for role, path in PAGES}
        trail, while_running = house.audited(), _readable(data)
        house.close()
        return Evidence(lines(), refusals, acknowledgements, pages, trail, while_running, _readable(data))


def _readable(folder: Path) -> list[Path]:
    """Files in which, or in whose names, a canary sings."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"keys.db", "audit.db", "identities.db"} <= {file.name for file in files}
    return [file.relative_to(folder) for file in files if _found_in(file.read_bytes()) or _found_in(str(file.relative_to(folder)))]


def test_i5_no_log_line_says_a_word_about_a_patient(day: Evidence) -> None:
    for accident in ("request_crashed", "telling_failed", "turn_failed"):
        assert any(accident in line for line in day.lines), "it was logged"

    assert [line for line in day.lines if _found_in(line)] == []


def test_i5_no_refusal_repeats_what_was_sent(day: Evidence) -> None:
    assert [text for text in day.refusals if _found_in(text)] == []


def test_i5_no_acknowledgement_repeats_a_patient(day: Evidence) -> None:
    """A.2: no patient data in an ERR text."""
    assert any(b"MSA|AE" in answer for answer in day.acknowledgements)

    assert [answer for answer in day.acknowledgements if _found_in(answer)] == []


def test_i5_metrics_health_and_feeds_speak_of_nobody(day: Evidence) -> None:
    assert [path for path, text in day.pages.items() if _found_in(text)] == []


def test_i5_the_audit_trail_names_records_not_patients(day: Evidence) -> None:
    assert {entry["action"] for entry in day.trail} >= {"patient opened", "alert: acknowledge", "quarantined message dismissed", "sign-in refused"}

    assert [entry for entry in day.trail if _found_in(repr(entry))] == []


def test_i5_nothing_on_disk_can_be_read_but_the_downtime_pages(day: Evidence) -> None:
    """SEC-12: log, write-ahead log, keys, audit trail, accounts, snapshots, names of files; while it runs and after it has ended."""
    for readable in (day.while_running, day.afterwards):
        assert {path.parts[0] for path in readable} == {"downtime"}, readable
