"""Words beside an observation: what had to be assumed about its time, and why a value is shown but not scored. They are shown to people."""

from typing import Final

ASSUMED_ZONE: Final = "zone assumed"
AMBIGUOUS: Final = "ambiguous local time"
SKIPPED: Final = "local time does not exist"
DATE_ONLY: Final = "date only"
SENDER_AHEAD: Final = "sender's clock ahead"
TIME_OF_MESSAGE: Final = "time of the message"
TIME_OF_RECEIPT: Final = "time of receipt"
TIME_OF_SPECIMEN: Final = "time of the specimen"
UNREADABLE_TIME: Final = "time unreadable"
"""The observation's own time was no time; that of its panel stands for it."""
FUTURE: Final = "in the future"
"""Ahead of our clock by more than clocks differ. The one word here that stops a value from being used."""

ABOUT_TIME: Final = frozenset(
    {ASSUMED_ZONE, AMBIGUOUS, SKIPPED, DATE_ONLY, SENDER_AHEAD, TIME_OF_MESSAGE, TIME_OF_RECEIPT, TIME_OF_SPECIMEN, UNREADABLE_TIME}
)  # fmt: skip
"""Assumptions that are shown with a value and leave it usable."""

IMPLAUSIBLE: Final = "implausible"
NOT_A_NUMBER: Final = "not a number"
NO_VALUE: Final = "no value"
UNKNOWN_ANSWER: Final = "answer not known"
SHORTENED: Final = "text shortened"
STATUS_UNKNOWN: Final = "status not known"
NO_UNIT: Final = "no unit"
WRONG_UNIT: Final = "unit does not fit"
CONTRADICTION: Final = "unit contradicts the code"
