"""The four families of failure, decided once: whose fault it is says what happens next."""


class WardlineError(Exception):
    """A failure that a person can read: one sentence, identifiers at most, never clinical content."""


class Refused(WardlineError):
    """The sender's fault: a bad message or request. Quarantined or answered 400, never partly taken.

    `code` is a stable word for programs ("segment-missing"), `where` an HL7 location such as "OBX-2(3)-5" or a field name,
    `rejected` is true when resending the same thing can never help (HL7 AR instead of AE).
    """

    def __init__(self, reason: str, *, code: str = "invalid", where: str = "", rejected: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.where = where
        self.rejected = rejected


class NotAllowed(WardlineError):
    """The situation forbids it: 403, audited, one sentence on what to do.

    `remedy` is what the person could do about it at once, for screens that offer it: "break-glass", "step-up".
    """

    def __init__(self, reason: str, *, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy


class NotFound(WardlineError):
    """There is no such thing for this person: 404."""


class Erased(NotFound):
    """It was here and has been erased for good, as somebody decided: neither damaged nor lost."""


class Conflict(WardlineError):
    """Someone else was first, or the state does not permit this step: 409."""


class Fault(WardlineError):
    """Ours: a bug, a disk, a time-out. Retried, then put aside and paged; no detail leaves the house."""


class StorageFull(Fault):
    """Nothing more can be stored; senders are told to keep their messages."""


class StorageBroken(Fault):
    """The disk refused a durable write. Never retried: the process stops and recovers from the last durable point."""
