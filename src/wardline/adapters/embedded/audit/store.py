"""The audit trail as the house uses it: record before showing, search, sign."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded.audit.reserve import BYTES, Reserve
from wardline.adapters.embedded.audit.schema import opened
from wardline.adapters.embedded.audit.searching import Wanted, found, viewers
from wardline.adapters.embedded.audit.writing import Draft, Writer
from wardline.adapters.embedded.packing import microseconds
from wardline.core.people import Person
from wardline.core.trail import ASKED, SUCCESS, Asked
from wardline.formats.audit.entries import FIRST_LINK, clean, digest_of
from wardline.formats.audit.heads import Head, Signer

VIEWERS_SHOWN: Final = 50
UNITS: Final = "units"
"""In an entry's detail: the units the person worked in at that moment; not there for the whole house."""
REMEMBERED: Final = 1_000
"""Lists of records shown together whose digest need not be made again."""
_ENCODE: Final = json.JSONEncoder(sort_keys=True).encode
NOBODY: Final = Person("", "", frozenset(), purpose="")


class SqliteAudit:
    """`Audit`: everything asked for until the disk is free again becomes one commit, in a thread of its own."""

    def __init__(self, path: Path, signer: Signer | None = None, *, reserve: int = BYTES) -> None:
        """Without a `signer` entries are chained but no head is signed: for a command beside the house."""
        self.path = path
        self._connection = opened(path)
        space = Reserve(path.with_name("audit.reserve"), reserve if signer is not None else 0)
        space.take()
        self._writer = Writer(self._connection, space, signer)
        self._waiting: list[Draft] = []
        self._lists: dict[tuple[str, ...], tuple[str, tuple[str, ...], str]] = {}

    @property
    def failed_since(self) -> datetime | None:
        return self._writer.failed_since

    @property
    def reserve_used_since(self) -> datetime | None:
        """Since when the trail lives on the space that was kept free for it."""
        return self._writer.reserve_used_since

    @property
    def signer(self) -> Signer | None:
        return self._writer.signer

    async def record(self, who: Person | str, action: str, about: str | Sequence[str] = "", *, outcome: str = SUCCESS, **detail: str) -> None:
        """Returns once the entry is durable. Raises `Fault` when it cannot be written: then nothing may be shown."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        asked = ASKED.get()
        if not self._waiting:
            loop.call_soon(self._hand_over)
        self._waiting.append(self._draft(_person(who, asked), asked, action, about, outcome, detail, done))
        await done
        if asked is not None:
            asked.outcomes.append(outcome)

    def _hand_over(self) -> None:
        """Whatever has been asked for in this turn of the loop."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._writer.write(waiting)

    def _draft(self, person: Person, asked: Asked | None, action: str, about: str | Sequence[str], outcome: str, detail: Mapping[str, str],
               done: "asyncio.Future[None]") -> Draft:  # fmt: skip
        single, several, digest = (about, (), "") if isinstance(about, str) else self._together(tuple(about))
        door = (asked.door, asked.query, asked.request) if asked is not None else ("", "", "")
        # In `detail`, where entries of before this was kept hash to what they hashed to.
        said = _ENCODE({**detail, UNITS: ", ".join(person.units)} if person.units else detail) if detail or person.units else ""
        fields: tuple[str, ...] = (
            person.id, " ".join(sorted(person.roles)), person.client, person.session, asked.address if asked is not None else "", person.purpose,
            action, outcome, single, digest, *door,
        )  # fmt: skip
        whole = "".join(fields)
        if not (whole.isascii() and whole.isprintable()):
            fields = tuple(map(clean, fields))
        return Draft((microseconds(datetime.now(UTC)), *fields, said), several, done)

    def _together(self, records: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
        """The one record, or several and the digest of their list: boards are opened again and again with the same patients."""
        known = self._lists.get(records)
        if known is None:
            several = tuple(sorted(set(records)))
            known = ("", several, digest_of(several)) if len(several) > 1 else (several[0] if several else "", (), "")
            if len(self._lists) >= REMEMBERED:
                self._lists.clear()
            self._lists[records] = known
        return known

    def entries(
        self,
        *,
        about: str = "",
        who: str = "",
        action: str = "",
        outcome: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        before: int = 0,
        limit: int = 200,
    ) -> list[Mapping[str, Any]]:
        """May be called from any thread: it reads what is durable, through a connection of its own."""
        with closing(self._reading()) as connection:
            return list(found(connection, Wanted(about, who, action, outcome, since, until, before, limit)))

    def viewers(self, about: str) -> tuple[str, ...]:
        """Everybody who has looked at a patient, latest first."""
        with closing(self._reading()) as connection:
            return viewers(connection, about, VIEWERS_SHOWN)

    def actions(self) -> list[str]:
        """Every word for what has been done, for a search that suggests."""
        with closing(self._reading()) as connection:
            return [action for (action,) in connection.execute(_ACTIONS)]

    def heads(self, after: int = 0, limit: int = 1_000_000) -> list[Head]:
        """Signed heads in order, of trails longer than `after`."""
        return self._heads("WHERE size > ? ORDER BY size LIMIT ?", after, limit)

    def newest_heads(self, limit: int) -> list[Head]:
        """The newest first."""
        return self._heads("ORDER BY size DESC LIMIT ?", limit)

    def _heads(self, which: str, *values: int) -> list[Head]:
        with closing(self._reading()) as connection:
            return [Head(*row) for row in connection.execute(f"SELECT log, size, at, root, link, signature FROM heads {which}", values)]

    def size(self) -> int:
        with closing(self._reading()) as connection:
            (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()
        return int(last)

    def end(self) -> tuple[int, bytes]:
        """How many entries there are, and what the next one will be chained to."""
        with closing(self._reading()) as connection:
            last = connection.execute("SELECT id, link FROM entries ORDER BY id DESC LIMIT 1").fetchone()
        return (int(last[0]), bytes(last[1])) if last is not None else (0, FIRST_LINK)

    def sign(self) -> Head | None:
        """Sign the trail as it stands and wait for it; None when nothing has come since the last time. Not for the loop."""
        head: Head | None = self._writer.call(self._writer.sign)
        return head

    def close(self) -> None:
        """Whatever was asked for is written, the end is signed."""
        self._hand_over()
        if self.signer is not None:
            try:
                self.sign()
            except sqlite3.Error:  # a disk that takes nothing: the last head stands, and what came after it is chained
                self._writer.failed_since = self._writer.failed_since or datetime.now(UTC)
        self._writer.close()
        self._connection.close()

    def _reading(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, check_same_thread=False, timeout=0.5)


# Each step of the recursion jumps to the next word in the index: a long trail is not read through.
_ACTIONS: Final = """
WITH RECURSIVE words(word) AS (
    SELECT min(action) FROM entries UNION ALL SELECT (SELECT min(action) FROM entries WHERE action > word) FROM words WHERE word IS NOT NULL
) SELECT word FROM words WHERE word IS NOT NULL
"""


def _person(who: Person | str, asked: Asked | None) -> Person:
    """Who it is in full: a door may name only the account of whoever it let in."""
    if isinstance(who, Person):
        return who
    if asked is not None and asked.person is not None and asked.person.id == who:
        return asked.person
    return NOBODY._replace(id=who)
