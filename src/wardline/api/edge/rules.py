"""What the site has said about its edge: its names, its proxies, who may embed it, other sites that may ask, and how much is too much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Origin(NamedTuple):
    """Another site whose pages may ask, and what: beginnings of paths, each up to a slash or the end."""

    origin: str
    paths: tuple[str, ...]

    def covers(self, path: str) -> bool:
        return any(path == each or path.startswith(each.rstrip("/") + "/") for each in self.paths)


@dataclass(frozen=True, slots=True)
class Rules:
    """The defaults are those of a server on loopback that nobody else may ask."""

    hosts: frozenset[str] = LOOPBACK_NAMES
    """Names by which browsers may call us, without port."""
    proxies: frozenset[str] = frozenset()
    """Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed."""
    embedded_by: tuple[str, ...] = ()
    """Origins that may show our pages in a frame."""
    origins: tuple[Origin, ...] = ()
    """Other sites that may ask for good; those for a time are in the log."""
    requests_per_minute: int = 1200
    """Of one person."""
    by_role: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The same for people with this role, where it differs; who has several gets the most."""
    strangers_per_minute: int = 3000
    """Requests of one address without a sign-in: pages, sign-in, health."""
    failed_sign_ins_per_minute: int = 30
    """Of one address."""
    patients_per_hour: int = 400
    """Different patients one person may open."""
    body_seconds: float = 30.0
    """How long a request may take to arrive."""
