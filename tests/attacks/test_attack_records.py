"""Other people's records by way of doors that name something else: notifications, incidents, simulations, live views (ASVS 8.2.2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from api.house import OpenHouse, Visitor
from support.clocks import MORNING
from support.messages import ADA, BEN, Obx, Patient, adt, oru
from wardline.app.downtime import DowntimePages
from wardline.delivery.policy import default_policy


def of_ward(house: OpenHouse, role: str, unit: str) -> Visitor:
    """Somebody with this role in this ward and in no other."""
    login = f"{role}.{unit.lower()}"
    house.user(login, role, name=f"{role.title()} Of {unit}", units=(unit,))
    return house.sign_in(login)


def _arrived(house: OpenHouse) -> list[str]:
    return [event.value.outcome for event in house.do(lambda: list(house.wardline.log.events_of([house.key()]))) if event.kind == "Notified"]


def test_nobody_of_another_ward_says_that_a_notification_has_arrived(house: OpenHouse) -> None:
    """It would end the tries to reach somebody, and the alarm of a patient they never see would stay unheard."""
    (alert,) = [item["alert"] for item in house.as_("nurse").get("/api/v1/nurse/queue")["items"]]

    of_ward(house, "nurse", "7B").post(f"/api/v1/notifications/{alert}-0/received", expect=403)
    assert _arrived(house) == []

    of_ward(house, "nurse", "7A").post(f"/api/v1/notifications/{alert}-0/received", expect=204)
    assert _arrived(house) == ["received"]
    (entry,) = [entry for entry in house.audited(action="notification received") if entry["outcome"] == "success"]
    assert entry["about"] == house.key(), "the trail says whose alarm it was"


def test_a_simulation_names_only_patients_whom_its_reader_may_see(house: OpenHouse) -> None:
    """Trying a policy counts everybody; which patient has what is told to those who look after them, and the trail says to whom."""
    text = default_policy().text
    start = text.index("id: news2-high")
    wanted = {"text": text[:start] + text[start:].replace("tier: page", "tier: worklist", 1)}

    def named(visitor: Visitor) -> list[Any]:
        compared = visitor.post("/api/v1/policy/simulate", wanted)
        assert sum(compared["counts"].values()) == 1, "numbers are about nobody"
        return [each["patient"] for part in ("differences", "lost", "gained") for each in compared[part]]

    for visitor in (of_ward(house, "nurse", "7B"), house.as_("engineer"), house.as_("auditor")):
        assert named(visitor) == []

    assert named(of_ward(house, "nurse", "7A")) == [house.key()]
    shown = [entry["records"] for entry in house.audited(action="simulation shown")]
    assert [list(records) for records in shown] == [[house.key()]]


def test_a_manager_of_another_ward_does_not_close_its_incidents(house: OpenHouse) -> None:
    at = MORNING + timedelta(minutes=20)
    house.send(oru(ADA, Obx("2823-3", 7.1), at=at, order="L1"))
    house.as_("nurse").get(f"/api/v1/patients/{house.key()}/timeline")
    house.send(oru(ADA, Obx("2823-3", 7.1, "W"), at=at + timedelta(minutes=5), observed=at, order="L1"))
    (item,) = house.as_("auditor").get("/api/v1/incidents")["items"]

    of_ward(house, "manager", "7B").post(f"/api/v1/incidents/{item['id']}/conclude", {"note": "nothing"}, expect=403)
    assert len(house.as_("auditor").get("/api/v1/incidents")["items"]) == 1

    of_ward(house, "manager", "7A").post(f"/api/v1/incidents/{item['id']}/conclude", {"note": "told"}, expect=204)


def test_no_unit_of_a_feed_keeps_the_downtime_pages_from_being_written(open_house: Callable[..., OpenHouse]) -> None:
    """What a feed calls a ward becomes the name of a file: not one elsewhere, and not one that the disk refuses."""
    house = open_house()
    house.send(
        adt("A01", ADA, at=MORNING, visit="V1", unit="A" * 180, bed="1"),
        adt("A01", BEN, at=MORNING, visit="V2", unit="../../../elsewhere", bed="2"),
        adt("A01", Patient("1003", "Cole", "Cleo"), at=MORNING, visit="V3", unit="\u5185\u79d1" * 45, bed="3"),
    )
    pages = DowntimePages(house.running.services, house.wardline.settings)

    house.do(pages.renew)

    assert pages.failed == ""
    folder = house.wardline.settings.downtime_folder
    assert len(list(folder.glob("*.html"))) == 4
    assert not list(house.data.parent.glob("**/elsewhere*"))
