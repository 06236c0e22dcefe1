"""A FHIR R4 Consent, read and written: who may see what, in the form other systems exchange it in.

Only privacy consents are read, and only what can be enforced here. A part that is not understood is refused by its path: a rule
that is kept and not obeyed would be worse than one that was never taken (http://hl7.org/fhir/R4/consent.html).
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, Final

from wardline.core.consent import Actor, ActorKind, Consent, Provision
from wardline.formats.fhir.elements import Element, code_of, codes_of, coding, concept, each, moment_of, only, reference_of, refused, text_of

SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
PRIVACY: Final = "patient-privacy"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
DISCLOSURE: Final = "IDSCL"
"""Category: information disclosure."""
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
ACTION: Final = "http://terminology.hl7.org/CodeSystem/consentaction"
PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
RECIPIENT: Final = "PRCP"
"""Primary information recipient."""
KINDS: Final = "http://hl7.org/fhir/resource-types"
ACTORS: Final[dict[str, ActorKind]] = {"Practitioner": "person", "Organization": "unit", "PractitionerRole": "role", "Device": "program"}
"""How an actor's reference is read: an account, a unit, a role of this house, a program."""
_REFERENCES: Final = {kind: name for name, kind in ACTORS.items()}
BASE: Final[dict[str, bool | None]] = {"OPTIN": None, "OPTOUT": False}
"""policyRule: what holds where no provision says otherwise. Opting in leaves it to the house's own rules."""
_CONSENT: Final = (
    "resourceType", "meta", "text", "status", "scope", "category", "patient", "dateTime", "performer", "policy", "policyRule", "provision",
    "sourceAttachment",
)  # fmt: skip
_PROVISION: Final = ("type", "period", "actor", "action", "securityLabel", "purpose", "class", "provision")
DEEPEST: Final = 5
"""Exceptions of exceptions; deeper than that nobody can say what a rule means."""


def read(resource: Element, zone: tzinfo) -> Consent:
    """Raises `Refused` naming the part that is wrong or not understood."""
    only(resource, _CONSENT, "Consent")
    if resource.get("resourceType") != "Consent":
        raise refused("resourceType", "is Consent")
    if resource.get("status") != "active":
        raise refused("status", "is active; a consent that does not count yet, or no longer, is not recorded")
    if PRIVACY not in codes_of(resource.get("scope") or {}, "scope", [SCOPE]):
        raise refused("scope", f"is {PRIVACY}: other consents are not kept here")
    kind, patient = reference_of(resource.get("patient") or {}, "patient")
    if kind != "Patient":
        raise refused("patient", "is a Patient")
    stated = text_of(resource, "dateTime", "Consent")
    return Consent(
        patient, _root(resource, zone), moment_of(stated, "dateTime", zone) if stated else None, _performer(resource), _text(resource),
    )  # fmt: skip


def _root(resource: Element, zone: tzinfo) -> Provision:
    """The outermost rule. Where it does not say its type, the policy it stands on does (constraint ppc-1: one of them must)."""
    base: bool | None = None
    if "policyRule" in resource:
        codes = codes_of(resource["policyRule"], "policyRule", [ACT_CODE])
        if not codes <= BASE.keys():
            raise refused("policyRule", f"is {' or '.join(BASE)}")
        base = False if any(BASE[code] is False for code in codes) else None
    elif "type" not in (resource.get("provision") or {}):
        raise refused("provision.type", "says whether this permits or denies; or policyRule says OPTIN or OPTOUT")
    root = _provision(resource.get("provision") or {}, "provision", zone, base)
    if root.permits is None and not root.exceptions:
        raise refused("provision", "neither permits nor denies anything")
    return root


def _provision(element: Element, where: str, zone: tzinfo, base: bool | None = None, depth: int = 0) -> Provision:
    only(element, _PROVISION, where)
    if depth > DEEPEST:
        raise refused(where, "is an exception of too many exceptions; say it with fewer")
    kind = element.get("type")
    if kind not in ("permit", "deny") and (depth or kind is not None):
        raise refused(f"{where}.type", "is permit or deny")
    period = only(element.get("period") or {}, ("start", "end"), f"{where}.period")
    return Provision(
        permits=kind == "permit" if kind is not None else base,
        labels=frozenset(code_of(part, path, [ACT_CODE, CONFIDENTIALITY]) for path, part in each(element, "securityLabel", where)),
        kinds=frozenset(code_of(part, path, [KINDS]) for path, part in each(element, "class", where)),
        actors=tuple(_actor(part, path) for path, part in each(element, "actor", where)),
        actions=frozenset(code for path, part in each(element, "action", where) for code in codes_of(part, path, [ACTION])),
        purposes=frozenset(code_of(part, path, [REASON]) for path, part in each(element, "purpose", where)),
        starts_at=_moment(period, "start", where, zone),
        ends_at=_moment(period, "end", where, zone),
        exceptions=tuple(_provision(part, path, zone, depth=depth + 1) for path, part in each(element, "provision", where)),
    )


def _moment(period: Element, name: str, where: str, zone: tzinfo) -> datetime | None:
    text = text_of(period, name, f"{where}.period")
    return moment_of(text, f"{where}.period.{name}", zone, end=name == "end") if text else None


def _actor(element: Element, where: str) -> Actor:
    only(element, ("role", "reference"), where)
    kind, id = reference_of(element.get("reference") or {}, f"{where}.reference")
    if kind not in ACTORS:
        raise refused(f"{where}.reference", f"is one of {', '.join(ACTORS)}")
    return Actor(ACTORS[kind], id)


def _performer(resource: Element) -> str:
    said = (text_of(part, "display", path) or text_of(part, "reference", path) for path, part in each(resource, "performer", "Consent"))
    return ", ".join(part for part in said if part)


def _text(resource: Element) -> str:
    return text_of(resource.get("sourceAttachment") or {}, "title", "sourceAttachment")


# --- writing ---


def write(consent: Consent, *, id: str = "", status: str = "active") -> dict[str, Any]:
    """The resource that says the same."""
    root = consent.provision
    written: dict[str, Any] = {
        "resourceType": "Consent", "id": id, "status": status, "scope": concept(SCOPE, PRIVACY), "category": [concept(ACT_CODE, DISCLOSURE)],
        "patient": {"reference": f"Patient/{consent.patient}"}, "dateTime": _said(consent.stated_at),
        "performer": [{"display": consent.performer}] if consent.performer else None,
        "sourceAttachment": {"title": consent.text} if consent.text else None,
        "policyRule": concept(ACT_CODE, "OPTIN") if root.permits is None else None,
        "provision": _written(root),
    }  # fmt: skip
    return {name: value for name, value in written.items() if value}


def _written(provision: Provision) -> dict[str, Any]:
    period = {"start": _said(provision.starts_at), "end": _said(provision.ends_at)}
    written: dict[str, Any] = {
        "type": None if provision.permits is None else "permit" if provision.permits else "deny",
        "period": {name: value for name, value in period.items() if value},
        "actor": [
            {"role": concept(PARTICIPATION, RECIPIENT), "reference": {"reference": f"{_REFERENCES[actor.kind]}/{actor.id}"}}
            for actor in provision.actors
        ],
        "action": [concept(ACTION, code) for code in sorted(provision.actions)],
        "securityLabel": [coding(system, code) for code, system in _labels(provision)],
        "purpose": [coding(REASON, code) for code in sorted(provision.purposes)],
        "class": [coding(KINDS, code) for code in sorted(provision.kinds)],
        "provision": [_written(each) for each in provision.exceptions],
    }  # fmt: skip
    return {name: value for name, value in written.items() if value}


def _labels(provision: Provision) -> Iterator[tuple[str, str]]:
    for code in sorted(provision.labels):
        yield code, CONFIDENTIALITY if code in ("U", "L", "M", "N", "R", "V") else ACT_CODE


def _said(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else ""
