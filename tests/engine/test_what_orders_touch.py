"""Which orders make capabilities run: those of drugs, not every test somebody asks for."""

from dataclasses import dataclass

from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import Kit
from support.messages import ADA, msh, next_control
from wardline.core.capability import ATTRIBUTE, Inputs, capability, medications
from wardline.core.course import Medication
from wardline.core.findings import Finding
from wardline.formats.hl7v2 import builder


@dataclass(frozen=True)
class Drugs(Inputs):
    drugs: tuple[Medication, ...] = medications()


def test_orders_of_drugs_ask_the_questions_about_drugs_and_those_of_tests_do_not(open_hospital: OpenHospital) -> None:
    asked: list[int] = []

    @capability(id="drugs_counted", version="1", standing="verified", about="patient", reference="made up for tests")
    def drugs_counted(v: Drugs) -> Finding:
        asked.append(len(v.drugs))
        return Finding(len(v.drugs), f"{len(v.drugs)} drugs")

    hospital = open_hospital(kit=Kit(capabilities=(getattr(drugs_counted, ATTRIBUTE),)))

    def asks(kind: str, *lines: str) -> list[int]:
        asked.clear()
        hospital.send(builder.message([msh(kind, MORNING, next_control(), "HIS"), ADA.pid(), *lines]))
        return list(asked)

    assert asks("RDE^O11", "ORC|NW|W1", "RXE|^QD|11289^warfarin^RXNORM|5||mg") == [1]
    assert asks("OML^O21", "ORC|NW|L1", "OBR|1|L1||2823-3^Potassium^LN") == []
    assert asks("ORM^O01", "ORC|DC|W1") == [0]
