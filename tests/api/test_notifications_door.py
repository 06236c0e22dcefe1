"""Notifications: who was told, by which channel, whether it arrived; trying a channel; what alerts have been to people."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.house import OpenHouse
from delivery.receiver import Receiver
from support.clocks import MORNING
from support.messages import ADA, ILL, adt, vitals

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

CONTACTS = """contacts:
  ward-nurse:
    - {{name: phone, url: "{phone}", tries: 1, confirm_within_seconds: 30}}
    - {{name: mail, url: "{mail}", tries: 1}}
"""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver().running() as running:
        yield running


@pytest.fixture
def reachable(tmp_path: Path, receiver: Receiver, open_house: Callable[..., OpenHouse]) -> OpenHouse:
    """A house with a phone that works and a mail gateway that does not, and Ada, ill."""
    config = tmp_path / "data" / "config"
    config.mkdir(parents=True)
    (config / "contacts.yaml").write_text(CONTACTS.format(phone=receiver.url("ok"), mail=receiver.url("500")), encoding="utf-8")
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), vitals(ADA, ILL, at=MORNING))
    return house


def test_channels_are_listed_without_their_addresses(reachable: OpenHouse, receiver: Receiver) -> None:
    answer = reachable.as_("manager").get("/api/v1/notifications/channels")

    assert [(each["contact"], each["name"], each["roles"]) for each in answer["channels"]] == [
        ("ward-nurse", "phone", ["nurse"]),
        ("ward-nurse", "mail", ["nurse"]),
    ]
    assert set(answer["without"]) == {"doctor", "charge_nurse", "rapid_response"}
    assert "127.0.0.1" not in str(answer)


def test_a_channel_that_works_takes_the_test_and_one_that_does_not_says_so(reachable: OpenHouse, receiver: Receiver) -> None:
    engineer = reachable.as_("engineer")

    assert engineer.post("/api/v1/notifications/channels/ward-nurse/phone/test") == {"outcome": "sent", "detail": ""}
    assert engineer.post("/api/v1/notifications/channels/ward-nurse/mail/test") == {"outcome": "failed", "detail": "not taken"}
    path, body = receiver.taken[-2]
    assert path == "ok"
    assert body["message"].startswith("A test from St Test. Nothing needs to be done.")


def test_whoever_may_send_a_test_sees_the_channels(reachable: OpenHouse) -> None:
    for role in ("engineer", "admin"):
        assert len(reachable.as_(role).get("/api/v1/notifications/channels")["channels"]) == 2


def test_a_channel_nobody_has_listed_is_not_found(reachable: OpenHouse) -> None:
    reachable.as_("engineer").post("/api/v1/notifications/channels/ward-nurse/pigeon/test", expect=404)


def test_a_nurse_does_not_send_tests(reachable: OpenHouse) -> None:
    reachable.as_("nurse").post("/api/v1/notifications/channels/ward-nurse/phone/test", expect=403)


def test_what_became_of_the_page_stands_beside_it_until_the_phone_confirms(reachable: OpenHouse, receiver: Receiver) -> None:
    reachable.do(reachable.running.couriers.courier.deliver_waiting)
    nurse = reachable.as_("nurse")
    _until(lambda: "nurse by phone: sent" in _deliveries(reachable))
    assert set(_deliveries(reachable)) == {"nurse by phone: sent", "doctor by any channel: failed"}

    notification = receiver.ids("ok")[-1]
    nurse.post(f"/api/v1/notifications/{notification}/received", expect=204, channel="phone")

    assert _deliveries(reachable)[-1].endswith("by phone: received")
    reachable.do(reachable.running.couriers.courier.idle)


def test_a_receipt_for_an_alert_that_never_was_changes_nothing(reachable: OpenHouse) -> None:
    reachable.as_("nurse").post("/api/v1/notifications/nothing-1-0/received", expect=204)

    assert _deliveries(reachable) == []


def test_the_burden_counts_the_page_and_the_patient(reachable: OpenHouse) -> None:
    burden = reachable.as_("manager").get("/api/v1/nurse/analytics")

    assert (burden["total"]["alerts"], burden["total"]["pages"]) == (1, 1)
    assert [each["capability"] for each in burden["by_capability"]] == ["news2"]


def test_the_burden_of_a_unit_does_not_take_a_flag_for_a_unit(reachable: OpenHouse) -> None:
    reachable.as_("manager").get("/api/v1/nurse/analytics", expect=422, unit="--data")


def _deliveries(house: OpenHouse) -> list[str]:
    (item,) = house.as_("nurse").get("/api/v1/notifications")["items"]
    return [each["text"] for each in item["deliveries"]]


def _until(holds: Callable[[], object]) -> None:
    """Wait for what happens beside the test; it always does, or the test's own assertion says what is missing."""
    ends = time.monotonic() + 5
    while not holds() and time.monotonic() < ends:
        time.sleep(0.02)
