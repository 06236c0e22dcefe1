"""Who follows workitems hears of what becomes of them, over a WebSocket, as far as they may see them (PS3.18 11.10 to 11.13)."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from api.dicomweb.sending import ROOT
from api.dicomweb.work import JSON, LOCK, WORKITEMS, ask, code, made, performed, to, value
from api.house import OpenHouse, Visitor
from support.messages import BEN
from wardline.delivery.worklists.workitems import FILTERED, WORKLIST

PATIENCE = 20.0
STATE, CANCEL, PROGRESS, ASSIGNED = 1, 2, 3, 5


class Line:
    """One open WebSocket, as its far side sees it."""

    def __init__(self, house: OpenHouse) -> None:
        self.house = house
        self.sent: list[dict[str, Any]] = []
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.task: asyncio.Task[None] | None = None

    async def open(self, title: str, token: str) -> None:
        async def send(message: dict[str, Any]) -> None:
            self.sent.append(message)

        await self.incoming.put({"type": "websocket.connect"})
        headers = [(b"host", b"ward"), *([(b"authorization", f"Bearer {token}".encode())] if token else [])]
        scope = {"type": "websocket", "path": f"{ROOT}/subscribers/{title}", "scheme": "ws", "headers": headers, "client": ("127.0.0.1", 1),
                 "subprotocols": [], "query_string": b""}  # fmt: skip
        self.task = asyncio.create_task(self.house.asgi.sockets(scope, self.incoming.get, send))
        await self.until(lambda: bool(self.sent))

    async def until(self, holds: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():  # noqa: ASYNC110 - whatever comes may make it true
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        await self.incoming.put({"type": "websocket.disconnect"})
        if self.task is not None:
            await self.task

    def reports(self, count: int) -> list[tuple[int, str]]:
        """(Event Type ID, workitem) of the first so many."""
        self.house.do(self.until, lambda: len(self.said()) >= count)
        return [(each["00001002"]["Value"][0], each["00001000"]["Value"][0]) for each in self.said()]

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(each["text"]) for each in self.sent if each["type"] == "websocket.send"]


@contextmanager
def line(house: OpenHouse, title: str, visitor: Visitor) -> Iterator[Line]:
    opened = Line(house)
    house.do(opened.open, title, visitor.token)
    try:
        yield opened
    finally:
        house.do(opened.close)


def follow(house: OpenHouse, title: str, workitem: str = WORKLIST, *, role: str = "radiologist", expect: int = 201, **query: Any) -> Any:
    response = ask(house, "POST", f"/{workitem}/subscribers/{title}", role=role, **query)
    assert response.status_code == expect, response.text
    return response


def leave(house: OpenHouse, title: str, workitem: str = WORKLIST) -> int:
    return ask(house, "DELETE", f"/{workitem}/subscribers/{title}").status_code


def test_a_subscription_says_where_its_reports_come(archive: OpenHouse) -> None:
    assert follow(archive, "PLACE").headers["content-location"] == f"ws://ward{ROOT}/subscribers/PLACE"
    leave(archive, "PLACE")


def test_whoever_follows_the_worklist_hears_every_step_of_a_workitem(archive: OpenHouse) -> None:
    with line(archive, "RIS", archive.as_("radiologist")) as ris:
        follow(archive, "RIS")
        uid = made(archive, "1.3.1.1", t00404025=value("SQ", code("GPU1", "99SITE", "Segmenter")))
        to(archive, uid, "IN PROGRESS")
        ask(archive, "POST", f"/{uid}?{LOCK}", {"00741002": value("SQ", {"00741004": value("DS", "40")})})
        ask(archive, "POST", f"/{uid}/cancelrequest", {"00741238": value("LT", "ordered twice")})
        ask(archive, "POST", f"/{uid}?{LOCK}", performed())
        to(archive, uid, "COMPLETED")
        assert ris.reports(6) == [(STATE, uid), (ASSIGNED, uid), (STATE, uid), (PROGRESS, uid), (CANCEL, uid), (STATE, uid)]
        states = [each["00741000"]["Value"][0] for each in ris.said() if each["00001002"]["Value"] == [STATE]]
        assert states == ["SCHEDULED", "IN PROGRESS", "COMPLETED"]
        assert ris.said()[4]["00741238"]["Value"] == ["ordered twice"]
        assert LOCK not in str(ris.sent)
    leave(archive, "RIS")


def test_whoever_begins_to_follow_one_hears_how_it_stands_also_after_connecting_again(archive: OpenHouse) -> None:
    uid = made(archive, "1.3.1.2")
    with line(archive, "ONE", archive.as_("radiologist")) as one:
        follow(archive, "ONE", uid)
        assert one.reports(1) == [(STATE, uid)]
    to(archive, uid, "IN PROGRESS")  # nobody listens
    with line(archive, "ONE", archive.as_("radiologist")) as one:
        assert one.reports(1) == [(STATE, uid)]
        assert one.said()[0]["00741000"]["Value"] == ["IN PROGRESS"]
    assert [leave(archive, "ONE", uid), leave(archive, "ONE", uid)] == [200, 404]


def test_a_filter_and_a_suspension_say_what_is_followed(archive: OpenHouse) -> None:
    with line(archive, "FLT", archive.as_("radiologist")) as filtered:
        follow(archive, "FLT", FILTERED, filter="ScheduledProcedureStepPriority=HIGH,ProcedureStepLabel=Urgent*")
        made(archive, "1.3.1.3")
        urgent = made(archive, "1.3.1.4", t00741200=value("CS", "HIGH"), t00741204=value("LO", "Urgent lungs"))
        assert filtered.reports(1) == [(STATE, urgent)]
        assert ask(archive, "POST", f"/{FILTERED}/subscribers/FLT/suspend").status_code == 200
        made(archive, "1.3.1.5", t00741200=value("CS", "HIGH"), t00741204=value("LO", "Urgent, too"))
        to(archive, urgent, "IN PROGRESS")
        assert filtered.reports(2) == [(STATE, urgent), (STATE, urgent)]
    leave(archive, "FLT", urgent)


@pytest.mark.parametrize(
    "filter", ["PatientID=1001", "PatientName=Moss", "00404021.0020000D=1.2", "ProcedureStepLabel", "ScheduledProcedureStepStartDateTime=x"]
)
def test_a_filter_that_would_name_a_patient_or_is_none_is_refused(archive: OpenHouse, filter: str) -> None:
    follow(archive, "BAD", FILTERED, filter=filter, expect=400)
    assert "BAD" not in archive.wardline.workitems.subscribers


def test_what_cannot_be_followed_is_refused(archive: OpenHouse) -> None:
    follow(archive, "BAD", FILTERED, expect=400)
    follow(archive, "BAD", "1.3.9.9", expect=404)
    follow(archive, "A" * 17, expect=400)
    follow(archive, "BAD", role="manager", expect=403)
    assert ask(archive, "POST", "/1.3.9.9/subscribers/BAD/suspend").status_code == 400
    assert leave(archive, "NOBODY") == 404


def test_a_title_belongs_to_whoever_took_it_first(archive: OpenHouse) -> None:
    follow(archive, "MINE")
    follow(archive, "MINE", role="doctor", expect=403)
    with line(archive, "MINE", archive.as_("doctor")) as theirs:
        assert theirs.sent[0]["status"] == 403
    leave(archive, "MINE")


def test_nobody_listens_without_signing_in(archive: OpenHouse) -> None:
    with line(archive, "RIS2", archive.nobody()) as stranger:
        assert (stranger.sent[0]["type"], stranger.sent[0]["status"]) == ("websocket.http.response.start", 401)


def test_nothing_is_heard_of_patients_one_may_not_see_and_every_report_is_audited(archive: OpenHouse) -> None:
    elsewhere = archive.user("bens", "radiologist", units=("8B",))
    visitor = archive.nobody()
    visitor.token = archive.do(lambda: archive.wardline.sessions.begin(elsewhere, "tests", factors=2)).access_token
    visitor.request("POST", f"{WORKITEMS}/{WORKLIST}/subscribers/WARD8", headers=JSON)
    with line(archive, "WARD8", visitor) as listening:
        made(archive, "1.3.1.6")  # Ada is on 7A
        made(archive, "1.3.1.7", patient=BEN, study="")
        assert listening.reports(1) == [(STATE, "1.3.1.7")]
    said = [entry for entry in archive.audited(who=elsewhere.id) if "event report" in str(entry)]
    assert [entry["about"] for entry in said] == [archive.key(BEN)]


def test_when_a_session_ends_its_channel_ends(archive: OpenHouse) -> None:
    short = archive.user("brief", "radiologist")
    session = archive.do(lambda: archive.wardline.sessions.begin(short, "tests", factors=2))
    visitor = archive.nobody()
    visitor.token = session.access_token
    visitor.request("POST", f"{WORKITEMS}/{WORKLIST}/subscribers/BRIEF", headers=JSON)
    with line(archive, "BRIEF", visitor) as listening:
        visitor.post("/api/v1/auth/logout", expect=204)
        made(archive, "1.3.1.8")
        archive.do(listening.until, lambda: listening.sent[-1]["type"] == "websocket.close")
        assert listening.sent[-1]["code"] == 4401
        assert "1.3.1.8" not in str(listening.said())
