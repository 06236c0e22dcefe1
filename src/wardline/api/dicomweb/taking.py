"""One instance that comes over the web, taken into the store while it arrives, and what became of it (PS3.18 10.5.3)."""

import asyncio
from typing import Any, Final, NamedTuple

from wardline.api.dicomweb.seeing import StudySight
from wardline.core.errors import NotAllowed, Refused, StorageFull
from wardline.core.images import ArrivingInstance, Stored
from wardline.formats.dicom.part10 import Head, read_head

HEAD: Final = 64 * 1024 + 144
"""Bytes in which a file must have said what it is."""
PIECE: Final = 1024 * 1024
# Failure Reason (PS3.18 10.5.3, PS3.3 C.14.1.1) and the statuses of C-STORE (PS3.4 B.2.3).
NOT_ALLOWED, DUPLICATE, NO_SPACE, MISMATCH, NOT_UNDERSTOOD = 0x0124, 0x0111, 0xA700, 0xA900, 0xC000
_FAILURES: Final = {"mismatch": MISMATCH, "double": DUPLICATE}
OTHER_STUDY: Final = "it belongs to another study than the address says"


class Outcome(NamedTuple):
    """What became of one part."""

    head: Head | None
    stored: Stored | None = None
    failure: int = 0
    reason: str = ""


class OtherStudy(Refused):
    """The instance is not of the study it was sent to."""


class Taking:
    """One part while it arrives. Nothing of it counts before its end; after a failure the rest of it is passed over."""

    def __init__(self, sight: StudySight, study: str) -> None:
        self._sight = sight
        self._study = study
        self._held = bytearray()
        self._head: Head | None = None
        self._arriving: ArrivingInstance | None = None
        self._failed: Outcome | None = None
        self._loop = asyncio.get_running_loop()

    async def take(self, piece: bytes) -> None:
        if self._failed is not None:
            return
        self._held += piece
        if len(self._held) >= (PIECE if self._arriving is not None else HEAD):
            await self._tried(self._write)

    async def end(self) -> Outcome:
        stored: Stored | None = await self._tried(self._finish) if self._failed is None else None
        if self._failed is not None or stored is None:
            return self._failed or Outcome(self._head, failure=NOT_UNDERSTOOD)
        if stored.outcome == "quarantined":
            return Outcome(self._head, stored, _FAILURES.get(stored.code, NOT_UNDERSTOOD), stored.reason)
        return Outcome(self._head, stored)

    def abandon(self) -> None:
        if self._arriving is not None:
            self._arriving.abandon()
            self._arriving = None

    async def _tried(self, act: Any) -> Any:
        """In a thread; what goes wrong is this part's outcome and no other's."""
        try:
            return await asyncio.to_thread(act)
        except StorageFull as full:
            self._fail(NO_SPACE, str(full))
        except NotAllowed as refusal:
            self._fail(NOT_ALLOWED, str(refusal))
        except OtherStudy as refusal:
            self._fail(MISMATCH, str(refusal))
        except Refused as refusal:
            self._fail(NOT_UNDERSTOOD, str(refusal))
        await asyncio.to_thread(self.abandon)
        return None

    def _fail(self, failure: int, reason: str) -> None:
        self._failed = Outcome(self._head, None, failure, reason)

    def _write(self) -> None:
        if self._arriving is None:
            self._head = head = read_head(bytes(self._held))
            self._arriving = self._sight.house.images.begin(
                sop_class=head.sop_class, sop_instance=head.sop_instance, syntax=head.syntax, source=self._sight.person.id
            )
            del self._held[: head.length]
        self._arriving.write(bytes(self._held))
        self._held.clear()

    def _finish(self) -> Stored:
        self._write()
        assert self._arriving is not None
        arriving, self._arriving = self._arriving, None
        return arriving.finish(agree=self._agree)

    def _agree(self, study: str) -> None:
        """Called in the thread that finishes: who may what is asked in the loop, where alone the house is looked at."""
        if self._study and study != self._study:
            raise OtherStudy(OTHER_STUDY)
        asyncio.run_coroutine_threadsafe(self._may(study), self._loop).result()

    async def _may(self, study: str) -> None:
        self._sight.need_write(study)
