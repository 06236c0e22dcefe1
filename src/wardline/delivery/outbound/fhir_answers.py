"""One answer as the resources another server keeps of it, and what takes back those that an earlier answer had put there."""

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.core.events import Event, Found
from wardline.core.findings import Severity
from wardline.core.timeline import Timeline
from wardline.formats.fhir.outward.answers import CAPABILITY, resources_for
from wardline.formats.fhir.outward.imaging import study_of
from wardline.formats.fhir.outward.parts import OF_OURS, coded, id_of, patient, time_of
from wardline.formats.fhir.resources import Resource

ANSWERED: Final = frozenset({"finding", "at_least"})
EVENT: Final = f"{OF_OURS}:event"
"""System of the numbers of our events, by which an answer says what it stands on."""
ERROR: Final = "entered-in-error"
OVER: Final = {"DetectedIssue": "cancelled", "Flag": "inactive"}
"""How FHIR says that these were right and are over. A number that the newest answer does not have any more stands for nothing."""
NAMES: Final = {"Observation": "Answer"}


class Stand(NamedTuple):
    """One question at another server: which of our answers it has, about which moment, and which resources of it (and of the one before)."""

    event: int
    at: datetime
    recorded_at: datetime
    now: frozenset[str]
    before: frozenset[str]


class Standing:
    """A fold: what other servers have of each question. An answer about an earlier moment than the newest changes nothing there."""

    def __init__(self, wanted: Container[str]) -> None:
        self._wanted = wanted
        self._stands: dict[tuple[str, str, str], Stand] = {}

    def apply(self, event: Event) -> None:
        found: Found = event.value
        if found.capability not in self._wanted or (found.outcome not in ANSWERED and not found.revised):
            return
        question = (event.about, found.capability, found.key)
        known = self._stands.get(question)
        if known is not None and event.occurred_at < known.at:
            return
        before = known.now if known is not None else frozenset()
        if known is not None and known.recorded_at == event.recorded_at:
            before |= known.before  # one step may answer twice; only its last answer goes out, and clears up after all of them
        self._stands[question] = Stand(event.id, event.occurred_at, event.recorded_at, kinds_of(found), before)

    def of(self, event: Event) -> Stand | None:
        """None for an answer that is not the newest."""
        found: Found = event.value
        stand = self._stands.get((event.about, found.capability, found.key))
        return stand if stand is not None and stand.event == event.id else None

    def forget(self, records: Iterable[str]) -> None:
        gone = frozenset(records)
        self._stands = {question: stand for question, stand in self._stands.items() if question[0] not in gone}

    def dump(self) -> Any:
        return [
            [*question, stand.event, stand.at.isoformat(), stand.recorded_at.isoformat(), sorted(stand.now), sorted(stand.before)]
            for question, stand in self._stands.items()
        ]

    def load(self, state: Any) -> None:
        at = datetime.fromisoformat
        self._stands = {
            (about, capability, key): Stand(event, at(when), at(recorded), frozenset(now), frozenset(before))
            for about, capability, key, event, when, recorded, now, before in state or ()
        }


def resources_of_answer(event: Event, stand: Stand, timeline: Timeline, title: str) -> Iterator[Resource]:
    """What this answer says, and what is left of the answer before it."""
    found: Found = event.value
    if stand.now:
        because = [_stands_on(line) for line in found.because] + study_of(timeline, found)
        for resource in resources_for(timeline.about, event, because, title):
            if resource["resourceType"] in stand.now:
                yield _finished(resource, found)
    for type in sorted(stand.before - stand.now):
        yield _taken_back(type, event, timeline.about, title, OVER.get(type, ERROR) if stand.now else ERROR)


def kinds_of(found: Found) -> frozenset[str]:
    if found.outcome not in ANSWERED:
        return frozenset()
    kinds = {"RiskAssessment"}
    if isinstance(found.value, int | float) and not isinstance(found.value, bool):
        kinds.add("Observation")
    if found.severity >= Severity.MEDIUM:
        kinds.add("DetectedIssue")
    if found.severity >= Severity.HIGH:
        kinds.add("Flag")
    return frozenset(kinds)


def _stands_on(line: tuple[Any, ...]) -> dict[str, Any]:
    name, value, _, _, number = line
    said = {"display": f"{name.replace('_', ' ')}: {value}"}
    return {"identifier": {"system": EVENT, "value": str(number)}, **said} if number else said


def _finished(resource: Resource, found: Found) -> Resource:
    who = f"Wardline {found.capability} {found.version}"
    if resource["resourceType"] == "RiskAssessment":
        return {**resource, "performer": {"display": who}, **({"status": "corrected"} if found.revised and resource["status"] == "final" else {})}
    if resource["resourceType"] == "Observation":
        return {**resource, "device": {"display": who}, **({"status": "corrected"} if found.revised and resource["status"] == "final" else {})}
    return resource


def _taken_back(type: str, event: Event, about: str, title: str, status: str) -> Resource:
    """The least that a resource of this type must say."""
    found: Found = event.value
    code, at = coded(CAPABILITY, found.capability, title), time_of(event.occurred_at)
    said: dict[str, dict[str, Any]] = {
        "RiskAssessment": {"method": code, "subject": patient(about), "occurrenceDateTime": at},
        "Observation": {"code": code, "subject": patient(about), "effectiveDateTime": at},
        "DetectedIssue": {"code": code, "patient": patient(about), "identifiedDateTime": at},
        "Flag": {"code": code, "subject": patient(about), "period": {"end": at}},
    }
    id = id_of(about, NAMES.get(type, type), found.capability, found.key)
    return {"resourceType": type, "id": id, "status": status, **said[type]}
