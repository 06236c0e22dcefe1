"""What patients have consented to and what people have labelled, as the log says it: one fold, read at every look.

Kept by the record it was said about. Who is one person is asked anew at each look, so that joined records share what was said about
either, and parted ones do not.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import structlog

from wardline.core.consent import EMERGENCY, NORMAL, PATIENT, Consent, Mark, Provision, mark_of
from wardline.core.events import Consented, Erased, Event, Kept, Labelled, Value
from wardline.core.people import Person
from wardline.core.reactions import Memory
from wardline.core.timeline import Timeline
from wardline.formats.fhir import consent as fhir
from wardline.security.consent.deciding import asker, restricts, verdict
from wardline.security.consent.resources import Resolver, Sensitivity, nothing, sensitivity_of
from wardline.security.labels.facts import fact_of
from wardline.security.labels.table import Labels

log = structlog.get_logger()
ACTIVE: Final = "active"
Stance: TypeAlias = Literal["", "permit", "deny"]


class Given(NamedTuple):
    """One consent as it stands."""

    id: str
    about: str
    status: str
    recorded_at: datetime
    actor: str
    resource: str
    reason: str = ""

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE


class Said(NamedTuple):
    """What a person said about the sensitivity of one fact, or of the whole record."""

    about: str
    kind: str
    key: str
    labels: tuple[str, ...]
    reason: str
    actor: str
    at: datetime


def _consent(given: Given) -> Consent:
    """One that cannot be read forbids everything but emergencies: it may have forbidden anything, and damage takes back no refusal."""
    try:
        # What is kept was written by us, with an offset at every time: the zone is never asked for.
        return fhir.read(json.loads(given.resource) | {"status": ACTIVE}, UTC)
    except Exception as error:  # whatever is wrong with it: one bad consent must not break every look at the patient
        log.error("consent_damaged", consent=given.id, error=type(error).__name__)
        return Consent(given.about, Provision(permits=False), is_damaged=True)


class Restrictions(Memory):
    """A `Reaction` that only remembers."""

    name = "restrictions"

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self._consents: dict[str, dict[str, Given]] = {}
        self._said: dict[str, dict[tuple[str, str], Said]] = {}
        self._read: dict[tuple[str, str], Consent] = {}
        """Consents as they were read last, by their key and their text."""

    # --- what was said ---

    def given(self, records: Iterable[str]) -> list[Given]:
        """Every consent of these records, withdrawn ones too, the newest first."""
        all_of_them = [each for record in records for each in self._consents.get(record, {}).values()]
        return sorted(all_of_them, key=lambda each: (each.recorded_at, each.id), reverse=True)

    def consents(self, records: Iterable[str]) -> list[Consent]:
        """Those that count."""
        return [self.read(each) for record in records for each in self._consents.get(record, {}).values() if each.is_active]

    def said(self, records: Iterable[str]) -> list[Said]:
        """What people have labelled."""
        return sorted((each for record in records for each in self._said.get(record, {}).values()), key=lambda each: each.at, reverse=True)

    def read(self, given: Given) -> Consent:
        known = self._read.get((given.id, given.resource))
        if known is None:
            known = self._read[given.id, given.resource] = _consent(given)
        return known

    def concerns(self, records: Iterable[str]) -> bool:
        """Whether anybody has said anything about one of these records."""
        return any(record in self._consents or record in self._said for record in records)

    def stance(self, who: Person, records: tuple[str, ...], label: str, now: datetime, *, emergency: bool) -> Stance:
        """What these patients' consents say about somebody seeing this: a label ("HIV/Observation"), or the record as a whole ("")."""
        consents = self.consents(records)
        if not consents:
            return ""
        asking = asker(who, EMERGENCY if emergency else who.purpose)
        marks = [mark_of(label)] if label else self.record_marks(records)
        said = {verdict(consents, mark, self.labels.confidentiality(mark.label), asking, now) for mark in marks}
        return "deny" if False in said else "permit" if True in said else ""

    def restricts(self, records: tuple[str, ...], mark: Mark, now: datetime) -> bool:
        """Whether it must be left out of what everybody sees at once."""
        confidentiality = self.labels.confidentiality(mark.label)
        return mark.label != NORMAL or any(restricts(consent, mark, confidentiality, now) for consent in self.consents(records))

    # --- what it means for facts ---

    def labels_of(self, event: Event, records: tuple[str, ...]) -> frozenset[str]:
        """By the list and by what people said: of measurements the whole kind, of an order its doses too."""
        labels = self.labels.of(event)
        if any(record in self._said for record in records) and (fact := fact_of(event)) is not None:
            said = (self._said.get(record, {}).get((fact.kind, fact.key)) for record in records)
            return labels.union(*(each.labels for each in said if each is not None))
        return labels

    def sensitivity(self, kept: Kept, resolve: Resolver = nothing, stated: Iterable[Value] | None = None) -> Sensitivity:
        """What the list says of a resource, and under what names people can label it; kept beside it, so that it is read once."""
        return sensitivity_of(kept, self.labels, resolve, stated)

    def marks_of_resource(self, sensitivity: Sensitivity, records: tuple[str, ...]) -> set[Mark]:
        """What has to be asked before a resource is shown: for each kind of fact that it states."""
        labels = set(sensitivity.labels)
        if any(record in self._said for record in records):
            said = (self._said.get(record, {}).get(fact) for record in records for fact in sensitivity.facts)
            labels = labels.union(*(each.labels for each in said if each is not None))
        return {Mark(label, kind) for kind, _ in sensitivity.facts for label in labels or (NORMAL,)}

    def marks_of(self, event: Event, records: tuple[str, ...]) -> Iterator[Mark]:
        """What has to be asked before this fact is shown; nothing for what is not a fact about the course."""
        if isinstance(event.value, Kept):
            yield from self.marks_of_resource(self.sensitivity(event.value), records)
            return
        fact = fact_of(event)
        if fact is not None:
            labels = self.labels_of(event, records)
            yield from (Mark(label, fact.kind) for label in labels or (NORMAL,))

    def marks(self, timeline: Timeline, records: tuple[str, ...]) -> set[Mark]:
        """Everything that has to be asked before this patient is shown as a whole. Empty for most patients, and then cheap."""
        if self.concerns(records):
            return {mark for event in timeline.stated() for mark in self.marks_of(event, records)} | self.record_marks(records)
        return {mark for event in timeline.stated() if self.labels.of(event) for mark in self.marks_of(event, records)}

    def record_marks(self, records: tuple[str, ...]) -> set[Mark]:
        """What has to be asked before anything of the record is shown."""
        if not self.concerns(records):
            return set()
        said = (self._said.get(record, {}).get((PATIENT, "")) for record in records)
        return {Mark(NORMAL, PATIENT), *(Mark(label, PATIENT) for each in said if each is not None for label in each.labels)}

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case Consented(consent=id, status=status, resource=resource, reason=reason):
                before = self._consents.get(event.about, {}).get(id)
                text = resource or (before.resource if before is not None else "")
                at, actor = event.recorded_at, event.actor
                if before is not None and not resource:
                    at, actor = before.recorded_at, before.actor
                self._consents.setdefault(event.about, {})[id] = Given(id, event.about, status, at, actor, text, reason)
            case Labelled(kind=kind, key=key, labels=labels, reason=reason):
                said = self._said.setdefault(event.about, {})
                said[kind, key] = Said(event.about, kind, key, labels, reason, event.actor, event.recorded_at)
                if not labels:
                    del said[kind, key]
            case Erased(records=records):
                for record in records:
                    self._said.pop(record, None)
                    for id in self._consents.pop(record, {}):
                        self._read = {key: read for key, read in self._read.items() if key[0] != id}
            case _:
                pass

    def dump(self) -> Any:
        consents = [tuple(each) for record in sorted(self._consents) for _, each in sorted(self._consents[record].items())]
        said = [tuple(each) for record in sorted(self._said) for _, each in sorted(self._said[record].items())]
        return [consents, said]

    def load(self, state: Any) -> None:
        self._consents, self._said, self._read = {}, {}, {}
        consents, said = state or ((), ())
        for id, about, *rest in consents:
            self._consents.setdefault(about, {})[id] = Given(id, about, *rest)
        for about, kind, key, labels, *rest in said:
            self._said.setdefault(about, {})[kind, key] = Said(about, kind, key, tuple(labels), *rest)
