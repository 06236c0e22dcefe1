"""An HL7 v2 message without what identifies: every field says what becomes of it, and what no line of the table names is dropped.

Fields by their numbers in HL7 v2.5.1 chapters 2 to 7. Z segments, insurance, guarantors and staff are dropped whole. Free text goes
through the text engine, with the names, numbers and addresses of this very message known to it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from wardline.core.deidentification import Known, Replacement
from wardline.formats.hl7v2.builder import message as written
from wardline.formats.hl7v2.escapes import Separators, escape, unescape
from wardline.formats.hl7v2.message import Message, Segment, parse

FIELDS: Final[Mapping[str, Mapping[str, tuple[int, ...]]]] = {
    # Chapter 2, control
    "MSH": {"kept": (9, 11, 12, 15, 16, 17, 18, 19), "moment": (7,), "code": (10,)},
    "MSA": {"kept": (1,), "code": (2,)},
    "NTE": {"kept": (1, 2), "text": (3,), "coded": (4,)},
    # Chapter 3, patient administration
    "EVN": {"kept": (1,), "moment": (2, 6)},
    "PID": {"kept": (1, 8, 30), "code": (3,), "name": (5,), "birth": (7,), "coded": (10, 15, 16, 22), "address": (11,), "moment": (29,)},
    "NK1": {"kept": (1,), "coded": (3,)},
    "PV1": {"kept": (1, 2, 4, 10, 14, 18, 36), "unit": (3,), "code": (19,), "moment": (44, 45)},
    "PV2": {"coded": (3,)},
    "MRG": {"code": (1,)},
    "AL1": {"kept": (1,), "coded": (2, 3, 4), "text": (5,), "moment": (6,)},
    # Chapter 4, orders
    "ORC": {"kept": (1, 5), "code": (2, 3), "moment": (9, 15)},
    "OBR": {"kept": (1, 5, 11, 24, 25), "code": (2, 3), "coded": (4, 31), "moment": (6, 7, 8, 14, 22), "text": (13,)},
    "TQ1": {"kept": (1, 2), "coded": (3, 9), "moment": (7, 8)},
    "RXO": {"coded": (1, 4, 5), "kept": (2, 3)},
    "RXE": {"coded": (2, 5, 6), "kept": (3, 4)},
    "RXA": {"kept": (1, 2, 6), "moment": (3, 4), "coded": (5, 7, 8)},
    "RXR": {"coded": (1, 2)},
    # Chapter 6, diagnoses and procedures
    "DG1": {"kept": (1, 2, 6), "coded": (3,), "text": (4,), "moment": (5,)},
    "PR1": {"kept": (1,), "coded": (3,), "text": (4,), "moment": (5,)},
    # Chapter 7, observations; OBX-5 is treated as OBX-2 says it is to be read
    "OBX": {"kept": (1, 2, 4, 9, 10, 11), "coded": (3, 6, 8, 17), "number": (7,), "moment": (14, 19)},
    "SPM": {"kept": (1,), "code": (2,), "coded": (4,), "moment": (17, 18)},
    # Chapter 9, documents
    "TXA": {"kept": (1, 2, 3, 17), "moment": (4, 6, 7), "code": (12,)},
}  # fmt: skip
VALUES: Final = {
    "NM": "number", "SN": "number", "SI": "number", "CE": "coded", "CWE": "coded", "CNE": "coded", "IS": "coded", "ID": "coded",
    "ST": "text", "TX": "text", "FT": "text", "DT": "moment", "TS": "moment", "DTM": "moment",
}  # fmt: skip
"""OBX-2 -> what becomes of OBX-5. Any other type (documents, pointers, names, addresses) is dropped."""
_SHORT: Final = re.compile(r"[\w.+*<>=%-]{1,16}")
_CODE: Final = re.compile(r"[\w.+*<>=%/\[\]{}()'^°µ-]{1,20}")
"""Codes of tables and UCUM units."""
_NUMBER: Final = re.compile(r"[<>=+-]*[\d.,eE+:/ -]{0,24}")
"""Numbers and ranges (NM, SN, OBX-7)."""
_WORDS: Final = frozenset({2, 5, 9})
"""Components of a coded element (CWE) that are words for people; the others are codes."""


class _Part(NamedTuple):
    """What a rule works with."""

    by: Replacement
    separators: Separators

    def each(self, repetition: str, change: Callable[[int, str], str]) -> str:
        """Every subcomponent of a repetition, with the number of its component."""
        component, subcomponent = self.separators.component, self.separators.subcomponent
        return component.join(
            subcomponent.join(self._changed(number, piece, change) for piece in part.split(subcomponent))
            for number, part in enumerate(repetition.split(component), 1)
        ).rstrip(component + subcomponent)

    def _changed(self, number: int, piece: str, change: Callable[[int, str], str]) -> str:
        value = unescape(piece, self.separators)
        return escape(change(number, value), self.separators) if value else ""


def _kept(part: _Part, repetition: str) -> str:
    """What looks like a code of a table; a sender's words in such a field are dropped."""
    return part.each(repetition, lambda _, value: part.by.kept(value) if _SHORT.fullmatch(value) else "")


def _coded(part: _Part, repetition: str) -> str:
    return part.each(repetition, lambda number, value: part.by.text(value) if number in _WORDS or not _CODE.fullmatch(value) else part.by.kept(value))


def _number(part: _Part, repetition: str) -> str:
    return part.each(repetition, lambda _, value: part.by.kept(value) if _NUMBER.fullmatch(value) else "")


def _text(part: _Part, repetition: str) -> str:
    """The whole of it at once: a name may stand across components."""
    return escape(part.by.text(unescape(repetition, part.separators)), part.separators)


def _first(part: _Part, repetition: str, change: Callable[[str], str]) -> str:
    return part.each(repetition.split(part.separators.component, 1)[0], lambda _, value: change(value))


def _name(part: _Part, repetition: str) -> str:
    return part.each(repetition, lambda number, value: part.by.name(value) if number < 4 else "")


def _address(part: _Part, repetition: str) -> str:
    """State, what may stay of the postal code, country (XAD-4 to 6)."""
    keep = {4: part.by.kept, 5: part.by.postal, 6: part.by.kept}
    return part.each(repetition, lambda number, value: keep[number](value) if number in keep else "")


RULES: Final[Mapping[str, Callable[[_Part, str], str]]] = {
    "kept": _kept,
    "coded": _coded,
    "number": _number,
    "text": _text,
    "code": lambda part, repetition: _first(part, repetition, part.by.code),
    "moment": lambda part, repetition: _first(part, repetition, part.by.moment),
    "birth": lambda part, repetition: _first(part, repetition, lambda value: part.by.moment(value, birth=True)),
    "unit": lambda part, repetition: _kept(part, repetition.split(part.separators.component, 1)[0]),  # neither room nor bed nor house
    "name": _name,
    "address": _address,
}


def deidentified(raw: bytes, of: Callable[[str, Known], Replacement]) -> bytes:
    """The message with everything replaced or dropped that identifies somebody, in UTF-8.

    `of` gives the stand-ins of a patient, told by number and by what the message knows of them. Raises `Refused` for what is no
    HL7 v2 message.
    """
    message = parse(raw)
    by = of(patient_of(message), known_of(message))
    lines = (_line(segment, _Part(by, message.separators)) for segment in message.segments if segment.name in FIELDS)
    return written(line for line in lines if line)


def patient_of(message: Message) -> str:
    """The first patient number (PID-3.1); "" where the message is about nobody."""
    person = message.first("PID")
    return person.text(3, 1) if person is not None else ""


def known_of(message: Message) -> Known:
    """Every name, number and address that the message holds in the fields for them."""
    names, numbers, places = (
        tuple(_found(message, where)) for where in (_NAMES, _NUMBERS, _PLACES)
    )  # fmt: skip
    return Known(names, numbers, places)


_NAMES: Final = {"PID": (5, 6, 9), "NK1": (2, 30), "GT1": (3, 4), "IN1": (16,), "MRG": (7,)}
_NUMBERS: Final = {
    "PID": (2, 3, 4, 7, 13, 14, 18, 19, 20), "MRG": (1, 3, 4), "PV1": (19, 50), "IN1": (2, 36, 49), "GT1": (2, 6, 7, 12), "NK1": (5, 6, 33, 37),
}  # fmt: skip
_PLACES: Final = {"PID": (11,), "NK1": (4,), "GT1": (5,), "IN1": (19,)}
_NAME_PARTS, _NUMBER_PARTS, _PLACE_PARTS = 3, 1, 3


def _found(message: Message, where: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    parts = _NAME_PARTS if where is _NAMES else _PLACE_PARTS if where is _PLACES else _NUMBER_PARTS
    for segment in message.segments:
        for field in where.get(segment.name, ()):
            for repetition in segment.repetitions(field):
                pieces = repetition.split(segment.separators.component)[:parts]
                yield from (value for piece in pieces if len(value := unescape(piece, segment.separators).strip()) > 1)


def _line(segment: Segment, part: _Part) -> str:
    separators = segment.separators
    fields = {number: action for action, numbers in FIELDS[segment.name].items() for number in numbers}
    if segment.name == "OBX":
        fields[5] = VALUES.get(segment.text(2), "")
    last = max(fields)
    values = [_field(segment, number, RULES[fields[number]], part) if fields.get(number) else "" for number in range(1, last + 1)]
    if segment.name == "MSH":
        values[:2] = [separators.encoding_characters]
        values[_CHARSET - 2] = "UNICODE UTF-8"
    return separators.field.join((segment.name, *values)).rstrip(separators.field)


_CHARSET: Final = 18


def _field(segment: Segment, number: int, rule: Callable[[_Part, str], str], part: _Part) -> str:
    repetition = segment.separators.repetition
    return repetition.join(rule(part, each) for each in segment.repetitions(number)).rstrip(repetition)
