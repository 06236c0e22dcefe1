"""The HL7 v2 reader the engine calls: bytes to statements, refusals to problems, fates to acknowledgements."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import Identifier
from wardline.core.statements import Fate, Problem, Received
from wardline.formats.hl7v2.acknowledgement import negative_for_unreadable, replies
from wardline.formats.hl7v2.message import Message, parse
from wardline.formats.hl7v2.times import moment
from wardline.intake.hl7v2.memory import Memory
from wardline.intake.hl7v2.reading import Reading, read
from wardline.intake.hl7v2.sources import Source, Sources

UNREADABLE: Final = "unreadable"


class Hl7v2Reader:
    """`Reader` for HL7 v2. `key_of` turns a patient number into the record's key."""

    def __init__(self, sources: Sources, key_of: Callable[[Identifier], str]) -> None:
        self.sources = sources
        self.key_of = key_of
        self.memory = Memory()

    def read(self, raw: bytes, hear: Callable[[datetime | None], datetime]) -> Received:
        try:
            message = parse(raw)
        except Refused as refused:
            return self._unreadable(raw, refused, hear(None))
        source = self.sources.of(message.sending_application, message.sending_facility)
        if source.codec != "utf-8" and not message.header.field(18):
            try:
                message = parse(raw, source.codec)
            except Refused as refused:
                return self._unreadable(raw, refused, hear(None))
        stated = moment(message.header.text(7, 1), source.zone)
        try:
            now, leap = hear(stated.at if stated is not None else None), None
        except Refused as refused:
            now, leap = hear(None), Problem(refused.code, refused.reason, refused.where, refused.rejected)
        reading, problem = self._read(message, source, now)
        problem = leap or problem
        return Received(
            feed=source.name, sender=f"{message.sending_application}|{message.sending_facility}", control_id=message.control_id[:199], raw=raw,
            statements=tuple(reading.statements) if problem is None else (), problem=problem, patient=reading.patient,
            replies=lambda fate: replies(message, fate, now, source.quarantined_answer), same_as=lambda other: _body(other) == _body(raw),
        )  # fmt: skip

    def _read(self, message: Message, source: Source, now: datetime) -> tuple[Reading, Problem | None]:
        """What was read, and the problem; when there is one, only the patient of what was read counts."""
        reading = Reading(message, source, now, self.key_of)
        try:
            read(reading, self.memory)
        except Refused as refused:
            return reading, Problem(refused.code, refused.reason, refused.where, refused.rejected)
        return reading, None

    @staticmethod
    def _unreadable(raw: bytes, refused: Refused, now: datetime) -> Received:
        problem = Problem(refused.code, refused.reason, refused.where, True)

        def answer(fate: Fate) -> list[bytes]:
            return [negative_for_unreadable(raw, fate.recorded_at or now, fate.seq, fate.problem or problem)]

        return Received(UNREADABLE, "", "", raw, problem=problem, replies=answer)


def _body(raw: bytes) -> bytes:
    """The message without what a sender may change when it sends the same thing again: line ends and MSH-7."""
    lines = raw.replace(b"\r\n", b"\r").replace(b"\n", b"\r").strip(b"\r").split(b"\r")
    head = lines[0].split(lines[0][3:4])
    if len(head) > 6:
        head[6] = b""
    return b"\r".join((lines[0][3:4].join(head), *lines[1:]))
