"""FHIR resources as a quality measure reads them: when something happened, to whom, and how old she was."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.errors import Refused

Resource: TypeAlias = Mapping[str, Any]
Resources: TypeAlias = Mapping[str, tuple[Resource, ...]]
"""FHIR resources of one patient by type."""
ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
NEVER: Final = datetime.max.replace(tzinfo=UTC)
ACTIVE: Final = frozenset({"active", "recurrence", "relapse"})
DISMISSED: Final = frozenset({"refuted", "entered-in-error"})


class Interval(NamedTuple):
    """From a moment to a moment, both included."""

    start: datetime
    end: datetime

    def has(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at <= self.end

    def has_day(self, at: datetime | None) -> bool:
        """By calendar days, as each time was written."""
        return at is not None and self.start.date() <= at.date() <= self.end.date()

    def overlaps_days(self, other: "Interval") -> bool:
        return self.start.date() <= other.end.date() and other.start.date() <= self.end.date()

    @property
    def nights(self) -> int:
        """Calendar days between its days."""
        return (self.end.date() - self.start.date()).days


def measurement_period(text: str) -> Interval:
    """A year ("2026") or two days ("2026-01-01/2026-06-30"), whole days. Raises `Refused`."""
    first, _, last = text.strip().partition("/")
    if not last and len(first) == 4 and first.isdigit():
        first, last = f"{first}-01-01", f"{first}-12-31"
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise Refused('period is a year ("2026") or two days ("2026-01-01/2026-06-30")', code="period", where="period") from None
    if end < start:
        raise Refused("the period ends before it starts", code="period", where="period")
    return Interval(datetime(start.year, start.month, start.day, tzinfo=UTC), datetime(end.year, end.month, end.day, 23, 59, 59, 999999, tzinfo=UTC))


def moment(text: Any) -> datetime | None:
    """A FHIR dateTime; a day counts from its beginning, a time without an offset as UTC. None where there is none."""
    if not isinstance(text, str) or len(text) < 4:
        return None
    try:
        at = datetime.fromisoformat(text if len(text) > 7 else f"{text}-01-01"[:10])
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def interval(value: Any) -> Interval | None:
    """A FHIR Period or dateTime. A period without an end has not ended; without a beginning there is nothing to compare."""
    if isinstance(value, Mapping):
        start, end = moment(value.get("start")), moment(value.get("end"))
        return Interval(start, end or NEVER) if start else None
    at = moment(value)
    return Interval(at, at) if at else None


def when(resource: Resource, element: str) -> Interval | None:
    """A timing in either of FHIR's forms: "effective" is effectiveDateTime, effectivePeriod or effectiveInstant."""
    for form in ("DateTime", "Period", "Instant"):
        if element + form in resource:
            return interval(resource[element + form])
    return None


def prevalence(condition: Resource) -> Interval | None:
    """When a condition was there. Without an onset it always was; one that is over and does not say since when is known only at its onset."""
    onset = when(condition, "onset")
    start = onset.start if onset else ALWAYS
    abatement = when(condition, "abatement")
    if abatement:
        return Interval(start, abatement.end)
    if code_of(condition.get("clinicalStatus")) in ACTIVE:
        return Interval(start, NEVER)
    return Interval(onset.start, onset.start) if onset else None


def is_held(condition: Resource) -> bool:
    """Whether anybody stands by it."""
    return code_of(condition.get("verificationStatus")) not in DISMISSED


def code_of(concept: Any) -> str:
    """The first code of a CodeableConcept; "" where there is none."""
    codings = concept.get("coding") if isinstance(concept, Mapping) else None
    return str(codings[0].get("code", "")) if codings else ""


def codes_of(concept: Any) -> frozenset[str]:
    """Every code of a CodeableConcept: one thing may be coded in several systems."""
    codings = concept.get("coding") if isinstance(concept, Mapping) else None
    return frozenset(str(coding.get("code", "")) for coding in codings or ())


def categories(resource: Resource) -> frozenset[str]:
    return frozenset(str(coding.get("code")) for category in resource.get("category", ()) for coding in category.get("coding", ()))


def medication(resource: Resource, resources: Resources) -> Any:
    """The drug of an order or a dose as a CodeableConcept, also where it is another resource."""
    stated = resource.get("medicationCodeableConcept")
    if stated is not None:
        return stated
    wanted = str(resource.get("medicationReference", {}).get("reference", "")).rpartition("/")[2].lstrip("#")
    known = (*resource.get("contained", ()), *resources.get("Medication", ()))
    return next((each.get("code") for each in known if wanted and each.get("id") == wanted), None)


def referred(reference: Any, resources: Resources) -> Resource | None:
    """The resource of this patient that a reference names."""
    type, _, id = str(reference.get("reference", "") if isinstance(reference, Mapping) else "").rpartition("/")
    kind = type.rpartition("/")[2]
    return next((each for each in resources.get(kind, ()) if each.get("id") == id), None)


def age_at(resources: Resources, at: datetime) -> int | None:
    """Completed years on a day; None where no birth date is known to the day."""
    born = str(next((patient.get("birthDate", "") for patient in resources.get("Patient", ())), ""))
    if len(born) != 10:
        return None
    birth = date.fromisoformat(born)
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))


def ordered(resources: Resources, type: str) -> Iterator[Resource]:
    """Of one type in an order that does not depend on how they arrived."""
    return iter(sorted(resources.get(type, ()), key=lambda each: str(each.get("id", ""))))


HOUR: Final = timedelta(hours=1)
