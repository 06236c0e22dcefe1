"""Live screens: the present state first, then every change as it is committed; a slow screen harms neither memory nor the others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.house import OpenHouse, Visitor
from api.live import Screen, watch
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, WELL, Patient, adt, vitals
from wardline.api import streams

MANY = 1_000


def _names(rows: list[dict[str, Any]]) -> set[str]:
    return {row["family"] for row in rows}


def test_a_screen_gets_the_present_state_first_and_then_what_changes(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        present = await screen.until_event("present")
        assert _names(present["rows"]) == {"Moss", "Byrne"}
        assert screen.headers[b"content-type"] == b"text/event-stream"
        assert screen.headers[b"cache-control"] == b"no-store"

        await house._deliver((vitals(BEN, ILL, at=MORNING + timedelta(minutes=20)),))

        (row,) = (await screen.until_event("rows"))["rows"]
        assert (row["family"], row["score"]["value"], row["mark"]["severity"]) == ("Byrne", 14, "high")

    watch(house, story)


def test_what_a_screen_is_sent_is_what_the_door_answers(house: OpenHouse) -> None:
    """One state, told in two ways."""
    asked = house.as_("nurse").get("/api/v1/boards/7A")

    async def story(look: Callable[..., Screen]) -> None:
        assert await look("board/7A").until_event("present") == asked

    watch(house, story)


def test_a_screen_hears_of_its_own_topic_only(house: OpenHouse) -> None:
    house.send(adt("A01", Patient("3001", "Other", "Olga"), at=MORNING + timedelta(minutes=11), visit="V3", unit="8B", bed="1"))

    async def story(look: Callable[..., Screen]) -> None:
        mine, other, about_ada = look("board/7A"), look("board/8B"), look(f"patient/{house.key(ADA)}")
        for screen in (mine, other, about_ada):
            await screen.until_event("present")

        await house._deliver((vitals(ADA, WELL, at=MORNING + timedelta(minutes=20)),))

        await mine.until_event("rows")
        assert (await about_ada.until_event("changed"))["patient"] == house.key(ADA)
        assert [event for event, _ in other.events()] == ["present"]
        assert b"Moss" not in other.received

    watch(house, story)


def test_a_patient_who_leaves_is_gone_from_the_screen(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        await screen.until_event("present")

        await house._deliver((adt("A03", ADA, at=MORNING + timedelta(minutes=20), visit="V1"),))

        changed = await screen.until_event("rows")
        assert changed["gone"] == [house.key(ADA)]
        assert changed["totals"]["high"] == 0

    watch(house, story)


@pytest.mark.parametrize(
    ("role", "topic", "status", "words"),
    [
        ("", "board/7A", 401, "please sign in"),
        ("engineer", "board/7A", 403, "your role does not allow this"),
        ("auditor", "board/7A", 403, "your role does not allow this"),
        ("nurse", "board/9Z", 404, "there is no unit"),
        ("nurse", "patient/nobody", 404, "there is no such live view"),
        ("nurse", "everything", 404, "there is no such live view"),
    ],
)
def test_who_may_not_look_is_told_so_and_sees_nothing(shared: OpenHouse, role: str, topic: str, status: int, words: str) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        screen = look(topic) if role else look(topic, "")
        await screen.until(lambda each: each.is_over)
        assert (screen.status, screen.headers[b"content-type"]) == (status, b"application/problem+json")
        assert words in screen.problem()["detail"]
        assert b"Moss" not in screen.received

    watch(shared, story, role or "nurse")


def test_a_live_look_is_in_the_audit_trail(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        await look(f"patient/{house.key(ADA)}").until_event("present")

    watch(house, story)

    assert house.audited(about=house.key(ADA))[-1]["action"] == "live view opened"


def test_ft6_without_the_audit_trail_no_live_view_opens(house: OpenHouse) -> None:
    house.as_("nurse")
    house.do(lambda: house.wardline.audit._connection.execute("PRAGMA query_only = ON"))

    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        await screen.until(lambda each: each.is_over)
        assert screen.status == 503
        assert b"Moss" not in screen.received

    watch(house, story)


def test_ft22_a_slow_screen_misses_things_and_is_told_to_ask_again(house: OpenHouse) -> None:
    """Nothing is kept for a screen that does not read; the others hear everything at once."""

    async def story(look: Callable[..., Screen]) -> None:
        slow, quick = look("board/7A"), look("board/7A")
        for screen in (slow, quick):
            await screen.until_event("present")
        slow.takes.clear()
        before = len(slow.received)

        for minute in range(11, 211):
            await house._deliver((vitals(BEN, WELL, at=MORNING + timedelta(minutes=minute)),))
        await quick.until_event("rows", 200)

        assert len(slow.received) == before
        (kept,) = [screen for screen in house.running.live._screens["board/7A"] if screen._pending is not None]
        assert kept.missed, "one change is on its way, and one mark says that there was more"

        slow.takes.set()
        await slow.until_event("resync")
        assert [event for event, _ in slow.events()] == ["present", "rows", "resync"]

        await house._deliver((vitals(BEN, ILL, at=MORNING + timedelta(minutes=300)),))
        assert (await slow.until_event("rows", 2))["rows"][0]["score"]["value"] == 14

    watch(house, story)


def test_what_changes_while_the_present_state_is_on_its_way_is_not_lost(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        screen.takes.clear()
        await screen.until(lambda each: each.status > 0)

        await house._deliver((vitals(BEN, ILL, at=MORNING + timedelta(minutes=20)),))
        screen.takes.set()

        await screen.until_event("resync")
        assert [event for event, _ in screen.events()] == ["present", "resync"]

    watch(house, story)


def test_a_broken_connection_leaves_the_others_alone(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        broken, well = look("board/7A"), look("board/7A")
        for screen in (broken, well):
            await screen.until_event("present")

        async def lost(message: Any) -> None:
            raise OSError("connection reset by peer")

        for screen in house.running.live._screens["board/7A"]:
            if screen._send.__self__ is broken:  # type: ignore[attr-defined]
                screen._send = lost
        await house._deliver((vitals(BEN, ILL, at=MORNING + timedelta(minutes=20)),))

        await well.until_event("rows")
        await broken.until(lambda each: each.is_over)

    watch(house, story)


def test_a_thousand_screens_hear_of_one_change(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        screens = [look("board/7A") for _ in range(MANY)]
        for screen in screens:
            await screen.until_event("present")
        assert len(house.running.live) == MANY

        await house._deliver((vitals(BEN, ILL, at=MORNING + timedelta(minutes=20)),))

        for screen in screens:
            await screen.until_event("rows")
        assert {bytes(screen.received) for screen in screens} == {bytes(screens[0].received)}

    watch(house, story)


def test_sec3_a_session_that_has_ended_is_said_to_its_screen_and_closed(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    sessions = house.wardline.sessions

    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        await screen.until_event("present")
        await screen.until(lambda each: b": still here" in each.received)

        sessions.end(sessions.person(house.as_("nurse").token).session, "ended by hand")

        await screen.until_event("signed-out")
        await screen.until(lambda each: each.is_over)

    watch(house, story)


def test_sec3_looking_is_not_using_a_session(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen left alone is signed out although it is being written to the whole time."""
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    sessions, now = house.wardline.sessions, datetime.now(UTC)

    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        await screen.until_event("present")

        monkeypatch.setattr(sessions, "now", lambda: now + sessions.idle + timedelta(minutes=1))

        await screen.until_event("signed-out")

    watch(house, story)


def test_when_wardline_stops_every_stream_ends(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        screens = [look("board/7A"), look("board/7A")]
        for screen in screens:
            await screen.until_event("present")

        house.running.live.end()

        for screen in screens:
            await screen.until(lambda each: each.is_over)

    watch(house, story)


def test_sec2_a_live_view_opened_in_an_emergency_ends_with_it(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    user, sessions = house.user("night", "nurse", units=("9C",)), house.wardline.sessions
    token = house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
    night, path = Visitor(house), f"/api/v1/patients/{house.key(ADA)}/emergency-access"
    night.token = token
    night.post(path, {"reason": "called"}, 201)

    async def story(look: Callable[..., Screen]) -> None:
        screen = look(f"patient/{house.key(ADA)}", token=token)
        await screen.until_event("present")
        emergencies, now = house.running.services.emergencies.kept, house.running.services.emergencies.now
        (grant,) = emergencies.grants.values()
        emergencies.grants[grant.id] = grant._replace(until=now())

        await screen.until(lambda seen: seen.is_over)
        again = look(f"patient/{house.key(ADA)}", token=token)
        await again.until(lambda seen: seen.is_over)
        assert again.problem()["remedy"] == "break-glass"

    watch(house, story)
