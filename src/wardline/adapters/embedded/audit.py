"""Who did what to whom, in a file of its own, durable before the answer leaves."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded import schema
from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.errors import Fault

VIEWERS_SHOWN: Final = 50


class SqliteAudit:
    """`Audit`: everything asked for in one turn of the event loop becomes one commit."""

    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        # Nobody else writes here, so a lock is a fault; the clinical loop does not wait long for it.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.5)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        if fresh:
            self._connection.executescript(schema.AUDIT)
        self._waiting: list[tuple[tuple[Any, ...], asyncio.Future[None]]] = []
        self.failed_since: datetime | None = None

    async def record(self, who: str, action: str, about: str = "", **detail: str) -> None:
        """Returns once the entry is durable. Raises `Fault` when it cannot be written: then nothing may be shown."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        entry = (microseconds(datetime.now(UTC)), who, action, about, json.dumps(detail, sort_keys=True) if detail else "")
        if not self._waiting:
            loop.call_soon(self._write)
        self._waiting.append((entry, done))
        await done

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT INTO entries (at, who, action, about, detail) VALUES (?, ?, ?, ?, ?)", [entry for entry, _ in waiting]
            )
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self.failed_since = self.failed_since or datetime.now(UTC)
            for _, done in waiting:
                if not done.done():
                    done.set_exception(Fault(f"the audit trail cannot be written, so patient data cannot be shown: {error}"))
            return
        self.failed_since = None
        for _, done in waiting:
            if not done.done():
                done.set_result(None)

    def entries(self, *, about: str = "", who: str = "", limit: int = 200) -> list[Mapping[str, Any]]:
        conditions = [f"{column} = ?" for column, value in (("about", about), ("who", who)) if value]
        values = [value for value in (about, who) if value]
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self._connection.execute(f"SELECT id, at, who, action, about, detail FROM entries {where} ORDER BY id DESC LIMIT ?", (*values, limit))
        return [
            {"id": id, "at": moment(at), "who": name, "action": action, "about": subject, "detail": json.loads(detail) if detail else {}}
            for id, at, name, action, subject, detail in rows
        ]

    def viewers(self, about: str) -> tuple[str, ...]:
        """Everybody who has looked at a patient, latest first."""
        rows = self._connection.execute(
            "SELECT who, max(id) AS last FROM entries WHERE about = ? GROUP BY who ORDER BY last DESC LIMIT ?", (about, VIEWERS_SHOWN)
        )
        return tuple(who for who, _ in rows)

    def close(self) -> None:
        self._connection.close()
