"""The course of care besides measurements, as a capability sees it: drugs, diagnoses, allergies, procedures, vaccinations.

An event that has no id is a draft: an order that somebody is about to sign and asks about first.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.codings import Coding, codings, system_of
from wardline.core.diseases import Disease
from wardline.core.events import TAKEN_BACK, Administered, Allergic, Diagnosed, Event, EventId, Immunised, Ordered, Performed

MEDICATION: Final = "medication"
STOPS: Final = frozenset({"CA", "CR", "DC", "DR", "OC", "OD"})
"""HL7 table 0119, ORC-1: codes that end an order."""
ENDED: Final = STOPS | {"UA", "DE", "CM", "completed", "cancelled", "stopped", "revoked", "entered-in-error"}
"""The order does not run (any more): those, one that was not accepted (UA, DE), "complete" of table 0038, and FHIR's words.

What is held (HD, on-hold) still counts.
"""
NOT_DONE: Final = frozenset({"not-done", "entered-in-error", TAKEN_BACK})
RESOLVED: Final = frozenset({"resolved", "inactive", "remission"})


class Medication(NamedTuple):
    """A drug somebody takes or is about to be given. `code` as received ("11289^warfarin^RXNORM"); `order` its number."""

    what: str
    code: str = ""
    dose: str = ""
    route: str = ""
    frequency: str = ""
    since: datetime | None = None
    order: str = ""
    event: EventId = 0

    @property
    def codings(self) -> tuple[Coding, ...]:
        return codings(self.code)

    @property
    def is_draft(self) -> bool:
        return self.event == 0


class Given(NamedTuple):
    """One dose that was given."""

    what: str
    code: str
    dose: str
    route: str
    at: datetime
    event: EventId = 0

    @property
    def codings(self) -> tuple[Coding, ...]:
        return codings(self.code)


class Condition(NamedTuple):
    """A diagnosis or problem."""

    code: str
    system: str = ""
    text: str = ""
    since: datetime | None = None
    is_resolved: bool = False
    event: EventId = 0

    @property
    def coding(self) -> Coding:
        return Coding(self.code, system_of(self.system))


class Allergy(NamedTuple):
    """An allergy or intolerance. `code` as received."""

    text: str
    code: str = ""
    reaction: str = ""
    severity: str = ""
    category: str = ""
    event: EventId = 0

    @property
    def codings(self) -> tuple[Coding, ...]:
        return codings(self.code)


class Procedure(NamedTuple):
    """Something that was done to the patient."""

    what: str
    code: str
    at: datetime
    ended_at: datetime | None = None
    event: EventId = 0

    @property
    def codings(self) -> tuple[Coding, ...]:
        return codings(self.code)


class Vaccination(NamedTuple):
    """A vaccine dose that was given. `code` as received, with its CVX code."""

    what: str
    code: str
    at: datetime
    event: EventId = 0

    @property
    def codings(self) -> tuple[Coding, ...]:
        return codings(self.code)


def running_medications(orders: Iterable[Event], as_of: datetime) -> tuple[Medication, ...]:
    """Drugs ordered and not stopped, the oldest order first."""
    found = []
    for event in orders:
        ordered: Ordered = event.value
        if ordered.category == MEDICATION and ordered.what and ordered.status not in ENDED and event.occurred_at <= as_of:
            since = ordered.starts_at or event.occurred_at
            found.append(
                Medication(ordered.what, ordered.code, ordered.dose, ordered.route, ordered.frequency, since, ordered.order, event.id)
            )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.since or as_of, each.order)))


def doses_given(administered: Iterable[Event], as_of: datetime, within: timedelta) -> tuple[Given, ...]:
    found = []
    for event in administered:
        dose: Administered = event.value
        if dose.status not in NOT_DONE and event.occurred_at <= as_of and as_of - event.occurred_at <= within:
            found.append(Given(dose.what, dose.code, dose.dose, dose.route, event.occurred_at, event.id))
    return tuple(found)


def conditions_of(diagnoses: Iterable[Event], as_of: datetime) -> tuple[Condition, ...]:
    """Diagnoses and problems as stated, resolved ones marked."""
    return tuple([_condition(event) for event in diagnoses if event.occurred_at <= as_of])


def _condition(event: Event) -> Condition:
    diagnosed: Diagnosed = event.value
    return Condition(diagnosed.code, diagnosed.system, diagnosed.text, event.occurred_at, diagnosed.status in RESOLVED, event.id)


def condition_naming(conditions: Iterable[Condition], diseases: tuple[Disease, ...], as_of: datetime) -> Condition | None:
    """The first unresolved condition that names one of the diseases."""
    for condition in conditions:
        for disease in diseases:
            is_past = disease.within_days is not None and condition.since is not None and as_of - condition.since > timedelta(disease.within_days)
            if not condition.is_resolved and not is_past and disease.includes(condition.code, condition.system):
                return condition
    return None


def allergies_of(allergies: Iterable[Event], as_of: datetime) -> tuple[Allergy, ...]:
    return tuple(_allergies(allergies, as_of))


def _allergies(allergies: Iterable[Event], as_of: datetime) -> Iterator[Allergy]:
    for event in allergies:
        allergic: Allergic = event.value
        if event.occurred_at <= as_of:
            yield Allergy(allergic.text, allergic.code, allergic.reaction, allergic.severity, allergic.category, event.id)


def procedures_done(performed: Iterable[Event], as_of: datetime, within: timedelta) -> tuple[Procedure, ...]:
    return tuple(_procedures(performed, as_of, within))


def _procedures(performed: Iterable[Event], as_of: datetime, within: timedelta) -> Iterator[Procedure]:
    for event in performed:
        done: Performed = event.value
        if done.status not in NOT_DONE and event.occurred_at <= as_of and as_of - event.occurred_at <= within:
            yield Procedure(done.what, done.code, event.occurred_at, done.ended_at, event.id)


def vaccinations_given(immunised: Iterable[Event], as_of: datetime) -> tuple[Vaccination, ...]:
    return tuple(_vaccinations(immunised, as_of))


def _vaccinations(immunised: Iterable[Event], as_of: datetime) -> Iterator[Vaccination]:
    for event in immunised:
        dose: Immunised = event.value
        if dose.status not in NOT_DONE and event.occurred_at <= as_of:
            yield Vaccination(dose.what, dose.code, event.occurred_at, event.id)
