"""What a site can say about its edge, and the rules that follow from it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

from cryptography import x509
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, IPvAnyAddress

from wardline.api.edge.rules import LOOPBACK_NAMES, Origin, Rules
from wardline.core.errors import Refused
from wardline.core.people import Role
from wardline.security.origins import check_origin, check_path

if TYPE_CHECKING:
    from wardline.app.settings import Settings

RULES: Final = Rules()


def _origin(text: str) -> str:
    try:
        check_origin(text)
    except Refused as refused:
        raise ValueError(str(refused)) from None
    return text


def _path(text: str) -> str:
    try:
        check_path(text)
    except Refused as refused:
        raise ValueError(str(refused)) from None
    return text


OriginText = Annotated[str, AfterValidator(_origin)]
PathText = Annotated[str, AfterValidator(_path)]


class SettledOrigin(BaseModel):
    """Another site whose pages may always ask."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: OriginText
    paths: tuple[PathText, ...] = Field(min_length=1)


class EdgeSettings(BaseModel):
    """Who may knock, from where, and how often."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = Field(
        (), description="Names browsers may call Wardline by, besides `address` and those in the certificate of `http_tls`."
    )
    proxies: tuple[IPvAnyAddress, ...] = Field(
        (), description="Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed; nobody else's are."
    )
    embedded_by: tuple[OriginText, ...] = Field(
        (), description="Origins that may show Wardline in a frame, such as the record system's; nobody by default."
    )
    origins: tuple[SettledOrigin, ...] = Field((), description="Other sites whose pages may ask, each with `origin` and `paths`; nobody by default.")
    requests_per_minute: int = Field(RULES.requests_per_minute, ge=60, description="Of one person or program.")
    by_role: dict[Role, int] = Field({}, description="The same for people with this role, where it differs; who has several gets the most.")
    strangers_per_minute: int = Field(RULES.strangers_per_minute, ge=60, description="Requests of one address without a sign-in.")
    failed_sign_ins_per_minute: int = Field(RULES.failed_sign_ins_per_minute, ge=5, description="Of one address; each account also locks by itself.")
    patients_per_hour: int = Field(RULES.patients_per_hour, ge=10, description="Different patients one person may open within an hour.")
    body_seconds: float = Field(RULES.body_seconds, gt=0, le=600, description="How long a request may take to arrive.")


def rules_of(settings: "Settings") -> Rules:
    """The site's rules. Raises `Refused` for a certificate that cannot be read."""
    edge = settings.edge or EdgeSettings()
    return Rules(
        hosts=frozenset(_hosts(settings, edge)), proxies=frozenset(str(each) for each in edge.proxies), embedded_by=edge.embedded_by,
        origins=tuple(Origin(each.origin, each.paths) for each in edge.origins), requests_per_minute=edge.requests_per_minute,
        by_role={role.value: rate for role, rate in edge.by_role.items()}, strangers_per_minute=edge.strangers_per_minute,
        failed_sign_ins_per_minute=edge.failed_sign_ins_per_minute, patients_per_hour=edge.patients_per_hour, body_seconds=edge.body_seconds,
    )  # fmt: skip


def _hosts(settings: "Settings", edge: EdgeSettings) -> set[str]:
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
