"""TXA: notes and letters (MDM), with the text or file in the OBX segments that follow."""

from collections.abc import Iterator
from typing import Final

from wardline.core.events import Documented
from wardline.formats.hl7v2.message import Segment
from wardline.intake.hl7v2.observations import FILES, TEXTS, media_type
from wardline.intake.hl7v2.orders import name_of
from wardline.intake.hl7v2.reading import Reading
from wardline.intake.hl7v2.values import readable

LONGEST_DOCUMENT: Final = 200_000
LONGEST_READ: Final = 1_000_000
"""Characters of one OBX-5 that are looked at: with its escape sequences a text of 200,000 may be that long."""
SHORTENED: Final = "\n[The document goes on. All of it is in the message as received.]"
CANCELLED: Final = "CA"
"""HL7 table 0271, TXA-17; a T11 message says the same by its trigger."""
_NEXT_DOCUMENT: Final = frozenset({"TXA", "OBR", "PID"})


def read_txa(reading: Reading, txa: Segment) -> None:
    """TXA: which document, of what kind, by whom; the texts and files that follow are its content."""
    occurred_at, _ = reading.occurred(txa.field(4), txa.field(6), txa.field(7))
    document = txa.text(12, 1) or reading.message.control_id
    content, kind = _content(reading)
    status = CANCELLED if reading.trigger == "T11" else txa.text(17)
    author = txa.person(9) or txa.person(5)
    reading.document = document
    reading.observed = occurred_at, ()
    reading.state(Documented(document, name_of(txa, 2), content, status, kind, author, reading.issued_at), occurred_at)


def _content(reading: Reading) -> tuple[str, str]:
    """The text of the document and its media type: that of the file, if there is one."""
    texts: list[str] = []
    kind, length = "text/plain", 0
    for obx in _lines_of_document(reading):
        fields = [obx.field(number) for number in range(7)]
        if fields[2] in FILES:
            kind = media_type(fields, reading)
        elif fields[2] in TEXTS and length <= LONGEST_DOCUMENT:
            texts.append(readable(fields[2], fields[5][:LONGEST_READ], obx.separators))
            length += len(texts[-1]) + 1
    text = "\n".join(texts)
    return (text, kind) if len(text) <= LONGEST_DOCUMENT else (text[:LONGEST_DOCUMENT] + SHORTENED, kind)


def _lines_of_document(reading: Reading) -> Iterator[Segment]:
    lines = reading.message.lines
    for place in range(reading.place, len(lines)):
        name = lines[place][:3]
        if name in _NEXT_DOCUMENT:
            return
        if name == "OBX":
            yield Segment(lines[place], reading.message.separators)
