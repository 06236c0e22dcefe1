"""Where answers go: other systems that want findings or movements, as the site lists them. FHIR servers: see `fhir_servers`, PACS: `archives`.

destinations:
  - name: ehr
    address: ehr.hospital.example:2575
    findings: [news2, kdigo_aki]
    movements: true
    tls: {authority: /etc/wardline/hospital-ca.pem}
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from wardline.delivery.documents import Section, read_document
from wardline.delivery.outbound.archives import DicomArchive, WebArchive, dicom_archive_in, web_archive_in
from wardline.delivery.outbound.encryption import LOOPBACK, Encryption, encryption_in
from wardline.delivery.outbound.fhir_servers import FhirServer, check_answered, fhir_server_in

TOPIC: Final = "hl7v2/"
PATIENCE_SECONDS: Final = 30
"""How long a receiver may take to acknowledge."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A receiver of HL7 v2. `findings` are ids of capabilities whose answers it gets; `movements` says whether it gets ADT.

    `reports` says whether it gets signed imaging reports.
    """

    name: str
    host: str
    port: int
    findings: frozenset[str] = frozenset()
    movements: bool = False
    application: str = ""
    facility: str = ""
    timeout_seconds: float = PATIENCE_SECONDS
    encryption: Encryption | None = None
    reports: bool = False

    @property
    def topic(self) -> str:
        return TOPIC + self.name


Receiver: TypeAlias = Destination | FhirServer | DicomArchive | WebArchive
READERS: Final[dict[str, Callable[[Section, Container[str]], Receiver]]] = {
    "hl7v2": lambda section, answered: _destination(section, answered), "fhir": fhir_server_in, "dicom": dicom_archive_in,
    "dicomweb": web_archive_in,
}  # fmt: skip


def destinations_in(file: Path, answered: Container[str]) -> tuple[Receiver, ...]:
    """Read the site's file; none when there is no file. `answered` are the capabilities there are. Raises `Refused` naming what is wrong."""
    if not file.exists():
        return ()
    document = read_document(file.read_text(encoding="utf-8"), file.name)
    found: dict[str, Receiver] = {}
    for section in document.sections("destinations"):
        destination = READERS[section.one_of("kind", tuple(READERS), "hl7v2")](section, answered)
        if destination.name in found:
            section.refuse("name", f"is {destination.name!r}, and another destination has this name")
        found[destination.name] = destination
    document.finish()
    return tuple(found.values())


def _destination(section: Section, answered: Container[str]) -> Destination:
    name = section.text("name")
    host, _, port = section.text("address").rpartition(":")
    host = host.strip("[]")
    if not name or not host or not port.isdigit():
        section.refuse("address", "must be HOST:PORT, beside a name")
    findings = section.texts("findings", ())
    check_answered(section, findings, answered)
    encryption = encryption_in(section.section("tls", None))
    in_clear = section.flag("in_clear", False)
    if encryption is None and not in_clear and host not in LOOPBACK:
        section.refuse("address", f"would send patient data to {host} in clear; set tls, or in_clear: true where the network itself is protected")
    destination = Destination(
        name, host, int(port), frozenset(findings), section.flag("movements", False), section.text("application", ""), section.text("facility", ""),
        section.number("timeout_seconds", PATIENCE_SECONDS, least=1), encryption, section.flag("reports", False),
    )  # fmt: skip
    section.finish()
    return destination
