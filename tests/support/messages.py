"""HL7 v2 messages as hospitals send them, built from the few things a test wants to say."""

from datetime import datetime
from itertools import count
from typing import NamedTuple

from wardline.formats.hl7v2 import builder

WELL = {"9279-1": 16, "59408-5": 97, "8480-6": 120, "8867-4": 70, "8310-5": 37.0}
"""NEWS2 0 with air and alert: RCP 2017, chart 1, every value in its 0 band."""
ILL = {"9279-1": 26, "59408-5": 90, "8480-6": 88, "8867-4": 135, "8310-5": 39.5}
"""RCP 2017, chart 1: 3 + 3 + 3 + 3 + 2 = 14 on air and alert."""
UNITS = {
    "9279-1": "/min",
    "59408-5": "%",
    "8480-6": "mm[Hg]",
    "8867-4": "/min",
    "8310-5": "Cel",
    "2823-3": "mmol/L",
    "2160-0": "mg/dL",
    "14682-9": "umol/L",
}
_controls = count(1)


class Patient(NamedTuple):
    """Whom messages are about."""

    number: str = "1001"
    family: str = "Moss"
    given: str = "Ada"
    born: str = "19550303"
    sex: str = "F"
    assigner: str = "HOSP"

    def pid(self) -> str:
        return builder.segment(
            "PID", "1", None, (self.number, None, None, self.assigner, "MR"), None, (self.family, self.given), None, self.born, self.sex
        )


ADA = Patient()
BEN = Patient("1002", "Byrne", "Ben", "19480917", "M")


class Obx(NamedTuple):
    """One observation. `value` None sends an empty OBX-5."""

    code: str
    value: float | str | None
    status: str = "F"
    unit: str | None = None
    at: datetime | None = None
    part: str = ""
    kind: str = "NM"

    def segment(self, number: int) -> str:
        coded = self.code if "^" in self.code else f"{self.code}^^LN"
        unit = UNITS.get(self.code, "") if self.unit is None else self.unit
        shown = "" if self.value is None else f"{self.value:g}" if isinstance(self.value, float | int) else self.value
        at = builder.timestamp(self.at) if self.at is not None else ""
        return f"OBX|{number}|{self.kind}|{coded}|{self.part}|{shown}|{unit}|||||{self.status}|||{at}"


def next_control() -> str:
    return f"C{next(_controls)}"


def msh(kind: str, at: datetime, control: str, application: str = "LAB", **fields: str) -> str:
    return builder.header(application=application, facility="HOSP", at=at, kind=kind, control_id=control, **fields)


def oru(
    patient: Patient, *observations: Obx, at: datetime, observed: datetime | None = None, order: str = "", control: str = "",
    application: str = "LAB", visit: str = "", **fields: str,
) -> bytes:  # fmt: skip
    """ORU^R01: results of one order, observed at `observed` (default: when the message was sent)."""
    pv1 = [builder.segment("PV1", "1", "I", *[None] * 16, visit)] if visit else []
    obr = builder.segment("OBR", "1", None, order, "panel", None, None, observed or at)
    lines = [msh("ORU^R01^ORU_R01", at, control or next_control(), application, **fields), patient.pid(), *pv1, obr]
    return builder.message([*lines, *(each.segment(number) for number, each in enumerate(observations, 1))])


def vitals(patient: Patient, values: dict[str, float], *, at: datetime, oxygen: bool = False, consciousness: str = "A", **more: str) -> bytes:
    """A whole set of vital signs, as NEWS2 wants them."""
    measured = [Obx(code, value) for code, value in values.items()]
    coded = [Obx("67775-7", consciousness, kind="CWE"), Obx("O2^Air or oxygen^L", "oxygen" if oxygen else "air", kind="CWE")]
    return oru(patient, *measured, *coded, at=at, application="MONITOR", **more)


def adt(
    trigger: str, patient: Patient, *, at: datetime, visit: str = "V1", unit: str = "7A", bed: str = "12", event_at: datetime | None = None,
    retired: Patient | None = None, retired_visit: str = "", other: Patient | None = None, control: str = "",
) -> bytes:  # fmt: skip
    """Any ADT message: `retired` fills MRG, `other` adds the second PID of an A37."""
    lines = [
        msh(f"ADT^{trigger}", at, control or next_control(), "ADT"),
        builder.segment("EVN", trigger, at, None, None, None, event_at or at),
        patient.pid(),
    ]
    if retired is not None:
        mrg = (retired.number, None, None, retired.assigner, "MR")
        lines.append(builder.segment("MRG", mrg, None, None, None, retired_visit))
    if other is not None:
        lines.append(other.pid())
    if visit and trigger not in ("A37", "A40"):
        lines.append(builder.segment("PV1", "1", "I", (unit, "", bed), *[None] * 15, visit))
    return builder.message(lines)


def orm(patient: Patient, *, at: datetime, order: str, what: str = "Potassium", status: str = "NW", control: str = "", visit: str = "") -> bytes:
    """ORM^O01: something is ordered."""
    lines = [msh("ORM^O01", at, control or next_control(), "ORDERS"), patient.pid(), f"ORC|{status}||{order}", f"OBR|1||{order}|K^{what}^L"]
    if visit:
        lines.insert(2, builder.segment("PV1", "1", "I", *[None] * 16, visit))
    return builder.message(lines)
