"""What the site has agreed with its scanners and archives: our own AE title, who may call it, and what each of them may do here.

config/dicom.yaml in the data folder:

    ae_title: WARDLINE
    issuer: MAIN                # who assigned the patient numbers in images, where an image does not say
    stable_seconds: 30          # a study to which nothing was added for so long is complete
    largest_gib: 16             # of one instance
    peers:
      - {title: CT1, host: 10.1.2.3, port: 104, may: [store, commit, worklist, mpps]}
      - {title: PACS, host: pacs.example.org, port: 2762, may: [store, find, move, get], tls: {authority: /etc/wardline/hospital-ca.pem}}
    strangers: []               # what AE titles that are not listed may do

Without the file a Wardline that listens on this machine only lets every title do everything; any other lets nobody in.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import yaml

from wardline.core.errors import Refused
from wardline.intake.dicom.encryption import Encryption, encryption_in

RIGHTS: Final = ("store", "find", "move", "get", "commit", "worklist", "mpps")
STABLE_SECONDS: Final = 30
"""A series that must be repeated is to be known while the patient is still there."""
LARGEST_GIB: Final = 16
_LONGEST_TITLE: Final = 16


class Peer(NamedTuple):
    """An AE title on the other side. Without `host` nothing can be sent to it."""

    title: str
    may: frozenset[str]
    host: str = ""
    port: int = 104
    is_listed: bool = True
    encryption: Encryption | None = None
    """How it is called; None in clear."""


class Agreement(NamedTuple):
    """Everything in config/dicom.yaml."""

    ae_title: str = "WARDLINE"
    issuer: str = ""
    stable_seconds: int = STABLE_SECONDS
    largest_bytes: int = LARGEST_GIB << 30
    peers: Mapping[str, Peer] = {}
    strangers: frozenset[str] = frozenset()

    def peer(self, title: str) -> Peer | None:
        """None for one that may not call."""
        known = self.peers.get(title)
        if known is not None:
            return known
        return Peer(title, self.strangers, is_listed=False) if self.strangers else None


def open_agreement() -> Agreement:
    """Of a Wardline that nobody but this machine can reach, and that has agreed nothing."""
    return Agreement(strangers=frozenset(RIGHTS))


def read_agreement(text: str, name: str) -> Agreement:
    """Raises `Refused` naming what is wrong."""
    try:
        said = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise _wrong(name, f"it is not valid YAML: {error}") from None
    if not isinstance(said, dict) or set(said) - _KNOWN:
        unknown = sorted(map(str, set(said) - _KNOWN)) if isinstance(said, dict) else ["nothing"]
        raise _wrong(name, f"{unknown[0]} is not known; there are {', '.join(sorted(_KNOWN))}")
    peers = [_peer(each, name) for each in said.get("peers") or ()]
    if len({each.title for each in peers}) < len(peers):
        raise _wrong(name, "an AE title is listed twice")
    return Agreement(
        ae_title=_title(said.get("ae_title", "WARDLINE"), name),
        issuer=str(said.get("issuer") or ""),
        stable_seconds=_number(said.get("stable_seconds", STABLE_SECONDS), 1, 86_400, "stable_seconds", name),
        largest_bytes=_number(said.get("largest_gib", LARGEST_GIB), 1, 1024, "largest_gib", name) << 30,
        peers={each.title: each for each in peers},
        strangers=_rights(said.get("strangers") or (), name),
    )


_KNOWN: Final = {"ae_title", "issuer", "stable_seconds", "largest_gib", "peers", "strangers"}


def _peer(said: Any, name: str) -> Peer:
    if not isinstance(said, dict) or set(said) - {"title", "host", "port", "may", "tls"}:
        raise _wrong(name, "a peer has title, host, port and may, and tls where it is called that way")
    title, host = _title(said.get("title"), name), str(said.get("host") or "")
    port = _number(said.get("port", 104), 1, 65_535, "port", name)
    return Peer(title, _rights(said.get("may") or (), name), host, port, encryption=_encryption(said, title, name))


def _encryption(said: dict[str, Any], title: str, name: str) -> Encryption | None:
    if "tls" not in said:
        return None
    if not said.get("host"):
        raise _wrong(name, f"{title} has tls and no host: nobody is called there")
    try:
        return encryption_in(said["tls"])
    except Refused as refused:
        raise _wrong(name, f"{title}: {refused}") from None


def _title(said: Any, name: str) -> str:
    """PS3.5 6.2: 16 characters at most, no backslash, not only spaces."""
    title = said.strip() if isinstance(said, str) else ""
    if not title or len(title) > _LONGEST_TITLE or not title.isascii() or not title.isprintable() or "\\" in title:
        raise _wrong(name, f"{said!r} is no AE title: 1 to 16 ASCII characters without a backslash")
    return title


def _rights(said: Any, name: str) -> frozenset[str]:
    unknown = [each for each in said if each not in RIGHTS] if isinstance(said, list | tuple) else [said]
    if unknown:
        raise _wrong(name, f"{unknown[0]!r} is nothing a peer may do; there are {', '.join(RIGHTS)}")
    return frozenset(said)


def _number(said: Any, least: int, most: int, what: str, name: str) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not least <= said <= most:
        raise _wrong(name, f"{what} is a number from {least} to {most}")
    return said


def _wrong(name: str, reason: str) -> Refused:
    return Refused(f"{name}: {reason}", code="dicom", where=name)
