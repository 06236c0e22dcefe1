"""Where a request comes from, and whether it may knock at all: our own name, a believable address, no page of another site acting here."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from wardline.api.edge.rules import Rules
from wardline.core.errors import WardlineError

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ONCE: Final = (b"host", b"authorization", b"content-length", b"content-type", b"origin", b"idempotency-key")
"""Headers that mean something only once; two of them are somebody hoping that two programs read different ones."""


class Elsewhere(WardlineError):
    """The request names a host that is not us: 421, as for any server it was not meant for."""


class Malformed(WardlineError):
    """The request contradicts itself: 400."""


class Visitor(NamedTuple):
    """What is known of a request before anybody looks at what it wants."""

    address: str
    scheme: str
    host: str
    """As the request names us, with port."""
    origin: str
    """Of the page that asks, as the browser says; empty for programs and our own navigation."""

    @property
    def is_our_page(self) -> bool:
        """Whether the page that asks is one of ours: same host and port."""
        return not self.origin or urlsplit(self.origin).netloc == self.host


def visitor(scope: Mapping[str, Any], rules: Rules) -> Visitor:
    """Raises `Malformed` for headers that contradict each other, `Elsewhere` for a host that is not ours."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in ONCE and name in headers:
            raise Malformed("a header that can be there once is there twice")
        headers[name] = value
    host = headers.get(b"host", b"").decode("latin-1").lower()
    if hostname(host) not in rules.hosts:
        raise Elsewhere("this server does not go by that name; an administrator can add it to the setting `hosts`")
    peer = (scope.get("client") or ("", 0))[0]
    address, scheme = peer, scope["scheme"].replace("ws", "http")
    if peer in rules.proxies:
        address = _forwarded(headers.get(b"x-forwarded-for", b""), rules) or peer
        said = headers.get(b"x-forwarded-proto", b"").decode("latin-1")
        scheme = said if said in ("http", "https") else scheme
    return Visitor(address, scheme, host, headers.get(b"origin", b"").decode("latin-1").lower())


def hostname(host: str) -> str:
    """Without the port; "" for what is no host at all."""
    name, _, port = host.rpartition(":") if ":" in host and not host.endswith("]") else (host, "", "")
    return name if not port or port.isdigit() else ""


def _forwarded(header: bytes, rules: Rules) -> str:
    """The nearest address that is no proxy of ours. What stands further left, anybody may have written."""
    for each in reversed(header.decode("latin-1").split(",")):
        try:
            address = str(ip_address(each.strip()))
        except ValueError:
            return ""
        if address not in rules.proxies:
            return address
    return ""
