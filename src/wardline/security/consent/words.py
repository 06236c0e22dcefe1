"""A consent in plain language: what a patient, a nurse and a lawyer all read the same way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from wardline.core.consent import EMERGENCY, Actor, Consent, Provision
from wardline.security.labels.table import Label

KINDS: Final = {
    "Observation": "results and measurements", "Condition": "diagnoses", "AllergyIntolerance": "allergies", "MedicationRequest": "drugs",
    "ServiceRequest": "orders", "DocumentReference": "notes and documents", "Appointment": "appointments", "Encounter": "reasons for stays",
    "Patient": "the record as a whole",
}  # fmt: skip
PURPOSES: Final = {
    "TREAT": "treatment", "ETREAT": "emergency treatment", EMERGENCY: "an emergency", "HPAYMT": "payment", "HRESCH": "research",
    "HOPERAT": "running the hospital", "PUBHLTH": "public health",
}  # fmt: skip
"""Codes of HL7 v3 PurposeOfUse. Their names but for TREAT, ETREAT and HPAYMT are from memory."""
CONFIDENTIALITIES: Final = {"R": "anything restricted", "V": "anything very restricted", "N": "anything that is not sensitive"}
Names = Callable[[Actor], str]


def sentences(consent: Consent, labels: Mapping[str, Label], name_of: Names) -> tuple[str, ...]:
    """One sentence for each rule and each of its exceptions."""
    return tuple(_rule(consent.provision, labels, name_of, is_exception=False))


def _rule(rule: Provision, labels: Mapping[str, Label], name_of: Names, *, is_exception: bool) -> Iterator[str]:
    if rule.permits is not None:
        who, what = _who(rule.actors, name_of), _what(rule, labels)
        if rule.permits:
            said = f"{who or 'everybody'} may see {what}"
        else:
            said = f"{who} may not see {what}" if who else f"nobody may see {what}"
        said += f" for {_listed(PURPOSES.get(each, each) for each in sorted(rule.purposes))}" if rule.purposes else ""
        yield f"Except: {said}." if is_exception else f"{said[0].upper()}{said[1:]}."
    for each in rule.exceptions:
        yield from _rule(each, labels, name_of, is_exception=rule.permits is not None)


def _who(actors: Iterable[Actor], name_of: Names) -> str:
    return _listed(name_of(actor) for actor in actors)


def _what(rule: Provision, labels: Mapping[str, Label]) -> str:
    kinds = _listed(KINDS.get(kind, kind) for kind in sorted(rule.kinds))
    titles = (CONFIDENTIALITIES.get(code) or (_inside(labels[code].title) if code in labels else code) for code in sorted(rule.labels))
    about = _listed(titles)
    if not about:
        return kinds or "anything in the record"
    return f"{kinds} about {about}" if kinds else about


def _inside(title: str) -> str:
    """A title inside a sentence: "mental health", but "HIV"."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _listed(parts: Iterable[str]) -> str:
    """ "a, b and c" """
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def holds_in_emergencies(rule: Provision) -> bool:
    """Whether any denial stands even when somebody breaks the glass."""
    return (rule.permits is False and EMERGENCY in rule.purposes) or any(holds_in_emergencies(each) for each in rule.exceptions)
