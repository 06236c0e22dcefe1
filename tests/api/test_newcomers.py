"""SEC-9: whoever comes to a ward while people have its board open is on no screen before the audit trail says who saw them."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from api.house import OpenHouse
from api.live import Screen, watch
from security.audit.balp_profiles import violations
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, WELL, Patient, adt, vitals
from wardline.adapters.embedded.audit.writing import _Call

CYD = Patient("1003", "Cole", "Cyd", "19700101", "F")
DOOR = "GET /api/v1/stream/board/{unit}"
MANY = 200


def _admitted(unit: str = "7A", minute: int = 20) -> bytes:
    return adt("A01", CYD, at=MORNING + timedelta(minutes=minute), visit="V3", unit=unit, bed="5")


def _moved(unit: str, minute: int) -> bytes:
    return adt("A02", CYD, at=MORNING + timedelta(minutes=minute), visit="V3", unit=unit, bed="5")


def _entries(house: OpenHouse, about: str) -> list[dict[str, Any]]:
    """Of one record, oldest first; from inside the loop."""
    return [dict(entry) for entry in reversed(house.wardline.audit.entries(about=about, limit=10_000))]


@contextmanager
def _slow_disk(house: OpenHouse) -> Iterator[None]:
    """The thread that writes the trail is busy until this ends."""
    gate, writer = threading.Event(), house.wardline.audit._writer
    writer._begin()
    writer._tasks.put(_Call(gate.wait, queue.SimpleQueue()))
    try:
        yield
    finally:
        gate.set()


async def _a_while() -> None:
    """Long enough for whatever does not wait for the disk."""
    await asyncio.sleep(0.05)


def _cyd_on(screen: Screen) -> list[Any]:
    return [row for event, content in screen.events() if event == "rows" for row in content["rows"] if row["family"] == "Cole"]


def test_sec9_opening_a_live_board_names_every_patient_on_it(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        await look("board/7A").until_event("present")

    watch(house, story)

    for patient in (ADA, BEN):
        entry = house.audited(about=house.key(patient))[-1]
        assert (entry["action"], entry["door"], entry["detail"]) == ("live view opened", DOOR, {"topic": "board/7A"})
        assert set(entry["records"]) == {house.key(ADA), house.key(BEN)}


@pytest.mark.parametrize("comes", [[_admitted()], [_admitted("8B"), _moved("7A", 21)]], ids=["admitted", "moved"])
def test_sec9_a_patient_who_comes_to_an_open_board_is_in_the_trail_for_everybody_who_has_it_open(house: OpenHouse, comes: list[bytes]) -> None:
    tokens = [house.as_(role).token for role in ("nurse", "doctor")]

    async def story(look: Callable[..., Screen]) -> None:
        screens = [look("board/7A", token) for token in tokens]
        for screen in screens:
            await screen.until_event("present")

        await house._deliver(tuple(comes))

        for screen in screens:
            await screen.until(_cyd_on)
            assert "resync" not in [event for event, _ in screen.events()]

    watch(house, story)

    entries = house.audited(about=house.key(CYD))
    assert [(entry["roles"], entry["action"], entry["door"], entry["detail"]) for entry in sorted(entries, key=lambda each: each["roles"])] == [
        (("doctor",), "shown in a live view", DOOR, {"topic": "board/7A"}), (("nurse",), "shown in a live view", DOOR, {"topic": "board/7A"})
    ]  # fmt: skip
    assert all(entry["session"] and entry["address"] == "127.0.0.1" and entry["purpose"] == "TREAT" for entry in entries)
    visits = house.as_("privacy").get(f"/api/v1/patients/{house.key(CYD)}/accesses")["visits"]
    seen = {visit["name"] for visit in visits if "saw the patient on a ward board" in visit["what"]}
    assert seen == {"Amelia Brandt", "Helen Vance"}
    read = house.as_("auditor").request("GET", "/api/v1/audit", query={"about": CYD.number}, headers={"accept": "application/fhir+json"})
    assert [each for entry in read.json()["entry"] for each in violations(entry["resource"])] == []


def test_sec9_the_row_waits_for_the_trail_and_everybody_else_s_do_not(house: OpenHouse) -> None:
    """What changes meanwhile is in the row when it comes: nobody sees an older one after a newer one."""

    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        await screen.until_event("present")

        with _slow_disk(house):
            await house._deliver((_admitted(), vitals(BEN, ILL, at=MORNING + timedelta(minutes=21))))
            await house._deliver((vitals(CYD, ILL, at=MORNING + timedelta(minutes=22)),))
            await _a_while()
            assert {row["family"] for event, content in screen.events() if event == "rows" for row in content["rows"]} == {"Byrne"}
            assert b"Cole" not in screen.received
            assert _entries(house, house.key(CYD)) == []

        await screen.until(_cyd_on)
        assert [row["score"]["value"] for row in _cyd_on(screen)] == [14]
        assert len(_entries(house, house.key(CYD))) == 1

    watch(house, story)


def test_sec9_whoever_comes_while_a_board_is_being_opened_is_in_the_trail_too(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        with _slow_disk(house):
            screen = look("board/7A")
            await _a_while()
            await house._deliver((_admitted(),))
            assert not screen.received

        present = await screen.until_event("present")
        assert "Cole" in {row["family"] for row in present["rows"]}
        assert [entry["action"] for entry in _entries(house, house.key(CYD))] == ["shown in a live view"]

    watch(house, story)


def test_a_patient_who_has_been_shown_makes_no_more_entries(house: OpenHouse) -> None:
    async def story(look: Callable[..., Screen]) -> None:
        screen = look("board/7A")
        await screen.until_event("present")
        await house._deliver((_admitted(),))
        await screen.until(_cyd_on)
        before = house.wardline.audit.size()

        for minute in range(21, 41):
            await house._deliver(
                (vitals(CYD, WELL, at=MORNING + timedelta(minutes=minute)), vitals(BEN, WELL, at=MORNING + timedelta(minutes=minute)))
            )
        await house._deliver((_moved("8B", 50), _moved("7A", 51)))
        await screen.until(lambda each: len(_cyd_on(each)) > 20)

        assert house.wardline.audit.size() == before

    watch(house, story)


def test_the_entries_of_many_screens_are_one_write(house: OpenHouse) -> None:
    written: list[str] = []

    async def story(look: Callable[..., Screen]) -> None:
        screens = [look("board/7A") for _ in range(MANY)]
        for screen in screens:
            await screen.until_event("present")
        house.wardline.audit._connection.set_trace_callback(written.append)

        await house._deliver((_admitted(),))

        for screen in screens:
            await screen.until(_cyd_on)
        house.wardline.audit._connection.set_trace_callback(None)
        assert len({bytes(screen.received) for screen in screens}) == 1, "one row, encoded once"
        assert len(_entries(house, house.key(CYD))) == MANY

    watch(house, story)

    assert len([statement for statement in written if statement.startswith("INSERT INTO entries")]) == 1


def test_sec9_ft6_without_the_trail_the_row_is_not_sent_and_the_screen_is_told_to_ask_again(house: OpenHouse) -> None:
    """Alerts go on. A screen that showed the patient before has nothing new to record and goes on, too."""

    async def story(look: Callable[..., Screen]) -> None:
        knows = look("board/7A")
        await knows.until_event("present")
        await house._deliver((_admitted(),))
        await knows.until(_cyd_on)
        await house._deliver((_moved("8B", 21),))
        await knows.until(lambda screen: any(content.get("gone") for _, content in screen.events()))
        new = look("board/7A")
        await new.until_event("present")
        house.wardline.audit._connection.execute("PRAGMA query_only = ON")

        await house._deliver((_moved("7A", 22), vitals(CYD, ILL, at=MORNING + timedelta(minutes=23))))

        await new.until(lambda screen: screen.is_over)
        assert new.events()[-1] == ("resync", {})
        assert b"Cole" not in new.received
        await knows.until(lambda screen: [row["score"]["value"] for row in _cyd_on(screen)][-1] == 14)
        assert not knows.is_over
        assert [episode.tier.value for episode in house.wardline.alerts.alerts_of(house.key(CYD))] == ["page"]
        again = look("board/7A")
        await again.until(lambda screen: screen.is_over)
        assert again.status == 503

        house.wardline.audit._connection.execute("PRAGMA query_only = OFF")
        assert "Cole" in {row["family"] for row in (await look("board/7A").until_event("present"))["rows"]}

    watch(house, story)
