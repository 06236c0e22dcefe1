"""Where Wardline may connect to: places the site has listed, at addresses that are where they should be.

An address comes from a name only here, once for each connection, and it is that address that is connected to: a name that points
somewhere else a moment later (DNS rebinding) changes nothing. What is inside the hospital is reached only where the site says so.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from wardline.core.errors import Fault

Address: TypeAlias = IPv4Address | IPv6Address
Resolve: TypeAlias = Callable[[str, int], Awaitable[list[str]]]

PORTS: Final = {"https": 443, "http": 80}
NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052 2.1: the well-known prefix; the last 32 bits are an IPv4 address
METADATA: Final = IPv6Network("fd00:ec2::/32")
"""Where one cloud answers machines about themselves over IPv6, inside RFC 4193's range (from memory)."""
LOOK_UP_SECONDS: Final = 5.0


class OutOfBounds(Fault):
    """A connection that the site has not allowed. Its sentence says what to list, and where."""


class Place(NamedTuple):
    """A host and port (0: any) the site has listed. `private`: its address may be inside the hospital. `in_clear`: http is good enough."""

    host: str
    port: int
    private: bool = False
    in_clear: bool = False


class Spot(NamedTuple):
    """Where exactly a connection goes."""

    place: Place
    address: str


class Places:
    """The site's list, and the one rule every outgoing connection is held to."""

    def __init__(self, listed: Iterable[Place], *, resolve: Resolve | None = None) -> None:
        self._listed = {(plain_host(place.host), place.port): place for place in listed}
        self._resolve = resolve or _looked_up
        self._names = frozenset(host for host, _ in self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def place(self, host: str, port: int) -> Place:
        """Raises `OutOfBounds` for one that is not listed."""
        place = self._listed.get((plain_host(host), port))
        if place is None:
            raise OutOfBounds(f"{_shown(host)}:{port} is not listed in config/outgoing.yaml; list it there if Wardline should reach it")
        return place

    def is_named(self, host: str) -> bool:
        """Whether any place has this host, whatever its port."""
        return plain_host(host) in self._names

    async def spot(self, host: str, port: int) -> Spot:
        """Look the name up, once. Every address it has must be one that may be reached: a mixed answer is a trick."""
        place = self.place(host, port)
        literal = _literal(place.host)
        if literal is not None:
            return Spot(place, str(literal))  # the site has written down this very address
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await self._resolve(plain_host(host), port)
        except (OSError, TimeoutError) as error:
            raise Fault(f"{_shown(host)} cannot be looked up") from error
        for address in found:
            self.check(place, address)
        if not found:
            raise Fault(f"{_shown(host)} has no address")
        return Spot(place, found[0])

    def check(self, place: Place, address: str) -> None:
        """Raises `OutOfBounds` for an address that this place may not have."""
        if _literal(place.host) == ip_address(address) or is_public(address) or (place.private and is_inside(address)):
            return
        why = "is inside the network; set private: true there if it should be" if is_inside(address) else "is no address of a place"
        raise OutOfBounds(f"{_shown(place.host)} is listed in config/outgoing.yaml, but its address {why}")

    def check_address(self, address: str, port: int, hosts: Iterable[str]) -> None:
        """One of these hosts, listed for this port or for all (0), must be able to have this address."""
        for host in map(plain_host, hosts):
            place = self._listed.get((host, port)) or self._listed.get((host, 0))
            if place is not None:
                self.check(place, address)
                return
        raise OutOfBounds(f"a connection to port {port} of a place that is not listed for it was refused; list it in config/outgoing.yaml")


def where_of(url: str, places: Places) -> tuple[str, int]:
    """Host and port of a URL that may be asked. Raises `OutOfBounds` for schemes, addresses with names in them, and tricks of writing."""
    if any(each in " \\" or not each.isprintable() for each in url):
        raise OutOfBounds("this is no address that may be asked: it has characters in it that do not belong there")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise OutOfBounds("this is no address that may be asked") from None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise OutOfBounds("only https addresses without a name or password in them are asked")
    place = places.place(host, port)
    if parts.scheme == "http" and not place.in_clear:
        raise OutOfBounds(f"{_shown(host)} is listed for https; set in_clear: true there if plain http should be good enough")
    return host, port


def is_public(address: str) -> bool:
    """Whether it belongs to the world, however it is written."""
    plain = _unwrapped(ip_address(address))
    return plain.is_global and not plain.is_multicast


def is_inside(address: str) -> bool:
    """Loopback and the private networks (RFC 1918, RFC 4193). Link-local is not: machines of a cloud keep their secrets there."""
    plain = _unwrapped(ip_address(address))
    elsewhere = plain.is_link_local or plain.is_unspecified or plain.is_multicast or plain.is_reserved or plain in METADATA
    return plain.is_loopback or (plain.is_private and not elsewhere)


def plain_host(host: str) -> str:
    """A host as it is compared: small letters, ASCII, no dot at the end, no brackets."""
    bare = host.strip("[]").rstrip(".").lower()
    if bare.isascii():
        return bare
    try:
        return bare.encode("idna").decode()
    except UnicodeError:
        return ""


def _unwrapped(address: Address) -> Address:
    """IPv4 in IPv6 clothes is IPv4 (mapped, 6to4, NAT64, Teredo)."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _shown(host: str) -> str:
    """Hosts come from outside; what a log shows of them has no tricks in it."""
    return "".join(each if each.isalnum() or each in ".-:" else "?" for each in host[:100])


async def _looked_up(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
