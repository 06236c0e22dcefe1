"""Archives of images (PACS, VNA) that get the DICOM objects we make, as the site lists them beside its other receivers.

destinations:
  - name: pacs
    kind: dicom
    address: pacs.hospital.example:11112
    called: PACS
    calling: WARDLINE
    reports: true
    findings: [pet_lesions]
    tls: {authority: /etc/wardline/hospital-ca.pem}
  - name: vna
    kind: dicomweb
    address: https://vna.hospital.example/dicom-web
    reports: true
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from wardline.delivery.documents import Section
from wardline.delivery.outbound.encryption import LOOPBACK, Encryption, encryption_in
from wardline.delivery.outbound.fhir_servers import check_address, check_answered, proof_in
from wardline.formats.fhir.authorisation import BackendService, Proof

TOPIC: Final = "dicom/"
PATIENCE_SECONDS: Final = 60
TITLE: Final = "WARDLINE"
LONGEST_TITLE: Final = 16
"""Characters of an application entity title (PS3.5 6.2, AE)."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What both kinds get: objects of signed reports, and those of these answers as they are given."""

    name: str
    findings: frozenset[str] = frozenset()
    reports: bool = False
    timeout_seconds: float = PATIENCE_SECONDS
    encryption: Encryption | None = None

    @property
    def topic(self) -> str:
        return TOPIC + self.name


@dataclass(frozen=True, slots=True)
class DicomArchive(Archive):
    """Spoken to by C-STORE."""

    host: str = ""
    port: int = 0
    called: str = ""
    calling: str = TITLE


@dataclass(frozen=True, slots=True)
class WebArchive(Archive):
    """Spoken to by DICOMweb (STOW-RS)."""

    base: str = ""
    proof: Proof | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everything that is asked on its behalf."""
        token = self.proof.token_url if isinstance(self.proof, BackendService) else ""
        return (self.base, token) if token else (self.base,)


def dicom_archive_in(section: Section, answered: Container[str]) -> DicomArchive:
    """Raises `Refused` naming the line and key of a mistake."""
    name, findings, reports = _wanted(section, answered)
    host, _, port = section.text("address").rpartition(":")
    host = host.strip("[]")
    if not name or not host or not port.isdigit():
        section.refuse("address", "must be HOST:PORT, beside a name")
    encryption = encryption_in(section.section("tls", None))
    if not section.flag("in_clear", False) and encryption is None and host not in LOOPBACK:
        section.refuse("address", f"would send patient data to {host} in clear; set tls, or in_clear: true where the network itself is protected")
    archive = DicomArchive(
        name, findings, reports, section.number("timeout_seconds", PATIENCE_SECONDS, least=1), encryption, host, int(port),
        _title(section, "called"), _title(section, "calling", TITLE),
    )  # fmt: skip
    section.finish()
    return archive


def web_archive_in(section: Section, answered: Container[str]) -> WebArchive:
    """Raises `Refused` naming the line and key of a mistake."""
    name, findings, reports = _wanted(section, answered)
    base = section.text("address").rstrip("/")
    if not name or not base:
        section.refuse("address", "must be the https address of a DICOMweb service, beside a name")
    check_address(section, "address", base, section.flag("in_clear", False))
    archive = WebArchive(
        name, findings, reports, section.number("timeout_seconds", PATIENCE_SECONDS, least=1), encryption_in(section.section("tls", None)),
        base, proof_in(section.section("authorisation", None)),
    )  # fmt: skip
    section.finish()
    return archive


def _wanted(section: Section, answered: Container[str]) -> tuple[str, frozenset[str], bool]:
    findings, reports = section.texts("findings", ()), section.flag("reports", False)
    check_answered(section, findings, answered)
    if not findings and not reports:
        section.refuse("reports", "is false and findings is empty: nothing would ever be sent")
    return section.text("name"), frozenset(findings), reports


def _title(section: Section, key: str, *default: str) -> str:
    title = section.text(key, *default).strip()
    if not 0 < len(title) <= LONGEST_TITLE or not title.isascii() or not title.isprintable() or "\\" in title:
        section.refuse(key, f"must be an application entity title of 1 to {LONGEST_TITLE} characters, as the archive knows it")
    return title
