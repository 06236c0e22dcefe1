"""Where a patient is and was, from movements that may arrive in any order."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wardline.core.events import Admitted, Cancelled, Discharged, Event, Transferred


class Place(NamedTuple):
    """The patient's place after the last movement. `is_in` is false before an admission and after a discharge."""

    is_in: bool = False
    encounter: str = ""
    unit: str = ""
    room: str = ""
    bed: str = ""
    since: datetime | None = None
    admitted_at: datetime | None = None
    patient_class: str = ""
    service: str = ""
    doctor: str = ""
    reason: str = ""
    facility: str = ""
    disposition: str = ""


NOWHERE = Place()


def _order(event: Event) -> tuple[datetime, datetime]:
    """Movements follow clinical time; two at the same moment follow the time at which they were stated."""
    issued_at = event.value.issued_at  # type: ignore[union-attr]
    return event.occurred_at, issued_at or event.recorded_at


def _stated(event: Event) -> datetime:
    return event.value.issued_at or event.recorded_at  # type: ignore[union-attr]


def valid_movements(movements: Iterable[Event]) -> list[Event]:
    """The movements that still count, in clinical order: a cancellation strikes the last one of its kind stated before it."""
    ordered = sorted(movements, key=_order)
    standing = [event for event in ordered if not isinstance(event.value, Cancelled)]
    for cancel in sorted((event for event in ordered if isinstance(event.value, Cancelled)), key=_stated):
        what, encounter = cancel.value.what, cancel.value.encounter  # type: ignore[union-attr]
        for event in reversed(standing):
            same_visit = not encounter or event.value.encounter == encounter  # type: ignore[union-attr]
            if event.kind == what and same_visit and _stated(event) <= _stated(cancel):
                standing.remove(event)
                break
    return standing


def place_after(movements: Iterable[Event]) -> Place:
    """Where the movements leave the patient. The same set of movements in any order gives the same place."""
    place = NOWHERE
    for event in valid_movements(movements):
        match event.value:
            case Admitted() | Transferred() as moved:
                same_visit = place.is_in and moved.encounter == place.encounter
                place = Place(
                    is_in=True, encounter=moved.encounter, unit=moved.unit or place.unit, room=moved.room, bed=moved.bed,
                    since=event.occurred_at, admitted_at=place.admitted_at if same_visit else event.occurred_at,
                    patient_class=moved.patient_class or place.patient_class, service=moved.service or (place.service if same_visit else ""),
                    doctor=moved.doctor or (place.doctor if same_visit else ""), reason=moved.reason or (place.reason if same_visit else ""),
                    facility=moved.facility or place.facility,
                )  # fmt: skip
            case Discharged() as left if not left.encounter or not place.encounter or left.encounter == place.encounter:
                place = place._replace(is_in=False, since=event.occurred_at, disposition=left.disposition)
            case _:
                pass
    return place
