"""Acknowledgements: writing them for what we received, reading them for what we sent.

An acknowledgement is a pure function of the message and of what became of it, so that the same resent message gets the very
same bytes back.
"""

from datetime import datetime
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.statements import Fate, Problem
from wardline.formats.hl7v2.builder import timestamp
from wardline.formats.hl7v2.escapes import STANDARD, Separators, escape
from wardline.formats.hl7v2.message import Message, parse

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
    """Table 0155: AL always, NE never, ER on error, SU on success."""
    return condition == "AL" or (condition == "SU" and positive) or (condition == "ER" and not positive)


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


def acknowledgement(message: Message, code: str, at: datetime, control_id: str, problem: Problem | None = None) -> bytes:
    """One ACK: sender and receiver swapped, delimiters, version, processing id and character set echoed."""
    return _acknowledgement(_Echo.of(message), code, at, control_id, problem)


def negative_for_unreadable(head: bytes, at: datetime, number: int, problem: Problem) -> bytes:
    """An AR for bytes whose header cannot be read any better than this."""
    try:
        echo = _Echo.of(parse(head.split(b"\r", 1)[0].split(b"\n", 1)[0], "iso8859-1"))
    except Refused:
        echo = _Echo(STANDARD, "", "", "", "", "", "", "P", "2.5.1", "", "utf-8")
    return _acknowledgement(echo, "AR", at, f"{number}", problem)


class _Echo(NamedTuple):
    separators: Separators
    application: str
    facility: str
    to_application: str
    to_facility: str
    trigger: str
    control_id: str
    processing_id: str
    version: str
    charset: str
    codec: str

    @classmethod
    def of(cls, message: Message) -> "_Echo":
        field = message.header.field
        return cls(
            message.separators, field(5), field(6), field(3), field(4), message.header.text(9, 2), field(10), field(11) or "P", field(12) or "2.5.1",
            field(18), message.codec,
        )  # fmt: skip


def _acknowledgement(echo: _Echo, code: str, at: datetime, control_id: str, problem: Problem | None) -> bytes:
    bar, caret = echo.separators.field, echo.separators.component
    kind = caret.join(("ACK", echo.trigger, "ACK")) if echo.trigger else "ACK"
    head = bar.join(
        ("MSH", echo.separators.encoding_characters, echo.application, echo.facility, echo.to_application, echo.to_facility, timestamp(at), "", kind,
         f"W{control_id}", echo.processing_id, echo.version, "", "", "", "", "", echo.charset)
    ).rstrip(bar)  # fmt: skip
    text = escape(problem.reason, echo.separators) if problem else ""
    lines = [head, bar.join(("MSA", code, echo.control_id, text)).rstrip(bar)]
    if problem:
        number, name = _CONDITIONS.get(problem.code, ("207", "Application internal error"))
        location = caret.join(_location(problem.where))
        coded = caret.join((number, name, "HL70357"))
        lines.append(bar.join(("ERR", "", location, coded, "E", "", "", "", text)))
    return "".join(f"{line}\r" for line in lines).encode(echo.codec, errors="replace")


def _location(where: str) -> list[str]:
    """ "OBX-5(2).3" style locations as ERL components: segment, sequence, field, repetition, component."""
    segment, _, rest = where.partition("-")
    name, _, sequence = segment.partition("(")
    field, _, component = rest.partition(".")
    parts = [name[:3] if name[:3].isalnum() else "", sequence.rstrip(")"), field, "", component]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def is_acknowledgement(raw: bytes) -> bool:
    """Whether the bytes are themselves an acknowledgement: these are never acknowledged."""
    try:
        return parse(raw, "iso8859-1").type == "ACK"
    except Refused:
        return False


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
    message = parse(raw)
    msa = message.first("MSA")
    if msa is None:
        raise Refused("the answer has no MSA segment", code="segment-missing", where="MSA")
    err = message.first("ERR")
    text = msa.text(3) or (err.text(8) or err.text(3, 2) if err is not None else "")
    return Acknowledgement(msa.text(1).upper(), msa.text(2), text)
