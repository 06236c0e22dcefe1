"""Notifications through the real Apprise to a web server on this machine: taken, dropped, refused, slow, twice (FT-28, FT-22, AL-6)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from delivery.receiver import Receiver
from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, ILL, adt, vitals
from wardline.adapters.outgoing.pools import PoolBook
from wardline.core.errors import Fault, Refused
from wardline.core.events import Escalated, Notified
from wardline.core.ports import Notification
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.notifications.channels import AppriseNotifier
from wardline.delivery.notifications.contacts import Channel, Contacts, read_contacts
from wardline.delivery.notifications.courier import Courier

# Apprise loads imghdr for its mail service; Python 3.12 has it no longer.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
KIT = Kit(capabilities=(NEWS2,), reactions=lambda: (AlertPolicy(key=b"alerts"),))


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver().running() as running:
        yield running


@pytest.fixture(autouse=True)
def _empty(receiver: Receiver) -> None:
    receiver.taken.clear()
    receiver.cuts = 1


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    """Ada is in, very ill, and the page is in the outbox."""
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING))
    return hospital


class House:
    """A running engine with a courier, as the composition root wires them."""

    def __init__(self, hospital: Hospital, contacts: Contacts) -> None:
        self.hospital = hospital
        self.notifier = AppriseNotifier(contacts.all())
        self.courier = Courier(hospital.log, contacts, self.notifier, self._record, PoolBook(lambda: datetime.now(UTC)), pause=_hurry)

    async def _record(self, results: tuple[Notified, ...]) -> None:
        alerts: AlertPolicy = self.hospital.engine.house.reactions[1]  # type: ignore[assignment]
        await self.hospital.engine.record(lambda house, now: alerts.acts.notified(results, now=now), actor="courier")

    async def deliver(self) -> None:
        """Until nothing is under way, escalations that follow from failures included."""
        for _ in range(6):
            self.courier.deliver_waiting()
            await self.courier.idle()

    def results(self) -> list[tuple[str, str, str]]:
        return [(event.value.recipient, event.value.channel, event.value.outcome) for event in self.hospital.events(Notified)]


async def _hurry(seconds: float) -> None:
    await asyncio.sleep(0)


def run(hospital: Hospital, contacts: Contacts, story: Callable[[House], Awaitable[None]]) -> House:
    async def told() -> House:
        hospital.engine.start()
        house = House(hospital, contacts)
        try:
            await story(house)
            hospital.turn()
        finally:
            house.notifier.close()
        return house

    return asyncio.run(asyncio.wait_for(told(), 60))


def contacts(**channels: Iterable[Channel]) -> Contacts:
    return Contacts({name.replace("_", "-"): tuple(each) for name, each in channels.items()})


def channel(contact: str, name: str, url: str, **more: object) -> Channel:
    return Channel(contact, name, url, **{"tries": 1, "timeout": timedelta(seconds=1.5)} | more)  # type: ignore[arg-type]


def test_a_page_reaches_every_role_once_and_says_nothing_about_the_patient(ward: Hospital, receiver: Receiver) -> None:
    known = contacts(
        ward_nurse=[channel("ward-nurse", "app", receiver.url("ok"))], doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))]
    )

    house = run(ward, known, lambda house: house.deliver())

    assert sorted(house.results()) == [("doctor", "app", "sent"), ("nurse", "app", "sent")]
    assert receiver.count("ok") == len(receiver.ids("ok")) == 2
    for _, body in receiver.taken:
        assert body["title"] == "High alert"
        assert body["id"] in body["message"]
        assert not any(word in str(body) for word in (ADA.family, ADA.given, ADA.number, ADA.born, ward.key(ADA), "7A"))
    assert ward.log.waiting("notify") == []


def test_ft28_a_channel_that_refuses_is_followed_by_the_next(ward: Hospital, receiver: Receiver) -> None:
    nurse = [channel("ward-nurse", "app", receiver.url("500"), tries=2), channel("ward-nurse", "bleep", receiver.url("ok"))]
    known = contacts(ward_nurse=nurse, doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))])

    house = run(ward, known, lambda house: house.deliver())

    assert [each for each in house.results() if each[0] == "nurse"] == [("nurse", "app", "failed"), ("nurse", "bleep", "sent")]
    assert receiver.count("500") == 2  # tried twice, then no more
    assert len(receiver.ids("500")) == 1


def test_ft28_a_channel_that_is_too_slow_is_followed_by_the_next(ward: Hospital, receiver: Receiver) -> None:
    nurse = [channel("ward-nurse", "app", receiver.url("slow")), channel("ward-nurse", "bleep", receiver.url("ok"))]
    known = contacts(ward_nurse=nurse, doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))])

    house = run(ward, known, lambda house: house.deliver())

    assert [each for each in house.results() if each[0] == "nurse"] == [("nurse", "app", "failed"), ("nurse", "bleep", "sent")]


def test_ft22_a_slow_channel_holds_up_nobody_else(ward: Hospital, receiver: Receiver) -> None:
    known = contacts(
        ward_nurse=[channel("ward-nurse", "app", receiver.url("slow"))], doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))]
    )

    async def story(house: House) -> None:
        await house.notifier.not_understood()  # Apprise has loaded its services
        house.courier.deliver_waiting()
        for _ in range(100):
            await asyncio.sleep(0.01)
            if ("doctor", "app", "sent") in house.results():
                break
        assert house.results() == [("doctor", "app", "sent")]  # while the nurse's message is still under way
        await house.deliver()

    run(ward, known, story)


def test_ft28_taken_and_dropped_is_noticed_because_the_device_does_not_confirm(ward: Hospital, receiver: Receiver) -> None:
    nurse = [
        channel("ward-nurse", "app", receiver.url("ok"), confirm_within=timedelta(seconds=0.2)),
        channel("ward-nurse", "bleep", receiver.url("ok")),
    ]
    known = contacts(ward_nurse=nurse, doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))])

    house = run(ward, known, lambda house: house.deliver())

    assert [each for each in house.results() if each[0] == "nurse"] == [
        ("nurse", "app", "sent"), ("nurse", "app", "failed"), ("nurse", "bleep", "sent"),
    ]  # fmt: skip


def test_al6_a_confirmation_from_the_device_closes_the_loop(ward: Hospital, receiver: Receiver) -> None:
    nurse = [
        channel("ward-nurse", "app", receiver.url("ok"), confirm_within=timedelta(seconds=20)),
        channel("ward-nurse", "bleep", receiver.url("500")),
    ]
    known = contacts(ward_nurse=nurse, doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))])

    async def story(house: House) -> None:
        house.courier.deliver_waiting()
        while ("nurse", "app", "sent") not in house.results():  # noqa: ASYNC110  the log tells, it does not ring
            await asyncio.sleep(0.01)
        id = min(body["id"] for _, body in receiver.taken)  # the nurse was told first
        await house.courier.received(id, recipient="nurse")
        await house.courier.idle()

    house = run(ward, known, story)

    assert [each for each in house.results() if each[0] == "nurse"] == [("nurse", "app", "sent"), ("nurse", "device", "received")]
    assert receiver.count("500") == 0


def test_ft28_when_every_channel_of_every_role_fails_the_next_people_are_told_at_once(ward: Hospital, receiver: Receiver) -> None:
    known = contacts(
        ward_nurse=[channel("ward-nurse", "app", receiver.url("500"))],
        charge_nurse=[channel("charge-nurse", "bleep", receiver.url("ok"))],
        rapid_response=[channel("rapid-response", "bleep", receiver.url("ok"))],
    )  # the doctor on call has no channel at all

    house = run(ward, known, lambda house: house.deliver())

    assert [event.value.roles for event in ward.events(Escalated)] == [("doctor",), ("charge_nurse", "rapid_response")]
    assert ("charge_nurse", "bleep", "sent") in house.results()
    assert ("doctor", "", "failed") in house.results()
    assert [event.recorded_at for event in ward.events(Escalated)] == [MORNING, MORNING]  # not after the usual fifteen minutes


def test_looking_at_the_outbox_again_does_not_send_again_what_is_under_way(ward: Hospital, receiver: Receiver) -> None:
    known = contacts(
        ward_nurse=[channel("ward-nurse", "app", receiver.url("ok"))], doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))]
    )

    async def story(house: House) -> None:
        for _ in range(5):
            house.courier.deliver_waiting()
        await house.courier.idle()

    run(ward, known, story)

    assert receiver.count("ok") == 2


def test_a_message_that_comes_twice_is_one_for_the_receiver(ward: Hospital, receiver: Receiver) -> None:
    nurse = [channel("ward-nurse", "app", receiver.url("cut"), tries=2)]
    known = contacts(ward_nurse=nurse, doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))])

    house = run(ward, known, lambda house: house.deliver())

    assert receiver.count("cut") == 2  # it had read the first one before it hung up
    assert len(receiver.ids("cut")) == 1
    assert ("nurse", "app", "sent") in house.results()


def test_i2_what_is_sent_again_after_a_crash_keeps_its_id(ward: Hospital, receiver: Receiver, tmp_path: Path) -> None:
    known = contacts(
        ward_nurse=[channel("ward-nurse", "app", receiver.url("ok"))], doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))]
    )

    async def sent_but_never_recorded(house: House) -> None:
        async def lost(results: tuple[Notified, ...]) -> None:
            raise Fault("the house went down")

        house.courier._record = lost  # the process dies between sending and recording
        house.courier.deliver_waiting()
        await house.courier.idle()

    run(ward, known, sent_but_never_recorded)
    again = ward.crashed_copy(tmp_path / "again")
    try:
        run(again, known, lambda house: house.deliver())
    finally:
        again.abandon()

    assert receiver.count("ok") == 4
    assert len(receiver.ids("ok")) == 2


def test_the_withdrawal_never_overtakes_the_page(receiver: Receiver, ward: Hospital) -> None:
    alerts: AlertPolicy = ward.engine.house.reactions[1]  # type: ignore[assignment]
    known = contacts(
        ward_nurse=[channel("ward-nurse", "app", receiver.url("cut"), tries=3)],
        doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))],
    )
    ward.clock.step(timedelta(minutes=1))
    ward.send(adt("A08", ADA._replace(born="20200101"), at=ward.clock.now()))  # a child: NEWS2 is not valid
    assert alerts.open_alerts() == []

    run(ward, known, lambda house: house.deliver())

    assert [body["title"] for path, body in receiver.taken if path == "cut"] == ["High alert", "High alert", "Alert withdrawn"]


def test_the_courier_runs_by_itself_and_stops_when_told(ward: Hospital, receiver: Receiver) -> None:
    known = contacts(
        ward_nurse=[channel("ward-nurse", "app", receiver.url("ok"))], doctor_on_call=[channel("doctor-on-call", "app", receiver.url("ok"))]
    )

    async def story(house: House) -> None:
        running = asyncio.get_running_loop().create_task(house.courier.run())
        house.courier.wake()
        while len(house.results()) < 2:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    run(ward, known, story)


def test_contacts_are_read_exactly() -> None:
    known = read_contacts(
        "contacts:\n  ward-nurse:\n    - {name: app, url: 'json://localhost/x', tries: 3, timeout_seconds: 2, confirm_within_seconds: 30}\n"
    )

    assert known.of("ward-nurse") == (
        Channel("ward-nurse", "app", "json://localhost/x", 3, timedelta(seconds=2), timedelta(seconds=30)),
    )  # fmt: skip
    assert known.of("", "nobody") == ()
    with pytest.raises(Refused, match=r"contacts\.yaml, line 3: contacts\.ward-nurse\[0\]\.url is missing"):
        read_contacts("contacts:\n  ward-nurse:\n    - {name: app}\n")


def test_a_persons_own_channels_come_before_the_roles() -> None:
    own, role = channel("Mwangi", "phone", "json://a"), channel("ward-nurse", "app", "json://b")
    known = Contacts({"Mwangi": (own,), "ward-nurse": (role,)})

    assert known.of("Mwangi", "ward-nurse") == (own, role)


def test_a_channel_that_apprise_does_not_understand_is_found_at_the_start() -> None:
    notifier = AppriseNotifier([channel("ward-nurse", "app", "json://localhost/x"), channel("ward-nurse", "bleep", "blip://localhost")])
    try:
        assert asyncio.run(notifier.not_understood()) == ["ward-nurse/bleep"]
        with pytest.raises(Fault, match="not understood"):
            asyncio.run(notifier.send(Notification("n1", "a1", "t", "b", 3, "ward-nurse/bleep")))
        with pytest.raises(Fault, match="there is no channel"):
            asyncio.run(notifier.send(Notification("n1", "a1", "t", "b", 3, "ward-nurse/pigeon")))
    finally:
        notifier.close()
