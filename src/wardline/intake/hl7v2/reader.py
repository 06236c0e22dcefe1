"""The HL7 v2 reader the engine calls: bytes to statements, refusals to problems, fates to acknowledgements."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from wardline.core.concepts import local_code
from wardline.core.errors import Refused
from wardline.core.events import Identifier
from wardline.core.statements import Fate, Problem, Received
from wardline.formats.hl7v2.acknowledgement import replies, replies_to_unreadable
from wardline.formats.hl7v2.message import Message, header_of, parse, parse_as
from wardline.formats.hl7v2.times import moment
from wardline.intake.hl7v2.memory import Memory
from wardline.intake.hl7v2.patients import read_pid
from wardline.intake.hl7v2.reading import Reading
from wardline.intake.hl7v2.sources import LocalCode, Source, Sources
from wardline.intake.hl7v2.walking import LONGEST_CONTROL_ID, read

UNREADABLE: Final = "unreadable"


class Hl7v2Reader:
    """`Reader` for HL7 v2. `key_of` turns a patient number into the record's key."""

    def __init__(self, sources: Sources, key_of: Callable[[Identifier], str]) -> None:
        self.sources = sources
        self.key_of = key_of
        self.memory = Memory()

    def learn(self, feed: str, code: str, concept: str, unit: str) -> None:
        """From now on this code of the feed means this concept; kept in the feed's profile."""
        self.sources.learn(feed, local_code(code), LocalCode(concept, unit))
        self.memory.forget()

    def label(self, feed: str) -> tuple[str, bool]:
        source = next((each for each in self.sources.all if each.name == feed), None)
        return (source.label or feed, source.confirmed) if source is not None else (feed, False)

    def read(self, raw: bytes, hear: Callable[[datetime | None], datetime]) -> Received:
        return self._received(raw, hear, read)

    def outline(self, raw: bytes, hear: Callable[[datetime | None], datetime]) -> Received:
        """Header and patient only, for a message whose content cannot or need not be read."""
        return self._received(raw, hear, _read_patient)._replace(statements=())

    def _received(self, raw: bytes, hear: Callable[[datetime | None], datetime], walk: Callable[[Reading], None]) -> Received:
        try:
            message, source = self._parsed(raw)
        except Refused as refused:
            return self._unreadable(raw, refused, hear(None))
        stated = moment(message.header.text(7, 1), source.zone)
        try:
            now, leap = hear(stated.at if stated is not None else None), None
        except Refused as refused:
            now, leap = hear(None), Problem(refused.code, refused.reason, refused.where, refused.rejected)
        reading, problem = self._read(message, source, now, walk)
        problem = leap or problem
        return Received(
            feed=source.name, sender=_sender(message), control_id=_identity(message), raw=raw,
            statements=tuple(reading.statements) if problem is None else (), problem=problem, patient=reading.patient,
            replies=lambda fate: replies(message, fate, now, source.quarantined_answer), same_as=lambda other: _body(other) == _body(raw),
        )  # fmt: skip

    def _parsed(self, raw: bytes) -> tuple[Message, Source]:
        """The message in its character set: the one it declares, else the one agreed with its source."""
        try:
            message = parse(raw)
        except Refused:
            header = header_of(raw)
            source = self._source_of(header)
            if source.codec == "utf-8" or header.header.field(18):
                raise
            return parse_as(raw, source.codec), source
        source = self._source_of(message)
        if source.codec != "utf-8" and not message.header.field(18):
            message = parse_as(raw, source.codec)
        return message, source

    def _source_of(self, message: Message) -> Source:
        return self.sources.of(message.sending_application, message.sending_facility)

    def _read(self, message: Message, source: Source, now: datetime, walk: Callable[[Reading], None]) -> tuple[Reading, Problem | None]:
        """What was read, and the problem; when there is one, only the patient of what was read counts."""
        reading = Reading(message, source, now, self.key_of, self.memory)
        try:
            walk(reading)
        except Refused as refused:
            return reading, Problem(refused.code, refused.reason, refused.where, refused.rejected)
        return reading, None

    def _unreadable(self, raw: bytes, refused: Refused, now: datetime) -> Received:
        """Kept, with as much of its header as there is: whose it is and which, so that a repeat of it is known."""
        problem = Problem(refused.code, refused.reason, refused.where, True)

        def answer(fate: Fate) -> list[bytes]:
            return replies_to_unreadable(raw, fate if fate.problem is not None else fate._replace(problem=problem), now)

        try:
            header = header_of(raw)
        except Refused:
            return Received(UNREADABLE, "", "", raw, problem=problem, replies=answer)
        return Received(
            self._source_of(header).name, _sender(header), _identity(header), raw, problem=problem, replies=answer,
            same_as=lambda other: _body(other) == _body(raw),
        )  # fmt: skip


def _sender(message: Message) -> str:
    return f"{message.sending_application}|{message.sending_facility}"[:LONGEST_CONTROL_ID]


def _identity(message: Message) -> str:
    return message.control_id[:LONGEST_CONTROL_ID]


def _read_patient(reading: Reading) -> None:
    pid = reading.message.first("PID")
    if pid is not None:
        read_pid(reading, pid)


def _body(raw: bytes) -> bytes:
    """The message without what a sender may change when it sends the same thing again: line ends and MSH-7."""
    head, _, rest = raw[max(raw.find(b"MSH"), 0) :].replace(b"\r\n", b"\r").replace(b"\n", b"\r").strip(b"\r").partition(b"\r")
    separator = head[3:4] or b"|"
    fields = head.split(separator)
    fields[6:7] = [b""]
    return separator.join(fields) + b"\r" + rest
