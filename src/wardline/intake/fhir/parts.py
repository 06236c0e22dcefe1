"""What an import brings in one piece, and how it is known again when it is continued."""

import hashlib
from collections.abc import AsyncIterator, Callable, Container, Mapping
from typing import NamedTuple, Protocol

from wardline.formats.fhir.resources import Resource


class Part(NamedTuple):
    """One file, or one patient. `named`: what the fullUrls of a bundle stand for."""

    key: str
    resources: tuple[Resource, ...]
    named: Mapping[str, str] = {}


class Source(Protocol):
    """Another server, or a folder of files."""

    name: str
    """What ids and meta.source are made of: the server's address."""
    failures: list[tuple[str, str]]
    """What could not be had, and why."""
    until: str
    """What is here when everything has been taken: the next import asks for what changed after it."""

    def parts(self, done: Container[str]) -> AsyncIterator[Part]:
        """Everything whose key is not among those that are done."""
        ...


Told = Callable[[str], None]


def key_of(*words: str) -> str:
    """Names nobody to whoever reads the list of what is done."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:32]
