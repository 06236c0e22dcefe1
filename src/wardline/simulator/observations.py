"""OBX segments: one measured thing each, with its code, unit and status."""

from datetime import datetime
from typing import NamedTuple

from wardline.core.concepts import Concept
from wardline.formats.hl7v2.builder import segment
from wardline.formats.hl7v2.escapes import escape


class Code(NamedTuple):
    """OBX-3: identifier, text and coding system. `field` is its encoded form."""

    id: str
    text: str
    system: str

    @property
    def field(self) -> str:
        return f"{self.id}^{escape(self.text)}^{self.system}"


def loinc(concept: Concept, code: str = "") -> Code:
    """The concept by its LOINC code: the first one, or the one named."""
    return Code(code or concept.loinc[0], concept.name, "LN")


class Observed(NamedTuple):
    """One OBX before it has a number. `value` is encoded already; `kind` is OBX-2."""

    kind: str
    code: str
    value: str
    unit: str = ""
    range: str = ""
    abnormal: str = ""
    status: str = "F"
    part: str = ""
    """OBX-4."""
    device: str = ""
    """OBX-18."""


def obx_lines(observed: list[Observed]) -> list[str]:
    return [
        f"OBX|{number}|{each.kind}|{each.code}|{each.part}|{each.value}|{each.unit}|{each.range}|{each.abnormal}|||{each.status}"
        + (f"|||||||{each.device}" if each.device else "")
        for number, each in enumerate(observed, 1)
    ]  # fmt: skip


def coded(answer: str, text: str, system: str) -> str:
    return f"{answer}^{escape(text)}^{system}"


def decimal(value: float, places: int) -> str:
    """A number as an analyser prints it."""
    return f"{value:.{places}f}"


def obr(*, placer: str = "", filler: str, service: Code, observed_at: datetime, status: str = "F") -> str:
    """OBR of a result: order numbers, what was examined, and when the patient or specimen was as the result says."""
    identifier = (service.id, service.text, service.system)
    return segment("OBR", "1", placer, filler, identifier, None, None, observed_at, *(None,) * 17, status)
