"""What in the audit trail asks for somebody to act: refusals, failed sign-ins, lock-outs, replayed tokens, emergencies, and what to do."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from wardline.core.trail import REFUSED

EMERGENCY: Final = "BTG"
"""HL7 v3 PurposeOfUse: break the glass."""


class Kind(NamedTuple):
    """One kind of event, in words, and the sentence that says what to do about it."""

    key: str
    words: str
    remedy: str


LOCKED = Kind(
    "lockout",
    "An account was locked after wrong passwords",
    "Ask its owner whether it was them; if not, have their password changed and look at where it came from.",
)
SIGN_IN = Kind(
    "sign-in",
    "Somebody did not get in",
    "One is a slip; several on one account, or from one address, ask for a call to its owner and a look at the address.",
)
REPLAYED = Kind(
    "replay",
    "A sign-in was used in two places and ended",
    "Treat it as stolen: end the person's sessions, change the password, and look at the device.",
)
STRANGER = Kind("stranger", "A request without a valid sign-in", "Mostly a sign-in that timed out; many from one address are worth a look at it.")
NOT_ALLOWED = Kind(
    "refusal",
    "A request that is not allowed",
    "If it belongs to the person's work, change their role or unit; if it does not, ask them why they tried.",
)
BROKE_GLASS = Kind("emergency", "A record was opened in an emergency", "Review it: was there an emergency, and was it this patient?")
LIMIT = Kind("limit", "A limit on requests was met", "Find out which program asks so often; raise the limit only if its work needs it.")
APP = Kind("app", "An app was refused", "Ask its maker; refuse it for good if nobody here uses it.")

KINDS: Final = {kind.key: kind for kind in (LOCKED, SIGN_IN, REPLAYED, STRANGER, NOT_ALLOWED, BROKE_GLASS, LIMIT, APP)}
_BY_ACTION: Final = {
    "sign-in refused": SIGN_IN, "second factor refused": SIGN_IN, "proof refused": SIGN_IN, "password change refused": SIGN_IN,
    "emergency access opened": BROKE_GLASS, "limit met": LIMIT, "app refused": APP,
}  # fmt: skip
ACTIONS: Final = (*_BY_ACTION, REFUSED)
"""Every action that may be one of these."""


def kind_of(entry: Mapping[str, Any]) -> Kind | None:
    """None for an entry that asks for nothing."""
    if "locked" in entry["detail"]:
        return LOCKED
    if kind := _BY_ACTION.get(entry["action"]):
        return kind
    if entry["outcome"] != REFUSED:
        return None
    match entry["detail"].get("why"):
        case "Replayed":
            return REPLAYED
        case "NotSignedIn":
            return STRANGER
        case _:
            return NOT_ALLOWED
