"""An audit trail to try things on: written by the real adapter, signed with a key of its own, and ways to tamper with its file."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded.audit import SqliteAudit
from wardline.formats.audit.entries import FIELDS, FIRST_LINK, canonical, leaf, link
from wardline.formats.audit.heads import HEADS, Head, Signer
from wardline.formats.audit.merkle import Frontier
from wardline.security.audit.verifying import Verdict, verify, witnessed

SECRET: Final = bytes(range(32))
OTHER: Final = bytes(range(1, 33))
BOARD: Final = ("ada", "ben", "cyd")


class Trail:
    """`entries` records, a head after every `every` of them, each also given to the witness."""

    def __init__(self, folder: Path, entries: int, *, every: int = 5) -> None:
        self.file, self.signer = folder / "audit.db", Signer(SECRET)
        self.witness = folder / f"{self.signer.log}{HEADS}"
        audit = SqliteAudit(self.file, self.signer, reserve=0)
        for first in range(0, entries, every):
            asyncio.run(_looks(audit, range(first, min(first + every, entries))))
            head = audit.sign()
            assert head is not None
            self.tell(head)
        audit.close()

    def tell(self, head: Head) -> None:
        with self.witness.open("a", encoding="utf-8") as file:
            file.write(head.line() + "\n")

    def verdict(self, *, with_witness: bool = False) -> Verdict:
        public = self.signer.public
        return verify(self.file, public, witnessed(self.witness, public) if with_witness else None, processes=1)

    def first_bad(self, *, with_witness: bool = False) -> tuple[int, int] | None:
        problem = self.verdict(with_witness=with_witness).problem
        return (problem.first, problem.last) if problem is not None else None

    # --- what somebody with the file can do ---

    def sql(self, *statements: tuple[Any, ...]) -> None:
        connection = sqlite3.connect(self.file)
        for statement, *values in statements:
            connection.execute(statement, values)
        connection.commit()
        connection.close()

    def drop(self, record: int) -> None:
        self.sql(("DELETE FROM entries WHERE id = ?", record))

    def close_up(self, record: int) -> None:
        """Take one out and number the others anew, so that no hole shows."""
        self.sql(
            ("DELETE FROM entries WHERE id = ?", record), ("UPDATE entries SET id = -id + 1 WHERE id > ?", record),
            ("UPDATE entries SET id = -id WHERE id < 0",),
        )  # fmt: skip

    def swap(self, one: int, other: int) -> None:
        self.sql(
            ("UPDATE entries SET id = -1 WHERE id = ?", one), ("UPDATE entries SET id = ? WHERE id = ?", one, other),
            ("UPDATE entries SET id = ? WHERE id = -1", other),
        )  # fmt: skip

    def cut(self, after: int, *, heads: bool) -> None:
        """`heads`: those that would tell are taken away too."""
        self.sql(("DELETE FROM entries WHERE id > ?", after), *([("DELETE FROM heads WHERE size > ?", after)] if heads else []))

    def alter(self, record: int, column: str, value: object) -> None:
        self.sql((f"UPDATE entries SET {column} = ? WHERE id = ?", value, record))

    def chain_anew(self, *, secret: bytes | None = None) -> None:
        """Make all links fit again; with a key also all heads."""
        connection = sqlite3.connect(self.file)
        before, tree = FIRST_LINK, Frontier()
        sizes = {size for (size,) in connection.execute("SELECT size FROM heads")}
        for row in connection.execute(f"SELECT {', '.join(FIELDS)} FROM entries ORDER BY id").fetchall():
            hashed = leaf(canonical(row))
            before = link(before, hashed)
            tree.add(hashed)
            connection.execute("UPDATE entries SET link = ? WHERE id = ?", (before, row[0]))
            if secret is not None and tree.size in sizes:
                head = Signer(secret).signed(tree.size, 0, tree.root, before)
                connection.execute(
                    "UPDATE heads SET log = ?, at = 0, root = ?, link = ?, signature = ? WHERE size = ?",
                    (head.log, head.root, head.link, head.signature, head.size),
                )
        connection.commit()
        connection.close()


async def _looks(audit: SqliteAudit, numbers: range) -> None:
    for number in numbers:
        about: Any = BOARD if number % 4 == 3 else f"patient{number % 7}"
        await audit.record(f"person{number % 3}", "board opened" if number % 4 == 3 else "patient opened", about, detail=str(number))


Tamper = Callable[[Trail], None]
