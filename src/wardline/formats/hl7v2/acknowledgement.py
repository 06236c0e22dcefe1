"""Acknowledgements: writing them for what we received, reading them for what we sent.

An acknowledgement is a pure function of the message and of what became of it, so that the same resent message gets the very
same bytes back.
"""

import re
from datetime import datetime
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.statements import Fate, Problem
from wardline.formats.hl7v2.builder import timestamp
from wardline.formats.hl7v2.escapes import escape
from wardline.formats.hl7v2.message import Message, header_of, parse, parse_as

POSITIVE: Final = frozenset({"AA", "CA"})
# HL7 table 0357 for the stable words of `Refused.code`.
_CONDITIONS: Final = {
    "header-missing": ("100", "Segment sequence error"),
    "segment-missing": ("100", "Segment sequence error"),
    "segment-name": ("100", "Segment sequence error"),
    "field-missing": ("101", "Required field missing"),
    "charset-unknown": ("102", "Data type error"),
    "charset-wrong": ("102", "Data type error"),
    "type-unsupported": ("200", "Unsupported message type"),
    "trigger-unsupported": ("201", "Unsupported event code"),
    "processing-id": ("202", "Unsupported processing id"),
    "version-unsupported": ("203", "Unsupported version id"),
    "patient-unknown": ("204", "Unknown key identifier"),
    "control-id-reused": ("205", "Duplicate key identifier"),
}
_WHERE: Final = re.compile(r"([A-Z][A-Z0-9]{2})(?:\((\d+)\))?(?:-(\d+)(?:\.(\d+))?)?", re.ASCII)
_NO_HEADER: Final = header_of(b"MSH|^~\\&|||||||||P|2.5.1")
_HEAD: Final = 10_000


class Modes(NamedTuple):
    """What the sender asked for in MSH-15 and MSH-16."""

    accept: str
    application: str

    @property
    def enhanced(self) -> bool:
        return bool(self.accept or self.application)


def modes_of(message: Message) -> Modes:
    return Modes(message.header.text(15).upper(), message.header.text(16).upper())


def wants(condition: str, positive: bool) -> bool:
    """Table 0155: AL always, NE never, ER on error, SU on success. Any other word counts as AL: a sender must not wait in vain."""
    if condition in ("SU", "ER"):
        return (condition == "SU") is positive
    return condition not in ("NE", "")


def replies(message: Message, fate: Fate, at: datetime, quarantined_answer: str = "AE") -> list[bytes]:
    """Every acknowledgement the sender is due, in order; `at` is used where nothing was recorded.

    Original mode gets AA, AE or AR. Enhanced mode first hears whether we hold the message (CA, CE, CR), then, if it asked for
    that, whether it was understood. A message in quarantine is held but not understood: CA, and AE unless the interface
    agreement says that this sender must hear AA.
    """
    modes, problem = modes_of(message), fate.problem
    held, understood = fate.state in ("stored", "quarantined"), fate.state == "stored"
    rejected = problem is not None and problem.rejected
    if understood:
        application = "AA"
    elif rejected:
        application = "AR"
    else:
        application = quarantined_answer if held else "AE"
    at, number = fate.recorded_at or at, f"{fate.seq}"
    if not modes.enhanced:
        return [acknowledgement(message, application, at, number, problem)]
    sent = []
    if wants(modes.accept, held):
        sent.append(acknowledgement(message, "CA" if held else "CR" if rejected else "CE", at, f"{number}.1", None if held else problem))
    if wants(modes.application, understood):
        sent.append(acknowledgement(message, application, at, f"{number}.2", problem))
    return sent


def replies_to_unreadable(raw: bytes, fate: Fate, at: datetime) -> list[bytes]:
    """The acknowledgements for bytes that could not be read as a message: as much of the header is echoed as there is."""
    try:
        header = header_of(raw)
    except Refused:
        header = _NO_HEADER
    return replies(header, fate, at)


def acknowledgement(message: Message, code: str, at: datetime, control_id: str, problem: Problem | None = None) -> bytes:
    """One ACK: sender and receiver swapped, delimiters, version, processing id and character set echoed."""
    separators, field = message.separators, message.header.field
    bar, caret = separators.field, separators.component
    kind = caret.join(("ACK", message.trigger, "ACK")) if message.trigger else "ACK"
    head = bar.join(
        ("MSH", separators.encoding_characters, field(5), field(6), field(3), field(4), timestamp(at), "", kind, f"W{control_id}",
         field(11) or "P", field(12) or "2.5.1", "", "", "", "", "", field(18))
    ).rstrip(bar)  # fmt: skip
    text = escape(problem.reason, separators) if problem else ""
    lines = [head, bar.join(("MSA", code, field(10), text)).rstrip(bar)]
    if problem:
        number, name = _CONDITIONS.get(problem.code, ("207", "Application internal error"))
        location = caret.join(_location(problem.where))
        coded = caret.join((number, name, "HL70357"))
        lines.append(bar.join(("ERR", "", location, coded, "E", "", "", "", text)))
    return "".join(f"{line}\r" for line in lines).encode(message.codec, errors="replace")


def _location(where: str) -> list[str]:
    """A location such as "PID-3", "MSH-9.1" or "OBX(2)-5" as the components of an ERL: segment, its number, field, repetition, component."""
    found = _WHERE.fullmatch(where)
    if found is None:
        return []
    segment, number, field, component = found.groups(default="")
    parts = [segment, number or ("1" if field else ""), field, "1" if component else "", component]
    while not parts[-1]:
        parts.pop()
    return parts


def is_acknowledgement(raw: bytes) -> bool:
    """Whether the bytes are themselves an answer to some message: these are never acknowledged."""
    if b"ACK" not in raw[:_HEAD] and b"MSA" not in raw:
        return False
    try:
        header = header_of(raw)
    except Refused:
        return False
    msa = b"MSA" + header.separators.field.encode()
    return header.type == "ACK" or b"\r" + msa in raw or b"\n" + msa in raw


class Acknowledgement(NamedTuple):
    """What a receiver answered to a message of ours."""

    code: str
    control_id: str
    text: str

    @property
    def positive(self) -> bool:
        return self.code in POSITIVE


def read_acknowledgement(raw: bytes) -> Acknowledgement:
    """Read MSA (and the first ERR) of an answer. Raises `Refused` when it is not an acknowledgement."""
    message = _answer(raw)
    msa = message.first("MSA")
    if msa is None:
        raise Refused("the answer has no MSA segment", code="segment-missing", where="MSA")
    err = message.first("ERR")
    text = msa.text(3) or (err.text(8) or err.text(3, 2) if err is not None else "")
    return Acknowledgement(msa.text(1).upper(), msa.text(2), text)


def _answer(raw: bytes) -> Message:
    """Codes and control ids are ASCII: a text in another character set than declared must not hide them."""
    try:
        return parse(raw)
    except Refused as refused:
        if refused.code not in ("charset-unknown", "charset-wrong"):
            raise
        return parse_as(raw, "iso8859-1")
