"""A lazy view of an HL7 v2 message: nothing is split before somebody asks for it.

Fields are numbered as the standard numbers them: MSH-1 is the field separator itself. Reading beyond what was sent gives "".
`""` (two double quotes) means "delete what you have" and is told apart from an empty field by `is_deleted`.
"""

from typing import Final

from wardline.core.errors import Refused
from wardline.formats.hl7v2.charsets import codec_of, decoded
from wardline.formats.hl7v2.escapes import Separators, separators_of, unescape

DELETED: Final = '""'
_HEADERS: Final = (b"MSH", b"FHS", b"BHS")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Segment:
    """One line. `field(5)` is raw text; `text(5, 1)` is a component with its escapes resolved."""

    __slots__ = ("_fields", "line", "separators")

    def __init__(self, line: str, separators: Separators) -> None:
        self.line = line
        self.separators = separators
        self._fields: list[str] | None = None

    @property
    def name(self) -> str:
        return self.line[:3]

    def field(self, number: int) -> str:
        """The raw field, repetitions and all."""
        if self._fields is None:
            self._fields = self.line.split(self.separators.field)
            if self.line[:3] in ("MSH", "FHS", "BHS"):
                self._fields.insert(1, self.separators.field)
        return self._fields[number] if number < len(self._fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """The raw repetitions of a field; none for an empty one."""
        field = self.field(number)
        return field.split(self.separators.repetition) if field else []

    def text(self, number: int, component: int = 0, subcomponent: int = 1) -> str:
        """A value as a person reads it, from the first repetition.

        Without `component` the whole field; with it that component and, within it, `subcomponent`. `""` reads as "".
        """
        field = self.field(number)
        if self.separators.repetition in field and not (number == 2 and self.line[:3] == "MSH"):
            field = field.split(self.separators.repetition, 1)[0]
        return component_of(field, component, self.separators, subcomponent)

    def is_deleted(self, number: int) -> bool:
        return self.field(number) == DELETED


def component_of(repetition: str, component: int, separators: Separators, subcomponent: int = 1) -> str:
    """One component of one repetition, escapes resolved; 0 for the whole of it."""
    if not repetition or repetition == DELETED:
        return ""
    if component == 1 and separators.component not in repetition and separators.subcomponent not in repetition and subcomponent == 1:
        return unescape(repetition, separators)
    if component:
        parts = repetition.split(separators.component, component)
        part = parts[component - 1] if component <= len(parts) else ""
        if separators.subcomponent in part:
            pieces = part.split(separators.subcomponent, subcomponent)
            part = pieces[subcomponent - 1] if subcomponent <= len(pieces) else ""
        elif subcomponent > 1:
            part = ""
    else:
        part = repetition
    return "" if part == DELETED else unescape(part, separators)


class Message:
    """A parsed message: its lines, its header in the words of the standard, and how to read the rest."""

    __slots__ = (
        "_segments", "codec", "control_id", "header", "lines", "processing_id", "raw", "sending_application", "sending_facility", "separators",
        "trigger", "type", "version",
    )  # fmt: skip

    def __init__(self, raw: bytes, lines: list[str], separators: Separators, codec: str) -> None:
        self.raw = raw
        self.lines = lines
        self.separators = separators
        self.codec = codec
        self.header = Segment(lines[0], separators)
        self.header.field(1)
        fields: list[str] = self.header._fields  # type: ignore[assignment]
        if len(fields) < 13:
            fields += [""] * (13 - len(fields))
        self.sending_application = component_of(fields[3], 1, separators)
        self.sending_facility = component_of(fields[4], 1, separators)
        kind = fields[9].upper().split(separators.component, 2)
        self.type = kind[0]
        """MSH-9.1: "ADT", "ORU" ..."""
        self.trigger = kind[1] if len(kind) > 1 else ""
        """MSH-9.2: "A01", "R01" ..."""
        self.control_id = unescape(fields[10], separators)
        self.processing_id = component_of(fields[11], 1, separators)
        self.version = component_of(fields[12], 1, separators)
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

    # --- the header, by the words of the standard ---


def parse(raw: bytes, default_codec: str = "utf-8") -> Message:
    """Read a message. Raises `Refused` with the exact reason when it is not HL7 v2 or not in its declared character set."""
    if raw.startswith(_BYTE_ORDER_MARK):
        raw = raw[3:]
    content = raw.lstrip(b"\r\n\t ") if raw[:1] in b"\r\n\t " else raw
    if content[:3] != b"MSH":
        raise Refused("the message does not start with an MSH segment", code="header-missing", where="MSH", rejected=True)
    # MSH-18 itself is ASCII whatever the rest is; latin-1 lets every byte through while looking for it.
    head = content[: _end_of_line(content)].decode("iso8859-1")
    separators = separators_of(head[:8])
    fields = head.split(separators.field, 18)
    codec = codec_of(fields[17], default_codec) if len(fields) > 17 and fields[17] else default_codec
    return Message(raw, _lines(decoded(content, codec)), separators, codec)


def _end_of_line(content: bytes) -> int:
    end = content.find(b"\r")
    if end < 0:
        end = content.find(b"\n")
    return len(content) if end < 0 else end


def _lines(text: str) -> list[str]:
    """Segments end with CR; LF and CRLF are read too. A line feed inside a CR-separated message is part of its text."""
    if "\n" in text:
        text = text.replace("\r\n", "\r")
        if "\r" not in text:
            text = text.replace("\n", "\r")
    lines = text.split("\r")
    if not lines[-1]:
        lines.pop()
    if "" in lines or "\n" in text or lines[-1].isspace():
        lines = [line for line in (line.lstrip("\n") for line in lines) if line and not line.isspace()]
    return lines


def check_name(line: str, number: int) -> None:
    """Raise `Refused` unless the line starts with a segment name: a letter and two letters or digits, then the delimiter."""
    if not (line[:3].isalnum() and line[0].isalpha()) or (len(line) > 3 and line[3].isalnum()):
        raise Refused(f"line {number} does not start with a segment name", code="segment-name", where=f"line {number}")


def split_batch(raw: bytes) -> list[bytes] | None:
    """The messages of a batch (FHS/BHS ... BTS/FTS) or of a file with several messages; None for a single message."""
    if raw.startswith(_BYTE_ORDER_MARK):
        raw = raw[3:]
    content = raw.lstrip(b"\r\n\t ")
    if content[:3] not in _HEADERS or (content[:3] == b"MSH" and b"\rMSH" not in content and b"\nMSH" not in content):
        return None
    messages: list[list[bytes]] = []
    for line in content.replace(b"\r\n", b"\r").replace(b"\n", b"\r").split(b"\r"):
        if line[:3] == b"MSH":
            messages.append([line])
        elif line[:3] in (b"FHS", b"BHS", b"BTS", b"FTS") or not line.strip():
            continue
        elif messages:
            messages[-1].append(line)
    return [b"\r".join(lines) + b"\r" for lines in messages]
