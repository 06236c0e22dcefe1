"""What goes out as HL7 v2: a finding or a signed report as ORU^R01, a movement as ADT. Written in the step that made it, sent from the outbox.

The control id is the event's number, so that a message sent twice is recognised by its receiver. The order number is made of the
question and the moment it was answered for, so that a correction meets what it corrects.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from wardline.core.events import Admitted, Cancelled, Discharged, Event, Found, Registered, ReportSigned, ReportWithdrawn, Transferred
from wardline.core.ports import Outgoing
from wardline.core.reactions import Forwarding, Patients
from wardline.core.timeline import Timeline
from wardline.delivery.outbound.destinations import Destination
from wardline.delivery.outbound.hl7v2_reports import report_lines
from wardline.formats.hl7v2 import builder

# HL7 v2.5.1, chapter 3 and table 0354: trigger, and the structure its message has.
TRIGGERS: Final = {Admitted: ("A01", "ADT_A01"), Transferred: ("A02", "ADT_A02"), Discharged: ("A03", "ADT_A03")}
CANCELS: Final = {"Admitted": ("A11", "ADT_A09"), "Transferred": ("A12", "ADT_A12"), "Discharged": ("A13", "ADT_A01")}
UNKNOWN_CLASS: Final = "U"
"""PV1-2 (table 0004) for a patient of whom nobody said whether they stay."""
ANSWERED: Final = ("finding", "at_least")
SEVERITY_FLAGS: Final = ("N", "A", "A", "AA")
"""OBX-8 (table 0078) by severity: normal, abnormal, abnormal, critically abnormal."""


class Outbound(Forwarding):
    """A reaction: puts messages for every destination into the outbox. Keeps no state."""

    name = "outbound"

    def __init__(
        self, destinations: Iterable[Destination], hospital: str, withheld: Callable[[Event, Timeline], bool] = lambda event, timeline: False
    ) -> None:
        self.destinations = tuple(destinations)
        self.hospital = hospital
        self.withheld = withheld
        """Whether something is too sensitive to leave the house, whoever it is sent to."""
        self.going: list[Outgoing] = []

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        for destination in self.destinations:
            lines = self._lines(event, destination, patients)
            if lines:
                payload = builder.message(lines)
                self.going.append(Outgoing(f"{destination.topic}/{event.id}", destination.topic, payload, event.about))
        return ()

    # --- messages ---

    def _lines(self, event: Event, destination: Destination, patients: Patients) -> list[str]:
        value = event.value
        if isinstance(value, Found) and value.capability in destination.findings and (value.outcome in ANSWERED or value.revised):
            timeline = patients.timeline(event.about)
            if self.withheld(event, timeline):
                return []
            return [self._header(event, destination, "ORU^R01^ORU_R01"), *_who(timeline), *_finding(event, value)]
        if destination.reports and isinstance(value, ReportSigned | ReportWithdrawn):
            timeline = patients.timeline(event.about)
            if self.withheld(event, timeline):
                return []
            return [self._header(event, destination, "ORU^R01^ORU_R01"), *_who(timeline), *report_lines(event, timeline)]
        if destination.movements and isinstance(value, Admitted | Transferred | Discharged | Cancelled):
            trigger, structure = CANCELS[value.what] if isinstance(value, Cancelled) else TRIGGERS[type(value)]
            timeline = patients.timeline(event.about)
            evn = builder.segment("EVN", trigger, event.recorded_at, None, None, None, event.occurred_at)
            return [self._header(event, destination, f"ADT^{trigger}^{structure}"), evn, *_who(timeline, value.encounter)]
        return []

    def _header(self, event: Event, destination: Destination, kind: str) -> str:
        return builder.header(
            application="WARDLINE", facility=self.hospital, to_application=destination.application, to_facility=destination.facility,
            at=event.recorded_at, kind=kind, control_id=f"WL{event.id}",
        )  # fmt: skip


def _who(timeline: Timeline, visit: str = "") -> list[str]:
    """PID, and PV1 where a visit is known. After a cancelled admission there is no place, only the visit that was not."""
    person, place = timeline.person or Registered(()), timeline.place
    numbers = [(each.number, None, None, each.assigner, each.type) for each in person.identifiers]
    pid = builder.segment("PID", 1, None, numbers, None, (person.family, person.given), None, person.born.replace("-", ""), person.sex)
    if not place.encounter and not place.unit and not visit:
        return [pid]
    where = (place.unit, place.room, place.bed)
    pv1: list[Any] = [1, place.patient_class or UNKNOWN_CLASS, where] + [None] * 15 + [visit or place.encounter]
    return [pid, builder.segment("PV1", *pv1)]


def _finding(event: Event, found: Found) -> list[str]:
    """OBR, OBX and notes. A score with inputs missing goes out as ">= 7" with what is missing: it never looks complete."""
    code = (found.capability, found.capability.replace("_", " "), "L")
    kind, value = _value(found)
    unit = (found.unit, None, "UCUM") if found.unit else None
    order, status = _order(event, found), "C" if found.revised else "F"
    return [
        builder.segment("OBR", 1, None, order, code, None, None, event.occurred_at, *[None] * 14, event.recorded_at, None, None, status),
        builder.segment(
            "OBX", 1, kind, code, found.key, value, unit, None, SEVERITY_FLAGS[found.severity], None, None, _status(found), None, None,
            event.occurred_at,
        ),
        *(builder.segment("NTE", number, None, note) for number, note in enumerate(_notes(found), 1)),
    ]  # fmt: skip


def _order(event: Event, found: Found) -> str:
    """OBR-3: the same for every statement about this question at this moment. 18 characters, as no receiver shortens it."""
    digest = hashlib.sha256(f"{event.about}/{found.capability}/{event.occurred_at.isoformat()}".encode()).hexdigest()
    return f"WL{digest[:16]}"


def _status(found: Found) -> str:
    """OBX-11 (table 0085): final, corrected, or deleted when a correction has taken away what the answer stood on."""
    if not found.revised:
        return "F"
    return "C" if found.outcome in ANSWERED else "D"


def _notes(found: Found) -> Iterable[str]:
    if found.summary or found.reason:
        yield found.summary or found.reason
    if found.missing:
        yield f"Missing: {', '.join(name.replace('_', ' ') for name in found.missing)}"
    if found.standing != "verified":
        yield "Provisional: this rule has not been verified against its source"


def _value(found: Found) -> tuple[str, Any]:
    """OBX-2 and OBX-5."""
    if not isinstance(found.value, int | float):
        return "ST", found.value
    return ("SN", (">=", found.value)) if found.outcome == "at_least" else ("NM", found.value)
