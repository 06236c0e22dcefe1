"""What an EHR sends when it calls a service, read into what is needed of it. Raises `Refused` naming the field that is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused
from wardline.formats.cds_hooks.hooks import Hook
from wardline.formats.fhir.elements import Element
from wardline.formats.fhir.facts import subject_of, unpacked
from wardline.formats.fhir.parts import said

DEEPEST: Final = 8
MOST_PROPOSALS: Final = 50
"""Drafts of one call. Every two of them are compared, and each is left out once to see what follows from it."""
OPERATION_OUTCOME: Final = "OperationOutcome"


class Authorization(NamedTuple):
    """With what we may read more from the EHR's FHIR server."""

    server: str
    token: str


class HookRequest(NamedTuple):
    """One call of a service."""

    instance: str
    patient: str
    user: str
    encounter: str
    proposals: tuple[Element, ...]
    """What is about to be ordered or entered."""
    selected: frozenset[str]
    """Which of them were just chosen ("MedicationRequest/1"); empty for all."""
    prefetch: Mapping[str, Any]
    """What was sent along: a resource or a Bundle, or None where there is nothing. What could not be read is left out."""
    authorization: Authorization | None
    context: Mapping[str, Any]


def read(content: Any, hook: Hook) -> HookRequest:
    if not isinstance(content, Mapping):
        raise Refused("one JSON object is expected, as CDS Hooks describes it")
    if content.get("hook") != hook.name:
        raise Refused(f"this service answers {hook.name}; 'hook' says {str(content.get('hook'))[:60]!r}", where="hook")
    context = _object(content, "context")
    for name in hook.required:
        if context.get(name) in (None, "", []):
            raise Refused(f"context.{name} is missing; {hook.name} has {', '.join(hook.required)}", where=f"context.{name}")
    proposals = tuple(resource for name in hook.proposes for resource in resources_in(context.get(name)))
    if len(proposals) > MOST_PROPOSALS:
        raise Refused(f"{len(proposals)} drafts are more than {MOST_PROPOSALS}; send those of one signature", where="context")
    patient = said(context, "patientId").removeprefix("Patient/")
    for each in proposals:
        need_same_patient(each, patient)
    selections = context.get("selections", [])
    if not isinstance(selections, list) or not all(isinstance(each, str) for each in selections):
        raise Refused("context.selections is a list of references", where="context.selections")
    return HookRequest(
        _text(content, "hookInstance"), patient, said(context, "userId"), said(context, "encounterId"), proposals, frozenset(selections),
        _prefetched(content), _authorization(content), context,
    )  # fmt: skip


def need_same_patient(resource: Element, patient: str) -> None:
    """Raise `Refused` for what is about somebody else: an answer about two people is about nobody."""
    subject = subject_of(resource)
    if subject and not subject.startswith("urn:") and subject.rpartition("/")[2] != patient:
        raise Refused("a resource is about another patient than context.patientId; send those of one patient only", where="prefetch")


def resources_in(value: Any, depth: int = 0) -> Iterator[Element]:
    """Every resource in a value, however it is wrapped: a Bundle, a list, a resource alone, or an entry that holds one."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from resources_in(each, depth + 1)
    elif isinstance(value, Mapping):
        if value.get("resourceType") == "Bundle":
            yield from (each for each in unpacked(value)[0] if each.get("resourceType") != OPERATION_OUTCOME)
        elif isinstance(value.get("resourceType"), str):
            yield value
        else:
            yield from resources_in(value.get("resource"), depth + 1)


def next_page(bundle: Any) -> str:
    """Where a Bundle goes on; empty where this is all."""
    links = bundle.get("link") if isinstance(bundle, Mapping) else None
    found = (each for each in links or () if isinstance(each, Mapping) and each.get("relation") == "next")
    return str(next(found, {}).get("url", ""))


def _prefetched(content: Mapping[str, Any]) -> dict[str, Any]:
    """CDS Hooks 2.0, "Prefetch": null means that there is nothing; an OperationOutcome, that it could not be read."""
    prefetch = content.get("prefetch") or {}
    if not isinstance(prefetch, Mapping):
        raise Refused("prefetch is an object of resources by key", where="prefetch")
    return {key: value for key, value in prefetch.items() if not (isinstance(value, Mapping) and value.get("resourceType") == OPERATION_OUTCOME)}


def _authorization(content: Mapping[str, Any]) -> Authorization | None:
    granted, server = content.get("fhirAuthorization"), said(content, "fhirServer")
    if granted is None or not server:
        return None
    if not isinstance(granted, Mapping) or granted.get("token_type", "Bearer") != "Bearer":
        raise Refused("fhirAuthorization is an object with a Bearer access_token", where="fhirAuthorization")
    return Authorization(server.rstrip("/"), _text(granted, "access_token"))


def _object(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name)
    if not isinstance(value, Mapping):
        raise Refused(f"{name} is missing, or is no object", where=name)
    return value


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 10_000:
        raise Refused(f"{name} is missing, or is no text", where=name)
    return value
