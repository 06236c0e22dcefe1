"""Resources of another server on their way into this house: under ids of our own, and still pointing at each other.

Two servers both have a Patient/1. So an id here is made of the server's name and its id: the same each time it is asked, never another's.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from wardline.formats.fhir.resources import ID, TYPE, Resource, rewritten

FIRST: Final = ("Organization", "Location", "Practitioner", "PractitionerRole", "Medication", "Patient", "Encounter")
"""Types that others point at, in this order; everything else comes after."""


def id_here(source: str, type: str, id: str) -> str:
    return hashlib.sha256(f"{source}\x1f{type}/{id}".encode()).hexdigest()[:32]


def rank(type: str) -> int:
    return FIRST.index(type) if type in FIRST else len(FIRST)


def brought_home(resource: Resource, source: str, named: Mapping[str, str] | None = None) -> Resource:
    """`named`: what fullUrls in the same bundle stand for. Where it came from is said in meta.source."""
    type, id = resource["resourceType"], str(resource.get("id", ""))
    meta = resource.get("meta")
    known = named or {}

    def pointing(name: str, text: str) -> str:
        return known.get(text) or _here(text, source) if name == "reference" else text

    said = rewritten(resource, pointing)
    stamp = {**(meta if isinstance(meta, dict) else {}), "source": f"{source}/{type}/{id}"}
    return {**said, "id": id_here(source, type, id), "meta": stamp}


def _here(reference: str, source: str) -> str:
    """ "Patient/1", also with the server's address before it or a version after it. Addresses of others stay as they are."""
    relative = reference.removeprefix(f"{source}/")
    type, _, rest = relative.partition("/")
    id = rest.partition("/")[0]
    return f"{type}/{id_here(source, type, id)}" if TYPE.fullmatch(type) and ID.fullmatch(id) else reference
