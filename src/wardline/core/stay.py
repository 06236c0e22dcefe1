"""Where a patient is and was, from movements that may arrive in any order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from wardline.core.events import DELETED, Admitted, Cancelled, Discharged, Event, Transferred


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
_RANK: Final[dict[type, int]] = {Admitted: 0, Transferred: 1, Discharged: 2, Cancelled: 3}


def _order(event: Event) -> tuple[datetime, datetime, int]:
    """Movements follow clinical time; two at the same moment the time at which they were stated, then the usual course of a stay."""
    return event.occurred_at, _stated(event), _RANK[type(event.value)]


def _stated(event: Event) -> datetime:
    return event.value.issued_at or event.recorded_at


def valid_movements(movements: Iterable[Event]) -> list[Event]:
    """The movements that still count, in clinical order: a cancellation strikes the last one of its kind stated before it."""
    ordered = sorted(movements, key=_order)
    standing = [event for event in ordered if not isinstance(event.value, Cancelled)]
    cancels = [event for event in ordered if isinstance(event.value, Cancelled)]
    for cancel in sorted(cancels, key=lambda event: (_stated(event), event.value.encounter)):
        what, encounter = cancel.value.what, cancel.value.encounter
        for event in reversed(standing):
            same_visit = not encounter or event.value.encounter == encounter
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
                # What a movement leaves out stays as it was during the same visit, and only then: nobody inherits a bed.
                same_visit = moved.encounter == place.encounter or (isinstance(moved, Transferred) and not moved.encounter)
                before = place if place.is_in and same_visit else NOWHERE
                began_at = moved.admitted_at if isinstance(moved, Transferred) else None
                place = Place(
                    is_in=True, encounter=moved.encounter or before.encounter, unit=_kept(moved.unit, before.unit), room=moved.room, bed=moved.bed,
                    since=event.occurred_at, admitted_at=before.admitted_at or began_at or event.occurred_at,
                    patient_class=_kept(moved.patient_class, before.patient_class), service=_kept(moved.service, before.service),
                    doctor=_kept(moved.doctor, before.doctor), reason=_kept(moved.reason, before.reason),
                    facility=moved.facility or before.facility,
                )  # fmt: skip
            case Discharged() as left if not left.encounter or not place.encounter or left.encounter == place.encounter:
                place = place._replace(is_in=False, since=event.occurred_at, disposition=left.disposition)
            case _:
                pass
    return place


def _kept(said: str, before: str) -> str:
    """An empty detail stays as it was; one that was taken back is gone."""
    return "" if said == DELETED else said or before
