"""Sending through a real socket to the real listener and engine: every acknowledgement is looked at."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from intake.datasets.written import Written, write_set
from support.clocks import MORNING
from support.hospital import Hospital
from support.messages import ADA, Obx, oru
from wardline.adapters.embedded.clocks import FeedClock
from wardline.formats.hl7v2.client import MllpClient
from wardline.intake.datasets.cinc2012.feed import feed
from wardline.intake.datasets.sending import WINDOW, Refusal, Sending, Totals
from wardline.intake.datasets.timed import Timed
from wardline.intake.hl7v2.listener import MllpListener

VALUE = Obx("8867-4", 70)
WITHOUT_PATIENT = b"MSH|^~\\&|LAB|HOSP|||20260302080000||ORU^R01|77|P|2.5.1\rOBR|1\r"


def send(house: Hospital, messages: Iterable[Timed], **options: object) -> Totals:
    async def run() -> Totals:
        listener = MllpListener(house.engine)
        house.engine.start()
        port = await listener.listen("127.0.0.1", 0)
        try:
            async with MllpClient("127.0.0.1", port, timeout_seconds=20) as client:
                return await Sending(client, **options).send_all(enumerate(messages, 1))  # type: ignore[arg-type]
        finally:
            await listener.close()

    return asyncio.run(run())


def said(*raws: bytes) -> list[Timed]:
    return [Timed(None, f"message {number}", raw) for number, raw in enumerate(raws, 1)]


def test_more_messages_than_fit_on_the_way_are_all_accepted_and_stored_in_order(tmp_path: Path) -> None:
    house = Hospital(tmp_path / "house")
    raws = [oru(ADA, VALUE, at=MORNING + timedelta(seconds=second), control=f"{second}") for second in range(WINDOW * 2 + 7)]

    totals = send(house, said(*raws))

    assert (totals.sent, totals.accepted, totals.refusals) == (len(raws), len(raws), [])
    assert [record.control_id for _, _, record in house.log.messages()] == [f"{second}" for second in range(len(raws))]
    house.close()


def test_each_event_of_a_replay_is_recorded_at_the_moment_it_speaks_about(tmp_path: Path) -> None:
    rounds = tuple((f"{hour:02}:07", "HR", "80") for hour in range(48))
    path = write_set(tmp_path, [Written(str(record), rounds, icu=str(record % 4 + 1)) for record in range(100, 120)])
    house = Hospital(tmp_path / "house", FeedClock(), clock_kind="feed")

    totals = send(house, [message for _, message in feed(path).messages])

    assert totals.refusals == []
    stated = [event for event in house.events() if event.source != "wardline"]
    assert len(stated) > 1000
    assert all(event.occurred_at == event.recorded_at for event in stated)
    house.close()


def test_a_message_that_is_not_accepted_is_reported_by_name_with_its_reason(tmp_path: Path) -> None:
    house = Hospital(tmp_path / "house")

    totals = send(house, said(oru(ADA, VALUE, at=MORNING), WITHOUT_PATIENT, oru(ADA, VALUE, at=MORNING)))

    assert (totals.sent, totals.accepted) == (3, 2)
    (refusal,) = totals.refusals
    assert (refusal.name, refusal.code) == ("message 2", "AE")
    assert "PID" in refusal.reason
    house.close()


def test_senders_wishes_for_acknowledgement_are_kept_apart(tmp_path: Path) -> None:
    """MSH-15 and MSH-16 (HL7 table 0155): both, the first only, neither; then one that asks for a second only in case of an error."""
    house = Hospital(tmp_path / "house")
    wishes = (("AL", "AL"), ("AL", "NE"), ("NE", "NE"), ("NE", "AL"), ("AL", "SU"))
    good = [oru(ADA, VALUE, at=MORNING, control=f"g{number}", accept=accept, application_ack=last) for number, (accept, last) in enumerate(wishes)]
    bad = [WITHOUT_PATIENT.replace(b"|77|P|2.5.1", f"|b{number}|P|2.5.1|||{accept}|{last}".encode()) for number, (accept, last) in enumerate(wishes)]

    totals = send(house, said(*good, *bad, oru(ADA, VALUE, at=MORNING, control="last")))

    assert (totals.sent, totals.unanswered) == (11, 2)
    # A message in quarantine is held (CA) though not understood (AE): who asked only for the first answer hears that it is held.
    assert [(refusal.name, refusal.code) for refusal in totals.refusals] == [("message 6", "AE"), ("message 9", "AE")]
    assert totals.accepted == 4 + 1 + 2
    house.close()


def test_an_error_that_comes_out_of_turn_is_heard_and_not_taken_for_the_next_answer(tmp_path: Path) -> None:
    house = Hospital(tmp_path / "house")
    late = WITHOUT_PATIENT.replace(b"|77|P|2.5.1", b"|late|P|2.5.1|||AL|ER")

    totals = send(house, said(late, oru(ADA, VALUE, at=MORNING, control="next")))

    assert Refusal("late", "AE", totals.refusals[0].reason) == totals.refusals[0]
    assert totals.accepted == 2
    house.close()


def test_a_paced_replay_waits_for_the_time_of_each_message(tmp_path: Path) -> None:
    house = Hospital(tmp_path / "house")
    waited: list[datetime] = []

    async def pace(at: datetime) -> None:
        waited.append(at)

    moments = [MORNING + timedelta(minutes=minute) for minute in range(3)]
    send(house, [Timed(at, "m", oru(ADA, VALUE, at=at)) for at in moments], pace=pace)

    assert waited == moments
    house.close()
