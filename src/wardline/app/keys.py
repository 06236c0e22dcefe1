"""The house's secrets while it runs: how old they are, what they protect, and renewing them without stopping."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import Conflict, NotFound

PROTECTS: Final = {
    "master": "Wraps every patient's key; renewed, all of them are wrapped again within seconds",
    "index": "Turns patient numbers into record keys, and draws ids of alerts; renewed, records made from then on use the new one",
    "token": "Signs access tokens; the former public key stays published until its tokens have ended",
}
BUSY_TRIES: Final = 100
BUSY_SECONDS: Final = 0.1


class Key(NamedTuple):
    """One secret, without its value."""

    name: str
    protects: str
    version: int
    kept: int
    """How many versions there are, the newest included."""
    made_at: datetime | None
    """None where it is kept outside."""
    origin: str
    """ "file", "key service", "environment"."""


class KeyRing:
    """The secrets of an open folder."""

    def __init__(self, folder: DataFolder, seal: SqliteSeal, others: Mapping[str, Callable[[], int]] | None = None) -> None:
        """`others` are secrets that their own part renews: name -> renew, which returns the new version."""
        self.folder = folder
        self.seal = seal
        self.others = others or {}
        self._busy = asyncio.Lock()

    def secrets(self) -> list[Key]:
        return [self._key(name, protects) for name, protects in PROTECTS.items()]

    @property
    def patients(self) -> int:
        """Keys of patients, and of those that a message speaks about together."""
        return self.seal.keys

    async def rotate(self, name: str) -> Key:
        """Make a new version and move to it, while messages go on being taken. Raises `NotFound`, `Conflict`, `Fault`."""
        if name not in PROTECTS:
            raise NotFound(f"there is no secret {name!r}; there are {', '.join(PROTECTS)}")
        if self._busy.locked():
            raise Conflict("a secret is being renewed already; wait until that is done")
        async with self._busy:
            if name == "master":
                await self._master()
            elif name == "index":
                self.folder.renew_index()
            elif name in self.others:
                self.others[name]()
            else:
                raise Conflict(f"the secret {name} cannot be renewed here")
        return self._key(name, PROTECTS[name])

    async def _master(self) -> None:
        self.folder.secrets.renew("master")
        self.seal.adopt(self.folder.master_key)
        for busy in moving_to_newest(self.folder, self.seal):
            await asyncio.sleep(BUSY_SECONDS if busy else 0)

    def _key(self, name: str, protects: str) -> Key:
        secrets = self.folder.secrets
        versions, made = secrets.versions(name), secrets.made_at(name)
        return Key(name, protects, max(versions), len(versions), datetime.fromtimestamp(made, UTC) if made else None, secrets.origin(name))


def moving_to_newest(folder: DataFolder, seal: SqliteSeal) -> Iterator[bool]:
    """Move the patients' keys to the newest master secret, some at each step; then destroy the former ones.

    Yields whether another process is reading the key file just now. Where that does not end, former secrets stay until the next start.
    """
    after, tries = 0, 0
    while (reached := seal.rewrap(after)) is not None:
        tries = tries + 1 if reached == after else 0
        if tries == BUSY_TRIES:
            return
        yield reached == after
        after = reached
    newest = max(folder.secrets.versions("master"))
    for version in [number for number in folder.secrets.versions("master") if number != newest]:
        folder.secrets.drop("master", version)
