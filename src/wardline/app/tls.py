"""TLS as every door of ours speaks it."""

import ssl

from wardline.app.settings import Tls
from wardline.core.errors import Refused


def tls_context(files: Tls | None, setting: str) -> ssl.SSLContext | None:
    """TLS 1.2 or newer; with a client authority only clients it has signed may connect. Raises `Refused` naming the setting."""
    if files is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.certificate, files.key)
        if files.client_authority is not None:
            context.load_verify_locations(files.client_authority)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise Refused(f"the files of {setting} cannot be used: {error}", code="tls") from None
    return context
