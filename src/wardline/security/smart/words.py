"""Scopes in words, for the person who is asked: what an app wants to see or change, as colleagues would say it."""

from typing import Final, Literal, NamedTuple

from wardline.security.smart.scopes import ALL, Scope

Kind = Literal["read", "change", "who", "stay"]

CONTEXT: Final[dict[str, tuple[Kind, str]]] = {
    "openid": ("who", "Know who you are: your name and your account here"),
    "fhirUser": ("who", "Know your entry in the staff directory"),
    "launch": ("who", "Know which patient you opened it for"),
    "launch/patient": ("who", "Know which patient you choose"),
    "online_access": ("stay", "Go on until you sign out"),
    "offline_access": ("stay", "Go on for up to 30 days, also when you are not signed in"),
}
RESOURCES: Final = {
    "Patient": "name, date of birth and other details", "Encounter": "stays and where the patient is", "Observation": "measurements and results",
    "Condition": "problems and diagnoses", "AllergyIntolerance": "allergies", "MedicationRequest": "prescribed drugs",
    "MedicationAdministration": "drugs given", "MedicationStatement": "drugs taken", "DocumentReference": "notes and documents",
    "DiagnosticReport": "reports", "Immunization": "vaccinations", "Procedure": "operations and procedures", "ServiceRequest": "orders",
    "ImagingStudy": "images", "CareTeam": "who looks after the patient", "RiskAssessment": "scores", "DetectedIssue": "alerts",
    "Appointment": "appointments", "Practitioner": "the staff directory", "AuditEvent": "who looked at what", "Consent": "what patients have allowed",
}  # fmt: skip
WHOSE: Final = {"patient": "of this patient", "user": "of every patient that you may see", "system": "of every patient that it may see"}
CHANGES: Final = {"c": "add", "u": "change", "d": "delete"}


class Line(NamedTuple):
    """One scope as the person reads it."""

    scope: str
    kind: Kind
    words: str


def line_of(scope: Scope) -> Line:
    if not scope.level:
        return Line(scope.text, *CONTEXT[scope.text])
    what = "everything" if scope.resource == ALL else RESOURCES.get(scope.resource, f"entries of type {scope.resource}")
    acts = ["see"] * bool(set("rs") & set(scope.letters)) + [word for letter, word in CHANGES.items() if letter in scope.letters]
    # SMART App Launch 2.2, "Wildcard scopes": the person must know that this includes what is not there yet.
    said = f"{_listed(acts)} {what} {WHOSE[scope.level]}{', also what is added later' if scope.resource == ALL else ''}"
    return Line(scope.text, "change" if set("cud") & set(scope.letters) else "read", said[0].upper() + said[1:])


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
