"""The EHRs that may call the services, as the site lists them.

clients:
  - name: Ward EHR
    issuer: https://ehr.hospital.example
    keys: https://ehr.hospital.example/jwks.json      # jku; fetched from here and from nowhere else
    account: ehr                                       # the service account whose rights hold
    fhir_server: https://ehr.hospital.example/fhir     # read from with the EHR's own token; left out: never
    assigners: {"urn:oid:1.2.36.146.595.217.0.1": WARD}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from wardline.delivery.documents import Section, read_document

LOOPBACK: Final = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class EhrClient:
    """An EHR. `assigners` says which of our assigning authorities an identifier system of its patients means."""

    name: str
    issuer: str
    keys_url: str
    account: str
    fhir_server: str = ""
    assigners: Mapping[str, str] = field(default_factory=dict)


def clients_in(file: Path) -> tuple[EhrClient, ...]:
    """Read the site's file; none when there is no file. Raises `Refused` naming file, line and key of a mistake."""
    if not file.exists():
        return ()
    document = read_document(file.read_text(encoding="utf-8"), file.name)
    found: dict[str, EhrClient] = {}
    for section in document.sections("clients"):
        client = _client(section)
        if client.issuer in found:
            section.refuse("issuer", f"is {client.issuer!r}, and another client has this issuer")
        found[client.issuer] = client
    document.finish()
    return tuple(found.values())


def _client(section: Section) -> EhrClient:
    assigners = section.section("assigners", None)
    client = EhrClient(
        section.text("name"), section.text("issuer"), section.text("keys"), section.text("account"), section.text("fhir_server", "").rstrip("/"),
        {system: assigners.text(system) for system in assigners.keys} if assigners is not None else {},
    )  # fmt: skip
    for key, address in (("keys", client.keys_url), ("fhir_server", client.fhir_server)):
        parts = urlsplit(address)
        if address and not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
            section.refuse(key, "must be an https address")
    section.finish()
    return client
