"""Scopes: what an app may ask for, and whether what it was given covers what it wants to do.

The grammar is that of SMART App Launch 2.2, "Scopes for requesting clinical data": `patient/Observation.rs`, with the letters of
`cruds` in this order, and version 1 (`.read`, `.write`, `.*`) in its place. Scopes with search parameters (`?category=...`) are not
given: nothing here could hold an app to them, and a scope that promises less than it opens is worse than none.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

CONTEXT: Final = ("openid", "fhirUser", "launch", "launch/patient", "online_access", "offline_access")
"""Scopes about who and where, not about data."""
LEVELS: Final = ("patient", "user", "system")
ALL: Final = "*"
# SMART App Launch 2.2, "Scopes for requesting clinical data": what version 1 means in version 2.
VERSION_1: Final = {"read": "rs", "write": "cud", "*": "cruds"}
_DATA: Final = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]{1,63})\.(?:(read|write|\*)|(?=[cruds])(c?r?u?d?s?))")

Need = tuple[str, str]
"""A FHIR resource type, and one letter of `cruds`."""

CHART: Final = (
    "Patient", "Encounter", "Observation", "Condition", "AllergyIntolerance", "MedicationRequest", "MedicationAdministration",
    "DocumentReference", "RiskAssessment", "DetectedIssue",
)  # fmt: skip
"""What our own pages about a patient are made of. They show all of it at once, so an app needs all of it to read them."""

RESOURCES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "patient.read": (CHART, "r"),
    "patient.chart": (CHART, "r"),
    "imaging.read": (("ImagingStudy",), "r"),
    "patient.assign": (("CareTeam",), "u"),
    "alert.act": (("DetectedIssue",), "u"),
    "consent.read": (("Consent",), "r"),
    "audit.read": (("AuditEvent",), "r"),
}
"""Our actions as FHIR resource types and a letter; reading many is searching (`s`). What does not stand here is closed to every app:
also facts with a label of sensitivity (`label.read`), for which SMART has no scope that a person could leave or take away."""
SEARCHED: Final = {"r": "s"}
FHIR: Final = "fhir."
"""Beginning of the actions at the FHIR door, where every resource is held against the scopes by its own type."""


class Scope(NamedTuple):
    """One scope. `text` is as it was asked for: it is answered in the same words (version 1 for version 1)."""

    text: str
    level: str = ""
    """ "patient", "user", "system"; empty for scopes about context."""
    resource: str = ""
    letters: str = ""


def parsed(text: str) -> Scope | None:
    """None for what is no scope here. Letters out of order are none: `.read` must never be taken for `.r...d`."""
    if text in CONTEXT:
        return Scope(text)
    match = _DATA.fullmatch(text)
    if match is None:
        return None
    level, resource, old, letters = match.groups()
    return Scope(text, level, resource, VERSION_1[old] if old else letters)


def read(text: str) -> tuple[Scope, ...]:
    """The scopes in a `scope` parameter, each once; what is none is left out, as RFC 6749 3.3 lets a server do."""
    return tuple(scope for each in dict.fromkeys(text.split()) if (scope := parsed(each)) is not None)


def within(scope: Scope, registered: Iterable[Scope]) -> bool:
    """Whether this scope asks for nothing beyond those."""
    if not scope.level:
        return any(each.text == scope.text for each in registered)
    return all(any(_opens(each, scope.level, scope.resource, letter) for each in registered) for letter in scope.letters)


@lru_cache(maxsize=10_000)
def still(given: tuple[str, ...], registered: tuple[str, ...]) -> tuple[str, ...]:
    """What is left of scopes that were given when the app may ask for no more than these now."""
    known = [scope for text in registered if (scope := parsed(text)) is not None]
    return tuple(text for text in given if (scope := parsed(text)) is not None and within(scope, known))


def covers(scopes: Iterable[str], action: str, patient: str, about: str) -> bool:
    """Whether an app with these scopes may do this; a person's role has to allow it as well.

    `patient` is the record the app was launched for, `about` the one it asks about ("" or "unit/..." for many at once): patient
    scopes reach that one record, user and system scopes whatever the person or the service may reach.
    """
    is_many = not about or about.startswith("unit/")
    return _covers(frozenset(scopes), action, is_many, bool(patient) and about == patient)


@lru_cache(maxsize=10_000)
def _covers(scopes: frozenset[str], action: str, is_many: bool, is_own: bool) -> bool:
    """Remembered, because a list asks this for every line."""
    known = RESOURCES.get(action)
    if action.startswith(FHIR):
        given = [scope for each in scopes if (scope := parsed(each)) is not None]
        return any(scope.level and (scope.level != "patient" or is_own or is_many) for scope in given)
    if known is None:
        return False
    resources, letter = known
    letter = SEARCHED.get(letter, letter) if is_many else letter
    given = [scope for each in scopes if (scope := parsed(each)) is not None]
    levels = [level for level in LEVELS if level != "patient" or is_own]
    return all(any(_opens(scope, level, resource, letter) for scope in given for level in levels) for resource in resources)


@lru_cache(maxsize=10_000)
def opens(scopes: frozenset[str], resource: str, letter: str, *, is_own: bool) -> bool:
    """Whether an app with these scopes may read (`r`), search (`s`), create, update or delete resources of this type.

    `is_own`: it is about the record the app was launched for, or about no patient at all.
    """
    given = [scope for each in scopes if (scope := parsed(each)) is not None]
    return any(_opens(scope, level, resource, letter) for scope in given for level in LEVELS if level != "patient" or is_own)


def _opens(scope: Scope, level: str, resource: str, letter: str) -> bool:
    return scope.level == level and scope.resource in (resource, ALL) and letter in scope.letters
