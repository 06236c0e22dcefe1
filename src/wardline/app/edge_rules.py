"""The rules of the edge that follow from what a site has said."""

from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from wardline.api.edge.rules import LOOPBACK_NAMES, Origin, Rules
from wardline.app.edge_settings import EdgeSettings
from wardline.app.settings import Settings
from wardline.core.errors import Refused


def rules_of(settings: Settings) -> Rules:
    """The site's rules. Raises `Refused` for a certificate that cannot be read."""
    edge = settings.edge or EdgeSettings()
    return Rules(
        hosts=frozenset(_hosts(settings, edge)), proxies=frozenset(str(each) for each in edge.proxies), embedded_by=edge.embedded_by,
        origins=tuple(Origin(each.origin, each.paths) for each in edge.origins), requests_per_minute=edge.requests_per_minute,
        by_role={role.value: rate for role, rate in edge.by_role.items()}, strangers_per_minute=edge.strangers_per_minute,
        failed_sign_ins_per_minute=edge.failed_sign_ins_per_minute, patients_per_hour=edge.patients_per_hour, body_seconds=edge.body_seconds,
    )  # fmt: skip


def _hosts(settings: Settings, edge: EdgeSettings) -> set[str]:
    """Loopback always: whoever is on the machine may look. Others only by a name the site has given, or the certificate vouches for."""
    named = {*LOOPBACK_NAMES, *(host.lower() for host in edge.hosts)}
    if settings.address:
        named.add((urlsplit(settings.address).hostname or "").lower())
    if settings.http_tls is not None:
        named |= _names_in(settings.http_tls.certificate)
    return named - {""}


def _names_in(certificate: Path) -> set[str]:
    """DNS names and addresses a certificate is for. A name with a wildcard vouches for no particular one."""
    try:
        names = x509.load_pem_x509_certificate(certificate.read_bytes()).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    except (OSError, ValueError) as error:
        raise Refused(f"the certificate of http_tls cannot be read: {error}", code="tls") from None
    hosts = {name.lower() for name in names.get_values_for_type(x509.DNSName) if "*" not in name}
    addresses = names.get_values_for_type(x509.IPAddress)
    return hosts | {f"[{each}]" if each.version == 6 else str(each) for each in addresses if hasattr(each, "version")}
