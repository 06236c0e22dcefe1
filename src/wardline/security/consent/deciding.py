"""May this person see this kind of information about this patient? What the patient has said decides, then the house's own rule.

Denials override: one consent that forbids is enough. Inside a consent the innermost rule that matches counts, as FHIR's provisions
are exceptions of the one around them. In an emergency only a denial that names the emergency itself holds: who broke the glass has
said why, and it is looked into afterwards.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from wardline.core.consent import EMERGENCY, Actor, Consent, Mark, Provision
from wardline.core.people import Person

LOOKING: Final = frozenset({"access", "use"})
"""Codes of FHIR's consentaction: what a person at a screen does. A message to another system would be "disclose"."""


class Asker(NamedTuple):
    """Whoever wants to see: a person, a program acting for one, or a system that something is sent to."""

    actors: frozenset[Actor]
    purpose: str
    actions: frozenset[str] = LOOKING


def asker(who: Person, purpose: str = "") -> Asker:
    actors = {Actor("person", who.id), *(Actor("role", role) for role in who.roles), *(Actor("unit", unit) for unit in who.units)}
    if who.client:
        actors.add(Actor("program", who.client))
    return Asker(frozenset(actors), purpose or who.purpose)


def verdict(consents: Iterable[Consent], mark: Mark, confidentiality: str, who: Asker, now: datetime) -> bool | None:
    """Whether the patient permits it (True) or forbids it (False); None where they have said nothing about it."""
    said = {_said(consent.provision, mark, confidentiality, who, now) for consent in consents}
    return False if False in said else True if True in said else None


def _said(rule: Provision, mark: Mark, confidentiality: str, who: Asker, now: datetime) -> bool | None:
    """What a rule says, its exceptions first; None when it is not about this."""
    if not _matches(rule, mark, confidentiality, who, now):
        return None
    inner = {_said(each, mark, confidentiality, who, now) for each in rule.exceptions}
    if False in inner:
        return False
    if True in inner:
        return True
    is_lifted = rule.permits is False and who.purpose == EMERGENCY and EMERGENCY not in rule.purposes
    return None if is_lifted else rule.permits


def _matches(rule: Provision, mark: Mark, confidentiality: str, who: Asker, now: datetime) -> bool:
    return (
        (rule.starts_at is None or rule.starts_at <= now)
        and (rule.ends_at is None or now <= rule.ends_at)
        and (not rule.labels or mark.label in rule.labels or confidentiality in rule.labels)
        and (not rule.kinds or mark.kind in rule.kinds or (not mark.kind and not rule.permits))
        and (not rule.actors or not who.actors.isdisjoint(rule.actors))
        and (not rule.actions or not who.actions.isdisjoint(rule.actions))
        and (not rule.purposes or who.purpose in rule.purposes)
    )


def restricts(consent: Consent, mark: Mark, confidentiality: str, now: datetime) -> bool:
    """Whether it forbids this to anybody at all: what is shown to everybody at once must leave it out."""
    return _restricts(consent.provision, mark, confidentiality, now)


def _restricts(rule: Provision, mark: Mark, confidentiality: str, now: datetime) -> bool:
    anybody = rule._replace(actors=(), actions=frozenset(), purposes=frozenset())
    if not _matches(anybody, mark, confidentiality, Asker(frozenset(), ""), now):
        return False
    return rule.permits is False or any(_restricts(each, mark, confidentiality, now) for each in rule.exceptions)
