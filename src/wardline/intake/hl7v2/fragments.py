"""ADD and DSC: a message that its sender has cut into several, in the middle of a value.

HL7 v2.5.1 chapter 2, "Continuation messages and segments": a long segment ends anywhere, DSC says that more will come, and the next
message goes on with ADD. Half of a number is another number, so such parts are put before a person instead of being read.
"""

from typing import Final

from wardline.core.errors import Refused
from wardline.formats.hl7v2.message import Segment
from wardline.intake.hl7v2.reading import Reading

INTERACTIVE: Final = "I"
"""HL7 table 0398, DSC-2: more can be asked for, and nothing was cut."""


def read_add(reading: Reading, add: Segment) -> None:
    """ADD: the rest of the segment before it."""
    raise Refused("a segment goes on in an ADD segment; parts of a message are not put together here", code="fragment", where="ADD")


def read_dsc(reading: Reading, dsc: Segment) -> None:
    """DSC: where the message goes on; without DSC-1 nowhere."""
    if dsc.text(1) and dsc.text(2).upper() != INTERACTIVE:
        raise Refused("the message goes on in another one (DSC-1); parts are not put together here", code="fragment", where="DSC-1")
