"""Where answers go: other systems that want findings or movements, as the site lists them.

destinations:
  - name: ehr
    address: ehr.hospital.example:2575
    findings: [news2, kdigo_aki]
    movements: true
    tls: {authority: /etc/wardline/hospital-ca.pem}
"""

import ssl
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wardline.core.errors import Refused
from wardline.delivery.documents import Section, read_document

TOPIC: Final = "hl7v2/"
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
PATIENCE_SECONDS: Final = 30
"""How long a receiver may take to acknowledge."""


@dataclass(frozen=True, slots=True)
class Encryption:
    """TLS to a receiver. `authority` has signed its certificate (default: the system's); `certificate` and `key` are ours."""

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Raises `Refused` for files that cannot be used."""
        try:
            context = ssl.create_default_context(cafile=str(self.authority) if self.authority else None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.certificate is not None:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise Refused(f"the certificate files of a destination cannot be used: {error}", code="tls") from None
        return context


@dataclass(frozen=True, slots=True)
class Destination:
    """A receiver of HL7 v2. `findings` are ids of capabilities whose answers it gets; `movements` says whether it gets ADT."""

    name: str
    host: str
    port: int
    findings: frozenset[str] = frozenset()
    movements: bool = False
    application: str = ""
    facility: str = ""
    timeout_seconds: float = PATIENCE_SECONDS
    encryption: Encryption | None = None

    @property
    def topic(self) -> str:
        return TOPIC + self.name


def destinations_in(file: Path, answered: Container[str]) -> tuple[Destination, ...]:
    """Read the site's file; none when there is no file. `answered` are the capabilities there are. Raises `Refused` naming what is wrong."""
    if not file.exists():
        return ()
    document = read_document(file.read_text(encoding="utf-8"), file.name)
    found: dict[str, Destination] = {}
    for section in document.sections("destinations"):
        destination = _destination(section, answered)
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
    unknown = next((each for each in findings if each not in answered), None)
    if unknown is not None:
        section.refuse("findings", f"names {unknown!r}, and no such capability runs here")
    encryption = _encryption(section.section("tls", None))
    in_clear = section.flag("in_clear", False)
    if encryption is None and not in_clear and host not in LOOPBACK:
        section.refuse("address", f"would send patient data to {host} in clear; set tls, or in_clear: true where the network itself is protected")
    destination = Destination(
        name, host, int(port), frozenset(findings), section.flag("movements", False), section.text("application", ""), section.text("facility", ""),
        section.number("timeout_seconds", PATIENCE_SECONDS, least=1), encryption,
    )  # fmt: skip
    section.finish()
    return destination


def _encryption(section: Section | None) -> Encryption | None:
    if section is None:
        return None
    authority, certificate, key = (Path(text) if (text := section.text(name, "")) else None for name in ("authority", "certificate", "key"))
    section.finish()
    encryption = Encryption(authority, certificate, key)
    encryption.context()  # files that cannot be used are said at start-up
    return encryption
