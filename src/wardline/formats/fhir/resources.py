"""A FHIR resource as a document: read from JSON and written again with every digit it came with, under our id and version."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

from wardline.core.errors import Refused

Resource: TypeAlias = dict[str, Any]
ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
TYPE: Final = re.compile(r"[A-Z][A-Za-z]{1,63}")
DEEPEST: Final = 60
"""Elements inside elements; deeper than that nothing clinical is."""
_EXACT: Final = msgspec.json.Decoder(float_hook=Decimal)
_PLAIN: Final = msgspec.json.Decoder()
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


def read(body: bytes) -> Resource:
    """One resource, numbers with their precision (1.50 stays 1.50). Raises `Refused` for what is none."""
    try:
        content = _EXACT.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise Refused("the body is not JSON", code="structure") from None
    if not isinstance(content, dict) or not isinstance(content.get("resourceType"), str) or not TYPE.fullmatch(content["resourceType"]):
        raise Refused("the body is not a FHIR resource: it needs a resourceType", code="structure", where="resourceType")
    check_depth(content)
    return content


def check_depth(content: Any) -> None:
    level, depth = [content] if isinstance(content, dict | list) else [], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Refused("the resource is nested too deeply", code="structure")
        level = [child for each in level for child in (each.values() if isinstance(each, dict) else each) if isinstance(child, dict | list)]


def plainly(body: str | bytes) -> Resource:
    """What is stored, for looking at: numbers as numbers. Raises `Refused` where one is larger than any number, or it is no JSON."""
    try:
        content: Resource = _PLAIN.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        raise Refused("this is not JSON, or holds a number that is larger than any", code="structure") from None
    return content


def written(resource: Any) -> bytes:
    return _ENCODE(resource)


def stamped(resource: Resource, *, id: str, version: int, at: datetime) -> Resource:
    """The resource as this server keeps it: under its id, its version and the time of it. Everything else is as it came."""
    meta = resource.get("meta")
    head = {"resourceType": resource["resourceType"], "id": id}
    stamp = {**(meta if isinstance(meta, dict) else {}), "versionId": str(version), "lastUpdated": instant(at)}
    return {**head, "meta": stamp, **{name: value for name, value in resource.items() if name not in ("resourceType", "id", "meta")}}


def instant(at: datetime) -> str:
    """FHIR instant, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def references_in(content: Any) -> Iterator[str]:
    """Every reference that the resource makes, wherever it stands."""
    waiting = [content]
    while waiting:
        element = waiting.pop()
        if isinstance(element, dict):
            reference = element.get("reference")
            if isinstance(reference, str):
                yield reference
            waiting.extend(value for value in element.values() if isinstance(value, dict | list))
        elif isinstance(element, list):
            waiting.extend(value for value in element if isinstance(value, dict | list))


def rewritten(content: Any, new: Callable[[str, str], str]) -> Any:
    """The same with other references: `new` is given the name of the element ("reference", "uri", "url" ...) and its text."""
    if isinstance(content, dict):
        return {name: new(name, value) if isinstance(value, str) else rewritten(value, new) for name, value in content.items()}
    if isinstance(content, list):
        return [rewritten(each, new) if not isinstance(each, str) else each for each in content]
    return content


def patient_of(resource: Resource) -> str:
    """The id of the patient it is about, "" where it names none: by the elements that say so, else the first patient it refers to."""
    if resource["resourceType"] == "Patient":
        return str(resource.get("id", ""))
    for name in ("subject", "patient", "beneficiary", "individual", "for"):
        element = resource.get(name)
        if isinstance(element, dict) and (id := _patient(element.get("reference"))):
            return id
    if resource["resourceType"] == "Group":  # a list of people belongs to none of them
        return ""
    return next((id for each in references_in(resource) if (id := _patient(each))), "")


def others_in(resource: Resource, about: str) -> tuple[str, ...]:
    """Patients it names besides the one it is about: a group's members, a bundle of several. Links between Patients name nobody else."""
    if resource["resourceType"] == "Patient":
        return ()
    return tuple(sorted({id for each in references_in(resource) if (id := _patient(each))} - {about}))


def _patient(reference: Any) -> str:
    """The id behind "Patient/17", also in an absolute address."""
    if not isinstance(reference, str):
        return ""
    parts = reference.partition("/_history/")[0].split("/")
    return parts[-1] if len(parts) > 1 and parts[-2] == "Patient" and ID.fullmatch(parts[-1]) else ""
