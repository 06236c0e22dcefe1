"""FHIR servers that want answers or resources, as the site lists them beside its receivers of HL7 v2.

destinations:
  - name: ehr-fhir
    kind: fhir
    address: https://ehr.hospital.example/fhir
    findings: [news2]
    resources: [Observation]
    systems: {HOSP: https://hospital.example/numbers}
    authorisation: {client_id: wardline, key: /etc/wardline/ehr-fhir.pem, scope: system/*.cruds}
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from wardline.delivery.documents import Section
from wardline.delivery.outbound.encryption import LOOPBACK, Encryption, encryption_in
from wardline.formats.fhir.authorisation import BackendService, Bearer, Proof
from wardline.formats.fhir.outward.parts import OF_OURS

TOPIC: Final = "fhir/"
PATIENCE_SECONDS: Final = 30
OURS: Final = f"{OF_OURS}:resource"
"""System of the identifiers under which others know what we send."""
RESOURCES: Final = (
    "AllergyIntolerance", "Condition", "DiagnosticReport", "DocumentReference", "ImagingStudy", "Immunization", "MedicationAdministration",
    "MedicationRequest", "Observation", "Procedure", "ServiceRequest",
)  # fmt: skip
"""Types that can be sent besides answers: those that feeds tell of, and that carry an identifier to find them by again."""


@dataclass(frozen=True, slots=True)
class FhirServer:
    """A FHIR R4 server. `systems` says in which system it keeps the numbers that each assigner of ours gives."""

    name: str
    base: str
    findings: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    systems: tuple[tuple[str, str], ...] = ()
    creates_patients: bool = False
    identifiers: str = OURS
    timeout_seconds: float = PATIENCE_SECONDS
    encryption: Encryption | None = None
    proof: Proof | None = None

    @property
    def topic(self) -> str:
        return TOPIC + self.name

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everything that is asked on its behalf."""
        token = self.proof.token_url if isinstance(self.proof, BackendService) else ""
        return (self.base, token) if token else (self.base,)


def check_answered(section: Section, findings: Iterable[str], answered: Container[str]) -> None:
    unknown = next((each for each in findings if each not in answered), None)
    if unknown is not None:
        section.refuse("findings", f"names {unknown!r}, and no such capability runs here")


def fhir_server_in(section: Section, answered: Container[str]) -> FhirServer:
    """Raises `Refused` naming the line and key of a mistake."""
    name, base = section.text("name"), section.text("address").rstrip("/")
    if not name or not base:
        section.refuse("address", "must be the https address of a FHIR server, beside a name")
    check_address(section, "address", base, section.flag("in_clear", False))
    findings, resources = section.texts("findings", ()), section.texts("resources", ())
    check_answered(section, findings, answered)
    unknown = next((each for each in resources if each not in RESOURCES), None)
    if unknown is not None:
        section.refuse("resources", f"names {unknown!r}; it can be {', '.join(RESOURCES)}")
    if not findings and not resources:
        section.refuse("findings", "and resources are both empty: nothing would ever be sent")
    server = FhirServer(
        name, base, frozenset(findings), frozenset(resources), _systems(section.section("systems", None)), section.flag("create_patients", False),
        section.text("identifiers", OURS), section.number("timeout_seconds", PATIENCE_SECONDS, least=1), encryption_in(section.section("tls", None)),
        proof_in(section.section("authorisation", None)),
    )  # fmt: skip
    section.finish()
    return server


def check_address(section: Section, key: str, address: str, in_clear: bool) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        section.refuse(key, "must be an https address, without a name, a password or a query in it")
    if parts.scheme == "http" and not in_clear and parts.hostname not in LOOPBACK:
        section.refuse(key, f"would send patient data to {parts.hostname} in clear; write https, or in_clear: true where the network is protected")


def _systems(section: Section | None) -> tuple[tuple[str, str], ...]:
    if section is None:
        return ()
    found = tuple((assigner, section.text(assigner)) for assigner in section.keys)
    section.finish()
    return found


def proof_in(section: Section | None) -> Proof | None:
    """Files with secrets are read when they are used, so that they can be renewed; that they can be read is seen at start-up."""
    if section is None:
        return None
    bearer = section.text("bearer", "")
    if bearer:
        section.finish()
        proof: Proof = Bearer(Path(bearer))
    else:
        token_url = section.text("token_url", "")
        if token_url:
            check_address(section, "token_url", token_url, False)
        proof = BackendService(section.text("client_id"), Path(section.text("key")), section.text("scope"), token_url, section.text("key_id", ""))
        section.finish()
    proof.check()
    return proof
