"""Forgetting patients: what the log keeps of them beside its history goes, then their keys. The rows stay, closed for good.

The register comes first and the keys last; what is interrupted in between is finished when the data are opened next.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from wardline.adapters.embedded import identity_schema
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.packing import microseconds, moment
from wardline.adapters.embedded.sealing import HOUSE, SNAPSHOTS, SqliteSeal
from wardline.adapters.embedded.stored import owner_of_message
from wardline.core.errors import Conflict, Fault


class Forgetting:
    """Carries out erasures on one data folder. What it changes in the log is committed by whoever called."""

    def __init__(self, log: SqliteLog, register: ErasureRegister) -> None:
        self.log = log
        self.register = register
        self.elsewhere: Callable[[Collection[str]], Iterable[str]] = lambda records: ()
        """How the register names what is kept of these records outside the log: their images."""

    def last_contact(self, records: Collection[str]) -> datetime | None:
        """When something was last said about any of these records."""
        found = [at for (at,) in self.log.ask(_LAST, (json.dumps(list(records)),)) if at is not None]
        return moment(max(found)) if found else None

    def erase(self, erasure: str, records: Collection[str], named: Collection[tuple[str, ...]], *, at: datetime) -> int:
        """Erase these records; returns how many keys were destroyed. `named` are words that, together in a message nobody could
        read, mean that it is about them.
        """
        owners = {*records, *self.elsewhere(records), *(owner_of_message(seq) for seq in self._unattributed(named))}
        self.register.add(erasure, at, owners)
        return self._carry_out(erasure, owners, at)

    def catch_up(self) -> int:
        """Carry out what stands in the register and these keys have not been through: they come from a backup, or a machine stopped
        halfway. Before anything else reads the log.
        """
        check_register(self.register, self.log.seal)
        self.register.begin()
        missed = [entry for entry in self.register.entries() if entry.erasure not in self.log.seal.erasures]
        for entry in missed:
            self._carry_out(entry.erasure, entry.owners, entry.at)
        if self.log.seal.destroyed:
            self._clear(self.log.seal.destroyed)
            self.log.commit()
            self.log.seal.wipe()
        return len(missed)

    def carried_out(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every erasure and whose keys it destroyed, as the register says."""
        return tuple((entry.erasure, entry.owners) for entry in self.register.entries())

    def erased(self) -> list[str]:
        """Every record that there is no more."""
        return [owner for entry in self.register.entries() for owner in entry.owners]

    def _carry_out(self, erasure: str, owners: Collection[str], at: datetime) -> int:
        self._close_accounts(owners)
        keys = self.log.seal.keys_of((*owners, SNAPSHOTS))
        self._dismiss(keys, at)
        self._clear(keys)
        return len(self.log.seal.destroy(owners, erasure))

    def forget_sessions(self, before: datetime) -> int:
        """Remove sessions that ended before then; returns how many there were."""
        return self._change_accounts(("DELETE FROM sessions WHERE ends_at < ?",), microseconds(before))

    def _close_accounts(self, owners: Collection[str]) -> None:
        """A patient's own account names them: it is closed, and what names them there is overwritten on the disk."""
        self._change_accounts(_ACCOUNTS, json.dumps(list(owners)))

    def _change_accounts(self, statements: Iterable[str], value: int | str) -> int:
        path = self.log.folder.parent / "identities.db"
        if not path.exists():
            return 0
        with closing(identity_schema.opened(path)) as accounts:
            accounts.execute("PRAGMA secure_delete = ON")
            changed = sum(accounts.execute(statement, (value,)).rowcount for statement in statements)
            accounts.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return changed

    def _dismiss(self, keys: Collection[int], at: datetime) -> None:
        """Nobody can repair a message that does not open: it waits for nobody."""
        waiting = [seq for (seq,) in self.log.ask(_QUARANTINED, (json.dumps(list(keys)),)) if not self.log.settlement(seq)]
        house = self.log.seal.key_for((HOUSE,))
        rows = [self.log.vault.settlement_row(seq, "dismissed", "", at, "", house) for seq in waiting]
        self.log.changing().run_many("INSERT OR REPLACE INTO settlements VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def _clear(self, keys: Collection[int]) -> None:
        """What is not history: lines of the directory, what waits to leave the house, and folded state, which is about everybody."""
        file, numbers = self.log.changing(), json.dumps(list(keys))
        for statement in _CLEARED:
            file.run(statement, (numbers,))

    def _unattributed(self, named: Collection[tuple[str, ...]]) -> Iterator[int]:
        """Messages in quarantine that name no patient anybody could make out, and yet say these words."""
        wanted = [[_as_a_word(word) for word in words] for words in named if all(words)]
        for (seq,) in list(self.log.ask("SELECT seq FROM messages WHERE state = 1")):
            if self.log.seal.knows(owner_of_message(seq)):
                try:
                    raw = self.log.raw(seq)
                except Fault:  # damaged: nobody can read it any more, whoever it was about
                    continue
                if any(all(word.search(raw) for word in words) for words in wanted):
                    yield seq


def last_contacts(files: Iterable[Path], before: datetime) -> dict[str, datetime]:
    """Records about which nothing was said any more since then, and when something last was. In any thread: it opens the files anew."""
    latest: dict[str, int] = {}
    for path in files:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for record, at in connection.execute("SELECT record, max(occurred_at) FROM rows GROUP BY record"):
                latest[record] = max(at, latest.get(record, at))
    limit = microseconds(before)
    return {record: moment(at) for record, at in latest.items() if at < limit and "/" not in record}


def check_register(register: ErasureRegister, seal: SqliteSeal) -> None:
    """Raise `Fault` when there have been erasures and their register is gone: without it a restore would bring people back."""
    if seal.erasures and not register.exists:
        raise Fault(f"the register of erasures {register.path} is missing; put it back, or set `erasures` to where it is")


def check_caught_up(register: ErasureRegister, seal: SqliteSeal) -> None:
    """Raise `Conflict` when these keys open what has been erased since they were copied."""
    check_register(register, seal)
    if any(entry.erasure not in seal.erasures for entry in register.entries()):
        raise Conflict("these keys are older than the register of erasures; start Wardline on the folder once, which carries them out")


def _as_a_word(text: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![0-9A-Za-z])" + re.escape(text.encode()) + rb"(?![0-9A-Za-z])", re.IGNORECASE)


_THESE: Final = "(SELECT value FROM json_each(?))"
_THEIRS: Final = f"(SELECT id FROM users WHERE patient IN {_THESE})"
_ACCOUNTS: Final = (
    f"DELETE FROM sessions WHERE user IN {_THEIRS}",
    f"DELETE FROM authenticators WHERE user IN {_THEIRS}",
    f"DELETE FROM links WHERE user IN {_THEIRS}",
    f"UPDATE users SET login = 'erased-' || id, name = 'Erased', password = '', active = 0, patient = '' WHERE patient IN {_THESE}",
)
_LAST: Final = f"SELECT max(occurred_at) FROM rows WHERE record IN {_THESE}"
_QUARANTINED: Final = f"SELECT seq FROM messages WHERE state = 1 AND key IN {_THESE}"
_CLEARED: Final = (
    f"DELETE FROM directory WHERE key IN {_THESE}",
    f"UPDATE outbox SET done = 1, payload = x'' WHERE done = 0 AND seal IN {_THESE}",
    f"DELETE FROM snapshots WHERE key IN {_THESE}",
)
