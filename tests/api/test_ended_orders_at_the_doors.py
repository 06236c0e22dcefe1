"""An order that has ended, however its sender says so, stands under Stopped and is not reviewed any more."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from support.clocks import MORNING
from support.ehr import IBUPROFEN, WARFARIN, order
from support.events import hours
from support.fhir import Client
from support.messages import Patient, adt, msh, next_control
from wardline.formats.hl7v2 import builder

ENDING: Final = ("CA", "CR", "DC", "DR", "OC", "OD")
_NUMBERS: Final = count(79000)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """A house for patients who take warfarin."""
    with OpenHouse(tmp_path_factory.mktemp("ended") / "data", portal) as opened:
        yield opened


@pytest.fixture
def patient(ward: OpenHouse) -> Patient:
    number = str(next(_NUMBERS))
    admitted = Patient(number, "Ended", f"E{number}")
    ward.send(adt("A01", admitted, at=MORNING, visit=f"V{number}"))
    return admitted


def pharmacy(patient: Patient, control: str, hour: int, *, names_it: bool = True) -> bytes:
    lines = [msh("RDE^O11", MORNING + hours(hour), next_control(), "PHARMACY"), patient.pid(), f"ORC|{control}|W{patient.number}"]
    return builder.message([*lines, "RXE|^QD|11289^warfarin^RXNORM|5||mg"] if names_it else lines)


def orders(ward: OpenHouse, patient: Patient) -> dict[str, Any]:
    shown = ward.as_("doctor").get(f"/api/v1/patients/{ward.key(patient)}/timeline")
    return {each["what"]: each["ended"] for each in shown["orders"]}


def reviewed(ward: OpenHouse, patient: Patient) -> list[str]:
    review = ward.as_("doctor").get(f"/api/v1/patients/{ward.key(patient)}/medication-review")
    return [each["what"] for each in review["drugs"]]


@pytest.mark.parametrize("names_it", [True, False])
@pytest.mark.parametrize("control", ENDING)
def test_a_drug_that_a_pharmacy_stopped_has_ended_and_is_not_reviewed(ward: OpenHouse, patient: Patient, control: str, names_it: bool) -> None:
    ward.send(pharmacy(patient, "NW", 1))
    assert (orders(ward, patient), reviewed(ward, patient)) == ({"warfarin": False}, ["warfarin"])

    ward.send(pharmacy(patient, control, 2, names_it=names_it))
    assert (orders(ward, patient), reviewed(ward, patient)) == ({"warfarin": True}, [])


def test_a_drug_on_hold_has_not_ended(ward: OpenHouse, patient: Patient) -> None:
    ward.send(pharmacy(patient, "NW", 1), pharmacy(patient, "HD", 2))

    assert (orders(ward, patient), reviewed(ward, patient)) == ({"warfarin": False}, ["warfarin"])


@pytest.mark.parametrize("status", ["stopped", "cancelled", "completed", "entered-in-error"])
def test_a_drug_that_fhir_says_has_ended_is_not_reviewed(ward: OpenHouse, patient: Patient, status: str) -> None:
    client, since = Client(ward, "doctor"), MORNING.isoformat()
    for number, (drug, said) in enumerate(((WARFARIN, status), (IBUPROFEN, "active"))):
        client.put({**order(drug, at=since, of=ward.key(patient), status=said), "id": f"m{number}-{patient.number}"})

    assert orders(ward, patient) == {"warfarin": True, "ibuprofen": False}
    assert reviewed(ward, patient) == ["ibuprofen"]
