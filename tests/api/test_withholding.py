"""What leaves the house in messages: nothing that stands on a labelled fact, to no system, and no notification says what it is about."""

from collections.abc import Callable

from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from api.restricted import CANARIES, EVE, plant
from support.clocks import MORNING
from support.messages import ADA, Obx, adt, oru
from wardline.delivery.alerts.telling import TOPIC

EHR = """destinations:
  - name: ehr
    address: 127.0.0.1:2576
    findings: [critical_values, egfr_ckd_epi_2021]
    movements: true
  - name: ehr-fhir
    kind: fhir
    address: http://127.0.0.1:2577/fhir
    findings: [critical_values, egfr_ckd_epi_2021]
    resources: [Observation, Condition, MedicationRequest, DocumentReference]
"""


def _with_ehr(open_house: Callable[..., OpenHouse]) -> OpenHouse:
    house = open_house("first")
    house.close()
    (house.data / "config" / "outbound.yaml").write_text(EHR)
    return OpenHouse(house.data, house.portal)


def test_no_message_to_another_system_stands_on_a_labelled_fact(open_house: Callable[..., OpenHouse], portal: BlockingPortal) -> None:
    """The first potassium goes out: nobody had said anything yet. After it was labelled, none does; another patient's still does."""
    with _with_ehr(open_house) as house:
        plant(house)
        before = len(_waiting(house, "hl7v2/ehr"))
        before_fhir = len(_waiting(house, "fhir/ehr-fhir"))

        house.send(oru(EVE, Obx("2823-3", 7.24), at=MORNING.replace(hour=9), order="K14"))
        house.send(adt("A01", ADA, at=MORNING.replace(hour=9), visit="V1"), oru(ADA, Obx("2823-3", 7.35), at=MORNING.replace(hour=9), order="K1"))

        for sent in (_waiting(house, "hl7v2/ehr")[before:], _waiting(house, "fhir/ehr-fhir")[before_fhir:]):
            assert [message for message in sent if EVE.number in message] == []
            assert any("7.35" in message for message in sent)


def _waiting(house: OpenHouse, topic: str) -> list[str]:
    return [outgoing.payload.decode() for _, outgoing in house.do(lambda: house.wardline.log.waiting(topic, 1000))]


def test_no_notification_says_what_it_is_about(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    plant(house)

    sent = "".join(outgoing.payload.decode() for _, outgoing in house.do(lambda: house.wardline.log.waiting(TOPIC, 1000)))

    assert "High alert" in sent
    assert [canary for canary in CANARIES if canary in sent] == []
    assert EVE.family not in sent


def test_a_site_may_say_that_there_is_something(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house("told")
    house.close()
    (house.data / "config" / "labels.yaml").write_text("PRS: {existence: true}\n")

    with OpenHouse(house.data, house.portal) as told:
        about = plant(told)
        assert told.as_("radiologist").get(f"/api/v1/patients/{about}")["restricted"] == 1
        assert told.as_("doctor").get(f"/api/v1/patients/{about}")["restricted"] == 0


def test_by_default_nobody_is_told_that_there_is_something(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    about = plant(house)

    assert house.as_("radiologist").get(f"/api/v1/patients/{about}")["restricted"] == 0
