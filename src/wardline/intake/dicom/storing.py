"""C-STORE (PS3.4 B): the object goes to the store while it is still arriving, and success is said when nothing can lose it any more.

What cannot be filed is kept as well, put aside with the reason, and the sender hears a failure that names it.
"""

from typing import Final

import structlog

from wardline.core.errors import Fault, StorageBroken, StorageFull
from wardline.core.images import ArrivingInstance, Images, Stored
from wardline.intake.dicom.commands import SUCCESS, Command
from wardline.intake.dicom.negotiation import Context

log = structlog.get_logger()

OUT_OF_RESOURCES: Final = 0xA700
DOES_NOT_MATCH: Final = 0xA900
"""Error: Data Set does not match SOP Class (PS3.4 B.2.3)."""
CANNOT_UNDERSTAND: Final = 0xC000
ANOTHER_OBJECT: Final = 0xC001
ANOTHER_PATIENT: Final = 0xC002
_STATUS: Final = {"mismatch": DOES_NOT_MATCH, "double": ANOTHER_OBJECT, "patient": ANOTHER_PATIENT}


class Storing:
    """The data set of one C-STORE request, on its way to the store."""

    def __init__(self, images: Images, context: Context, command: Command, *, source: str, most_bytes: int) -> None:
        self._most = most_bytes
        self._uid = command.get("AffectedSOPInstanceUID", "")
        self._wrong = (
            "" if command.get("AffectedSOPClassUID") == context.abstract_syntax else "its SOP class is not the one of its presentation context"
        )
        self._failed: tuple[int, str] | None = None
        self._arriving: ArrivingInstance | None = None
        self.broken: StorageBroken | None = None
        """The disk refused a durable write: this process must stop."""
        try:
            self._arriving = images.begin(
                sop_class=command.get("AffectedSOPClassUID", ""), sop_instance=self._uid, syntax=context.transfer_syntax, source=source
            )
        except Fault as fault:
            self._fail(fault)

    def write(self, content: memoryview) -> None:
        """After a failure the rest is let go by: the sender must send all of it before it can hear of it."""
        if self._arriving is None:
            return
        if self._arriving.size + len(content) > self._most:
            self._drop(OUT_OF_RESOURCES, f"more than {self._most} bytes")
            return
        try:
            self._arriving.write(content)
        except Fault as fault:
            self._arriving.abandon()
            self._fail(fault)

    def finish(self) -> tuple[int, str]:
        """Status and comment."""
        if self._arriving is None:
            return self._failed or (OUT_OF_RESOURCES, "")
        try:
            stored = self._arriving.finish(wrong=self._wrong)
        except Fault as fault:
            self._fail(fault)
            return self._failed or (OUT_OF_RESOURCES, "")
        return _answer(stored)

    def abandon(self) -> None:
        if self._arriving is not None:
            self._arriving.abandon()

    def _drop(self, status: int, comment: str) -> None:
        self.abandon()
        self._arriving, self._failed = None, (status, comment)

    def _fail(self, fault: Fault) -> None:
        self._arriving = None
        self._failed = (OUT_OF_RESOURCES, "the disk is full" if isinstance(fault, StorageFull) else "it could not be stored; send it again")
        if isinstance(fault, StorageBroken):
            self.broken = fault
        log.error("instance_not_stored", reason=str(fault))


def _answer(stored: Stored) -> tuple[int, str]:
    if stored.outcome in ("stored", "already"):
        return SUCCESS, ""
    return _STATUS.get(stored.code, CANNOT_UNDERSTAND), f"kept aside: {stored.reason}"
