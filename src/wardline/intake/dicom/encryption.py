"""TLS to a peer that we call: whose word counts for who it is, and what we show it of ourselves (PS3.15 B.1).

In config/dicom.yaml: `tls: {authority: hospital-ca.pem, certificate: wardline.pem, key: wardline.key, name: pacs.example.org}`. Each may be
left out: then the system's authorities count, we show nothing, and the certificate must name the peer's `host`.
"""

import ssl
from typing import Any, NamedTuple

from wardline.core.errors import Refused


class Encryption(NamedTuple):
    """Files by their paths, and the name that must stand in the peer's certificate."""

    authority: str = ""
    certificate: str = ""
    key: str = ""
    name: str = ""

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 or newer, read anew for each call: a renewed certificate counts at once. Raises `Refused` for files that cannot be used."""
        try:
            context = ssl.create_default_context(cafile=self.authority or None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key or None, password="")  # never asks a terminal for one
        except FileNotFoundError:
            missing = ", ".join(path for path in (self.authority, self.certificate, self.key) if path)
            raise Refused(f"one of the files for TLS is missing: {missing}", code="tls") from None
        except (OSError, ValueError) as error:  # `SSLError` is an `OSError`
            raise Refused(f"the files for TLS cannot be used: {error}", code="tls") from None
        return context


def encryption_in(said: Any) -> Encryption:
    """What stands under `tls`. Raises `Refused` for anything else than names of files that can be used."""
    if not isinstance(said, dict) or set(said) - set(Encryption._fields) or not all(isinstance(each, str) for each in said.values()):
        raise Refused(f"tls has {', '.join(Encryption._fields)}, each a text", code="tls")
    encryption = Encryption(**said)
    if encryption.key and not encryption.certificate:
        raise Refused("tls has a key and no certificate", code="tls")
    encryption.context()
    return encryption
