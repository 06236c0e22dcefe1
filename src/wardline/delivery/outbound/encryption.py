"""TLS to other systems: whose certificates count, and what is shown to them."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wardline.core.errors import Refused
from wardline.delivery.documents import Section

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


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


def encryption_in(section: Section | None) -> Encryption | None:
    if section is None:
        return None
    authority, certificate, key = (Path(text) if (text := section.text(name, "")) else None for name in ("authority", "certificate", "key"))
    section.finish()
    encryption = Encryption(authority, certificate, key)
    encryption.context()  # files that cannot be used are said at start-up
    return encryption
