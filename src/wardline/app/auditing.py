"""Proof that the audit trail is whole: signed every minute, told to a second place, checked beside the house when somebody asks."""

import asyncio
import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded.audit import SqliteAudit
from wardline.api.services import AuditProof, ProofState
from wardline.core.errors import Conflict, Fault, Refused, WardlineError
from wardline.formats.audit.heads import HEADS, Head, head_in
from wardline.formats.audit.restores import ACTION, Restore

EVERY_SECONDS: Final = 60.0
PROCESSES: Final = 2
"""Of our own checking: the other processors belong to the ward."""
AT_ONCE: Final = 1_000
"""Heads told to a witness between two looks at the clock."""

Post = Callable[[str, bytes], Awaitable[None]]
"""Send bytes to an address; raises `Fault` when they were not taken."""


class Witness:
    """The second place: a folder on other storage, or an address that takes one head per request."""

    def __init__(self, place: str, log: str, kept: Path, post: Post, restored: Restore | None = None) -> None:
        self.place = place
        self._restored = restored
        self.is_address = place.startswith(("https://", "http://"))
        self._file = Path(place) / f"{log}{HEADS}"
        self._kept = kept
        self._post = post

    async def size(self) -> int:
        """How far it has been told."""
        if self.is_address:
            return int(self._kept.read_text(encoding="ascii")) if self._kept.exists() else 0
        return await asyncio.to_thread(_last_in, self._file, self._restored)

    async def tell(self, heads: list[Head]) -> None:
        """In order. Raises `Fault` or `OSError` when it cannot be reached; the next time goes on where this one ended."""
        if not self.is_address:
            await asyncio.to_thread(_append, self._file, heads)
            return
        for head in heads:
            await self._post(self.place, head.line().encode())
            self._kept.write_text(str(head.size), encoding="ascii")


def _restored(audit: SqliteAudit) -> Restore | None:
    """The last restore that went on with the trail."""
    signed = (entry for entry in audit.entries(action=ACTION) if "restored_at" in entry["detail"])
    entry = next(signed, None)
    if entry is None:
        return None
    said = entry["detail"]
    return Restore(entry["id"] - 1, b"", int(said["restored_at"]), datetime.fromisoformat(said["made_at"]))


def _last_in(file: Path, restored: Restore | None) -> int:
    """A line that was cut off by a crash does not count: it is written again. Nor do records that a restore has left behind: of those
    that took their numbers the witness has heard nothing yet.
    """
    sizes = [0]
    with contextlib.suppress(FileNotFoundError):
        for line in file.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(Refused):
                head = head_in(line)
                if restored is None or not restored.replaced(head):
                    sizes.append(head.size)
    return max(sizes)


def _append(file: Path, heads: list[Head]) -> None:
    with file.open("a+b") as stream:
        stream.seek(0, os.SEEK_END)
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        stream.write("".join(f"{head.line()}\n" for head in heads).encode())
        stream.flush()
        os.fsync(stream.fileno())


class Proof(AuditProof):
    """What the API shows of it, and the lane that keeps it up."""

    def __init__(self, audit: SqliteAudit, data: Path, place: str, post: Post) -> None:
        self.audit = audit
        self.data = data
        signer = audit.signer
        if signer is None:
            raise Fault("an audit trail without a key cannot be proved")
        self.public = signer.public.hex()
        self.log = signer.log
        self._witness = Witness(place, signer.log, data / "audit.witnessed", post, _restored(audit)) if place else None
        self._told, self._trouble, self._trouble_since = 0, "", None  # type: int, str, datetime | None
        self._result = data / "audit.verified.json"
        self._progress: tuple[int, int] | None = None
        self._running: asyncio.Task[None] | None = None

    # --- signing ---

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.renew()

    async def renew(self) -> None:
        """Sign what has come and tell the witness. What fails is said, and tried again a minute later."""
        with contextlib.suppress(sqlite3.Error):  # a full disk; the trail itself says so to everybody who wants to look
            await asyncio.to_thread(self.audit.sign)
        if self._witness is None:
            return
        try:
            self._told = await self._witness.size()
            while heads := self.audit.heads(self._told, AT_ONCE):
                await self._witness.tell(heads)
                self._told = heads[-1].size
        except (OSError, WardlineError) as error:
            self._trouble = error.strerror or "it cannot be written" if isinstance(error, OSError) else str(error)
            self._trouble_since = self._trouble_since or datetime.now(UTC)
        else:
            self._trouble, self._trouble_since = "", None

    async def state(self) -> ProofState:
        return ProofState(
            self.public, self.log, await asyncio.to_thread(self.audit.size), self._witness.place if self._witness is not None else "", self._told,
            self._trouble, self._trouble_since,
        )  # fmt: skip

    def newest_heads(self, limit: int) -> list[Head]:
        return self.audit.newest_heads(limit)

    def problems(self) -> list[str]:
        """For the system page."""
        found = []
        if self._trouble_since is not None:
            found.append("the witness of the audit trail takes no heads; Wardline goes on and tells it later")
        last = self.verified()
        if last is not None and last["problem"]:
            found.append(f"the audit trail is not whole: {last['problem']}")
        return found

    # --- verifying ---

    def verified(self) -> dict[str, Any] | None:
        """The last result, whoever asked for it; it outlives a restart."""
        try:
            result: dict[str, Any] = json.loads(self._result.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return result

    @property
    def progress(self) -> tuple[int, int] | None:
        """(records done, records in all) while one runs."""
        return self._progress

    def verify(self) -> None:
        """Begin, in a process of its own. Raises `Conflict` while one runs."""
        if self._running is not None and not self._running.done():
            raise Conflict("the audit trail is being verified; wait for the result")
        self._progress = (0, 0)
        self._running = asyncio.create_task(self._verify(), name="verifying the audit trail")

    async def _verify(self) -> None:
        words = ["audit", "verify", "--json", "--processes", str(PROCESSES), "--data", str(self.data)]
        if self._witness is not None and not self._witness.is_address:
            words += ["--witness", self._witness.place]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "wardline", *words, stdout=pipe, stderr=pipe)
        try:
            assert process.stdout is not None
            async for line in process.stdout:
                self._heard(json.loads(line))
            if await process.wait() == 2:
                self._keep({"problem": "it could not be read; look at the system page", "records": 0, "signed": 0, "witnessed": None, "heads": 0})
        finally:
            self._progress = None
            if process.returncode is None:
                process.kill()
                await process.wait()

    def _heard(self, said: dict[str, Any]) -> None:
        if "done" in said:
            self._progress = (said["done"], said["of"])
        else:
            self._keep(said)

    def _keep(self, result: dict[str, Any]) -> None:
        self._result.write_text(json.dumps({"at": datetime.now(UTC).isoformat(), **result}), encoding="utf-8")

    async def close(self) -> None:
        """The last head goes to the witness before the house ends."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self.renew()
