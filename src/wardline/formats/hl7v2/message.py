"""A lazy view of an HL7 v2 message: nothing is split before somebody asks for it.

Fields are numbered as the standard numbers them: MSH-1 is the field separator itself. Reading beyond what was sent gives "".
`""` (two double quotes) means "delete what you have" and is told apart from an empty field by `is_deleted`.
"""

import re
from functools import lru_cache
from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import DELETED
from wardline.formats.hl7v2.charsets import codec_among, codec_of, decoded
from wardline.formats.hl7v2.escapes import Separators, separators_of, unescape
from wardline.formats.hl7v2.framing import CUT_OFF

LARGEST_SEGMENT: Final = 1_000_000
"""Characters in any segment but OBX, whose OBX-5 may hold a document."""
MOST_SEGMENTS: Final = 10_000
MOST_REPETITIONS: Final = 1_000
_MOST_FIELDS: Final = 200
_LARGEST_HEADER: Final = 10_000
_NOTHING: Final = [""] * 19
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_SEGMENT_NAME: Final = re.compile(r"[A-Z][A-Z0-9]{2}")


class Segment:
    """One line. `field(5)` is raw text; `text(5, 1)` is a component with its escapes resolved."""

    __slots__ = ("_fields", "line", "separators")

    def __init__(self, line: str, separators: Separators, fields: list[str] | None = None) -> None:
        self.line = line
        self.separators = separators
        self._fields = fields

    @property
    def name(self) -> str:
        return self.line[:3]

    def field(self, number: int) -> str:
        """The raw field, repetitions and all."""
        if self._fields is None:
            self._fields = self.line.split(self.separators.field, _MOST_FIELDS)
        return self._fields[number] if number < len(self._fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """The raw repetitions of a field; none for an empty one. Raises `Refused` when there are absurdly many."""
        field = self.field(number)
        if not field:
            return []
        found = field.split(self.separators.repetition, MOST_REPETITIONS)
        if len(found) > MOST_REPETITIONS:
            where = f"{self.name}-{number}"
            raise Refused(f"{where} has more than {MOST_REPETITIONS:,} repetitions", code="too-large", where=where, rejected=True)
        return found

    def person(self, number: int) -> str:
        """The name of a member of staff, from the first repetition."""
        return person_name(self.field(number).split(self.separators.repetition, 1)[0], self.separators)

    def text(self, number: int, component: int = 0, subcomponent: int = 1) -> str:
        """A value as a person reads it, from the first repetition.

        Without `component` the whole field; with it that component and, within it, `subcomponent`. `""` reads as "".
        """
        field = self.field(number)
        if self.separators.repetition in field and not (number == 2 and self.name == "MSH"):
            field = field.split(self.separators.repetition, 1)[0]
        return component_of(field, component, self.separators, subcomponent)

    def is_deleted(self, number: int) -> bool:
        return self.field(number) == DELETED


def component_of(repetition: str, component: int, separators: Separators, subcomponent: int = 1) -> str:
    """One component of one repetition, escapes resolved; 0 for the whole of it."""
    if repetition.isalnum() and component < 2 and subcomponent == 1:
        return repetition  # the usual case, at a third of the cost
    part = repetition
    if component and (component > 1 or subcomponent > 1 or separators.component in part or separators.subcomponent in part):
        parts = repetition.split(separators.component, component)
        part = parts[component - 1] if component <= len(parts) else ""
        pieces = part.split(separators.subcomponent, subcomponent)
        part = pieces[subcomponent - 1] if subcomponent <= len(pieces) else ""
    return "" if part == DELETED else unescape(part, separators)


def person_name(repetition: str, separators: Separators) -> str:
    """A member of staff (XCN) as people say the name: given and family name, else the number they are known by."""
    family, given = component_of(repetition, 2, separators), component_of(repetition, 3, separators)
    return " ".join(part for part in (given, family) if part) or component_of(repetition, 1, separators)


class Message:
    """A parsed message: its lines, its header in the words of the standard, and how to read the rest."""

    __slots__ = (
        "_segments", "codec", "control_id", "header", "is_plain", "lines", "processing_id", "raw", "sending_application", "sending_facility",
        "separators", "trigger", "type", "version",
    )  # fmt: skip

    def __init__(
        self, raw: bytes, lines: list[str], separators: Separators, codec: str, is_plain: bool = False, pieces: list[str] | None = None
    ) -> None:
        """`pieces` are those of the first line between field separators, where they are known already."""
        self.raw = raw
        self.lines = lines
        self.separators = separators
        self.codec = codec
        self.is_plain = is_plain
        """True when it is no larger than one segment may be, and its texts are what they stand for: nothing is escaped or deleted."""
        fields = pieces or lines[0].split(separators.field, _MOST_FIELDS)
        # MSH-1 is the field separator itself, so the fields of this segment are one further along than the pieces of its line.
        fields.insert(1, separators.field)
        self.header = Segment(lines[0], separators, fields)
        fields += _NOTHING[len(fields) :]
        words = _words(separators, fields[3], fields[4], fields[9], fields[11], fields[12])
        self.sending_application, self.sending_facility, self.type, self.trigger, self.processing_id, self.version = words
        self.control_id = component_of(fields[10], 0, separators)
        self._segments: list[Segment] | None = None

    @property
    def segments(self) -> list[Segment]:
        if self._segments is None:
            self._segments = [self.header, *(Segment(line, self.separators) for line in self.lines[1:])]
        return self._segments

    def first(self, name: str) -> Segment | None:
        return next((segment for segment in self.segments if segment.name == name), None)

    def all(self, name: str) -> list[Segment]:
        return [segment for segment in self.segments if segment.name == name]


@lru_cache(maxsize=2_000)
def _words(separators: Separators, application: str, facility: str, kind: str, processing_id: str, version: str) -> tuple[str, ...]:
    """What MSH-3, 4, 9 (type and trigger), 11 and 12 say: the same in message after message of one sender."""
    message_type, trigger = (component_of(kind.upper(), number, separators) for number in (1, 2))
    sender = component_of(application, 1, separators), component_of(facility, 1, separators)
    return *sender, message_type, trigger, component_of(processing_id, 1, separators), component_of(version, 1, separators)


def parse(raw: bytes, default_codec: str = "utf-8") -> Message:
    """Read a message. Raises `Refused` with the exact reason when it is not HL7 v2 or not in its declared character set."""
    content, head, separators = _opened(raw)
    pieces = head.split(separators.field, _MOST_FIELDS)
    declared = pieces[17] if len(pieces) > 17 else ""
    if separators.repetition in declared:
        codec = codec_among(declared.split(separators.repetition), content, default_codec)
    else:
        codec = codec_of(declared, default_codec)
    return _parsed(raw, content, separators, codec, head, pieces)


def parse_as(raw: bytes, codec: str) -> Message:
    """Like `parse`, in this character set whatever the message declares."""
    content, head, separators = _opened(raw)
    return _parsed(raw, content, separators, codec, head, head.split(separators.field, _MOST_FIELDS))


def _parsed(raw: bytes, content: bytes, separators: Separators, codec: str, head: str, pieces: list[str]) -> Message:
    if len(content) > MOST_SEGMENTS and max(content.count(b"\r"), content.count(b"\n")) > MOST_SEGMENTS:
        raise Refused(f"the message has more than {MOST_SEGMENTS:,} segments", code="too-large", where="MSH", rejected=True)
    text = decoded(content, codec)
    lines = _lines(text, separators)
    # One letter is found a hundred times faster than two, and most messages hold no quote at all.
    is_plain = len(text) <= LARGEST_SEGMENT and text.find(separators.escape, 8) < 0 and ('"' not in text or DELETED not in text)
    return Message(raw, lines, separators, codec, is_plain, pieces if lines[0] == head else None)


def header_of(raw: bytes) -> Message:
    """Only the header, one character for each byte, for messages whose rest cannot be read. Raises `Refused` without MSH."""
    _, head, separators = _opened(raw)
    return Message(raw, [head], separators, "iso8859-1")


def _opened(raw: bytes) -> tuple[bytes, str, Separators]:
    """The message from its MSH on, the first line of it, and the delimiters that line declares.

    MSH-18 itself is ASCII whatever the rest is; latin-1 lets every byte through while looking for it.
    """
    content = raw if raw.startswith(b"MSH") else raw.removeprefix(_BYTE_ORDER_MARK).lstrip(b"\r\n\t ")
    if not content.startswith(b"MSH"):
        raise Refused("the message does not start with an MSH segment", code="header-missing", where="MSH", rejected=True)
    end = content.find(b"\r", 0, _LARGEST_HEADER)
    head = content[: _LARGEST_HEADER if end < 0 else end].decode("iso8859-1")
    if "\n" in head:
        head = head.split("\n", 1)[0]
    if len(head) == _LARGEST_HEADER:
        raise Refused(f"MSH is longer than {_LARGEST_HEADER - 1:,} characters", code="too-large", where="MSH", rejected=True)
    return content, head, separators_of(head[:8])


_NAMES: Final = (
    "SFT|EVN|PID|PD1|NK1|PV1|PV2|MRG|DB1|AL1|IAM|DG1|PRB|PR1|ROL|GT1|IN1|IN2|ORC|OBR|OBX|NTE|SPM|TQ1|RXO|RXE|RXR|RXC|RXA|RXD|RXG"
    "|TXA|SCH|RGS|AIS|AIG|AIL|AIP|ADD|DSC|Z[A-Z0-9]{2}"
)


@lru_cache(maxsize=16)
def _segment_after_line_feed(field: str) -> re.Pattern[str]:
    """Where segments end with CR, a line feed is part of a text, unless a segment follows it: a sender that mixes the two."""
    return re.compile(f"\n(?=(?:{_NAMES}){re.escape(field)})")


def _lines(text: str, separators: Separators) -> list[str]:
    """Segments end with CR; LF and CRLF are read too."""
    if "\n" in text:
        text = text.replace("\r\n", "\r")
        text = _segment_after_line_feed(separators.field).sub("\r", text) if "\r" in text else text.replace("\n", "\r")
    lines = text.split("\r")
    if not lines[-1]:
        lines.pop()
    if "" in lines or "\n" in text or lines[-1].isspace():
        lines = [line for line in (line.lstrip("\n") for line in lines) if line and not line.isspace()]
    return lines


def check_segment(line: str, number: int, separators: Separators) -> None:
    """Raise `Refused` unless the line is a segment: three capital letters or digits, then the delimiter, not endlessly long."""
    name = line[:4].split(separators.field, 1)[0]
    if line == CUT_OFF:
        raise Refused("the message was larger than is taken here; only its beginning was kept", code="too-large", rejected=True)
    if _SEGMENT_NAME.fullmatch(name) is None:
        raise Refused(f"line {number} does not start with a segment name", code="segment-name", where=f"line {number}")
    if len(line) > LARGEST_SEGMENT:
        raise Refused(f"{name} is longer than {LARGEST_SEGMENT:,} characters", code="too-large", where=name, rejected=True)


# The look behind comes last: to begin with letters lets the search skip everything else at ten times the speed.
_BATCH_LINES: Final = re.compile(rb"(MSH|FHS|BHS|BTS|FTS)(?![A-Za-z0-9])(?:(?<=\r...)|(?<=\r\n...)|(?<=\A...))")
_BATCH_LINES_LF: Final = re.compile(rb"(MSH|FHS|BHS|BTS|FTS)(?![A-Za-z0-9])(?:(?<=\n...)|(?<=\A...))")

_LINE: Final = re.compile(rb"[^\r\n]*")
_BELONGS: Final = re.compile(rb"[\r\n]++(?:SFT|UAC|NTE)[^A-Za-z0-9\r\n][^\r\n]*+")
"""What may belong to a batch line: the sender's software, credentials and comments."""


def split_batch(raw: bytes, most: int | None = None) -> list[bytes] | None:
    """The messages of a batch (FHS/BHS ... BTS/FTS) or of a file with several messages; None for a single message.

    Raises `Refused` when it holds more than `most` messages (or so many batches that they could).
    """
    content = raw.removeprefix(_BYTE_ORDER_MARK).lstrip(b"\r\n\t ")
    if content[:3] not in (b"FHS", b"BHS", b"MSH") or (content[:3] == b"MSH" and b"\rMSH" not in content and b"\nMSH" not in content):
        return None
    messages: list[bytes] = []
    start = 0
    for number, mark in enumerate((_BATCH_LINES if b"\r" in content else _BATCH_LINES_LF).finditer(content)):
        messages += _message_in(content[start : mark.start()])
        start = mark.start()
        if most is not None and (len(messages) > most or number > 4 * most):
            raise Refused(f"the batch holds more than {most:,} messages", code="too-large", where="BHS", rejected=True)
    messages += _message_in(content[start:])
    return None if len(messages) == 1 and content.startswith(b"MSH") else messages


def _message_in(part: bytes) -> list[bytes]:
    """The message in what stands between two batch lines: one whose MSH is damaged is handed on as well, to be refused by name."""
    if part.startswith(b"MSH"):
        return [part]
    rest = part[_end_of_heading(part) :].lstrip(b"\r\n\t \x1a")
    return [rest] if rest else []


def _end_of_heading(part: bytes) -> int:
    """Line by line: one pattern for all of them would remember each line, or need groups that Python before 3.11.5 reads wrongly."""
    found = _LINE.match(part)
    while found is not None:
        end = found.end()
        found = _BELONGS.match(part, end)
    return end
