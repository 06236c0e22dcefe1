"""Which change of a workitem's state is possible when: the state table of the Unified Procedure Step (PS3.4 Table CC.1.1-2)."""

from typing import Final

from wardline.core.errors import Refused
from wardline.formats.dicom.ups import CANCELED, COMPLETED, IN_PROGRESS, SCHEDULED

DONE: Final = "0000"
ALREADY_CANCELED, ALREADY_COMPLETED = "B304", "B306"
"""Warnings: nothing changes, and that is what was asked for."""
OVER, WRONG_LOCK, CLAIMED, NOT_BACK, NOT_FINISHED = "C300", "C301", "C302", "C303", "C304"
UNKNOWN, NOT_CLAIMED, IS_COMPLETED, DUPLICATE = "C307", "C310", "C311", "0111"

STATES: Final = ("", SCHEDULED, IN_PROGRESS, COMPLETED, CANCELED)
# Rows: what is asked, and whether the Transaction UID is right. Columns: the states above; "" for a workitem that does not exist.
# Read in an implementation that cites the table, and in PS3.18 11.6 to 11.8, which names the warnings.
TABLE: Final[dict[tuple[str, bool], tuple[str, str, str, str, str]]] = {
    ("create", True):        (DONE,    DUPLICATE,   DUPLICATE,  DUPLICATE,         DUPLICATE),
    (IN_PROGRESS, True):     (UNKNOWN, DONE,        CLAIMED,    OVER,              OVER),
    (IN_PROGRESS, False):    (UNKNOWN, WRONG_LOCK,  WRONG_LOCK, WRONG_LOCK,        WRONG_LOCK),
    (SCHEDULED, True):       (UNKNOWN, NOT_BACK,    NOT_BACK,   NOT_BACK,          NOT_BACK),
    (SCHEDULED, False):      (UNKNOWN, NOT_BACK,    NOT_BACK,   NOT_BACK,          NOT_BACK),
    (COMPLETED, True):       (UNKNOWN, NOT_CLAIMED, DONE,       ALREADY_COMPLETED, OVER),
    (COMPLETED, False):      (UNKNOWN, WRONG_LOCK,  WRONG_LOCK, WRONG_LOCK,        WRONG_LOCK),
    (CANCELED, True):        (UNKNOWN, NOT_CLAIMED, DONE,       OVER,              ALREADY_CANCELED),
    (CANCELED, False):       (UNKNOWN, WRONG_LOCK,  WRONG_LOCK, WRONG_LOCK,        WRONG_LOCK),
    ("request cancel", True): (UNKNOWN, DONE,       DONE,       IS_COMPLETED,      ALREADY_CANCELED),
}  # fmt: skip

# The words of PS3.18 11.6.3.2 and 11.7.3.2.
MISSING: Final = "The Transaction UID is missing."
INCORRECT: Final = "The Transaction UID is incorrect."
UNCLAIMED: Final = "The target URI did not reference a claimed Workitem."
INCONSISTENT: Final = "The submitted request is inconsistent with the state of the UPS Instance."
INCONSISTENT_UPDATE: Final = "The submitted request is inconsistent with the current state of the Workitem."
CONFLICTS: Final = frozenset({OVER, CLAIMED, NOT_FINISHED, NOT_CLAIMED, IS_COMPLETED, DUPLICATE})
"""What is 409 over the web: the state does not permit it. The others are 400 (PS3.18 11.6.3, 11.7.3, 11.8.3)."""
STANDING: Final = {
    ALREADY_CANCELED: "The UPS is already in the requested state of CANCELED.",
    ALREADY_COMPLETED: "The UPS is already in the requested state of COMPLETED.",
}


class StepRefused(Refused):
    """A request that does not fit the state of its workitem. `code` is the status of PS3.4; `warning` and `status` are how PS3.18 says it."""

    def __init__(self, code: str, reason: str, warning: str, status: int = 0) -> None:
        super().__init__(reason, code=code)
        self.warning = warning
        self.status = status or (409 if code in CONFLICTS else 400)


def answer_to(asked: str, state: str, *, lock: str, given: str) -> str:
    """What becomes of a request for a state: `DONE` or a warning. Raises `StepRefused`.

    `lock` is the Transaction UID of whoever has claimed it, `given` the one in the request. Who claims makes a new one.
    """
    is_right = bool(given) if state == SCHEDULED else bool(given) and given == lock
    status = TABLE[asked, is_right or asked in ("create", "request cancel")][STATES.index(state)]
    if status == DONE or status in STANDING:
        return status
    raise StepRefused(status, *_refusal(status, state, given))


def _refusal(status: str, state: str, given: str) -> tuple[str, str]:
    match status:
        case "C301":
            who = "only whoever claimed this workitem changes it" if given else "send the Transaction UID (0008,1195) with it"
            return f"{who} (PS3.4 CC.2.1)", INCORRECT if given else MISSING
        case "C302":
            return "this workitem is claimed already", INCONSISTENT
        case "C303":
            return "a workitem does not go back to SCHEDULED; make another one", INCONSISTENT
        case "C310":
            return "claim it first: change its state to IN PROGRESS", UNCLAIMED
        case "0111":
            return "there is a workitem with this UID already", INCONSISTENT
        case _:
            return f"this workitem is {state}, and stays so", INCONSISTENT


def may_update(state: str, *, lock: str, given: str) -> None:
    """Whether attributes may be set (PS3.4 CC.2.6.3): while it waits by whoever may, then by the performer. Raises `StepRefused`."""
    if state in (COMPLETED, CANCELED):
        raise StepRefused(OVER, f"this workitem is {state}, and stays so", INCONSISTENT_UPDATE, status=400)  # PS3.18 11.6.2: shall be 400
    if state == SCHEDULED and given:
        raise StepRefused(NOT_CLAIMED, "nobody has claimed this workitem; leave the Transaction UID out", UNCLAIMED)
    if state == IN_PROGRESS and given != lock:
        raise StepRefused(WRONG_LOCK, *_refusal(WRONG_LOCK, state, given))
