"""An independent parser, hl7apy, reads every message of the reference sets; both must find the same segments, fields and components.

hl7apy knows the tables of each HL7 version and drops or moves what is not in them; Wardline keeps everything where it was sent.
`EXPLANATIONS` lists every kind of difference there is; a difference of another kind fails the test.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from hl7apy import load_library
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.core import Field
from hl7apy.core import Message as TheirMessage
from hl7apy.exceptions import InvalidName
from hl7apy.parser import parse_message

from intake.hl7v2.message_sets import needs_message_sets, samples
from wardline.formats.hl7v2.escapes import unescape
from wardline.formats.hl7v2.message import Message, Segment, component_of, parse

pytestmark = [pytest.mark.reference, pytest.mark.slow, needs_message_sets]

EXPLANATIONS = {
    "field": "leaves out fields that its table for the message's version does not have (EVN-1 in 2.8, OBX-29 in 2.5.1)",
    "components": "leaves out or moves components beyond those of the field's type in that version (CE has six, CWE nine or more)",
    "blanks": "strips blanks around a value",
    "number": "rewrites sequence numbers (001 becomes 1)",
    "truncation": "refuses the fifth encoding character (MSH-2 ^~\\&#), which is no delimiter: it is taken out before hl7apy reads",
    "escapes": "escapes formatting commands once more where it writes a text (\\.br\\ becomes \\E\\.br\\E\\)",
    "segment": "cannot read a message with a segment newer than the version it declares (PRT in 2.5.1)",
}
Value = tuple[int, int, str]
"""Component, subcomponent, text."""


def test_hl7apy_finds_the_same_segments_fields_and_components() -> None:
    differences: Counter[str] = Counter()
    agreed = 0
    for sample in samples():
        ours = parse(sample.raw)
        theirs = read_by_hl7apy(ours, differences)
        if theirs is None:
            continue
        assert [segment.name for segment in ours.segments] == [segment.name for segment in theirs.children], sample.name
        for mine, other in zip(ours.segments, theirs.children, strict=True):
            for place, values, read in fields_of(mine, other):
                kind = difference(values, read, known=place in known_fields(ours.version, mine.name))
                agreed += not kind
                differences[kind] += bool(kind)
                assert not kind or kind in EXPLANATIONS, f"{sample.name} {mine.name}-{place}: {values} or {read}"
    assert (+differences).keys() == EXPLANATIONS.keys()
    assert agreed > 20_000


def read_by_hl7apy(ours: Message, differences: Counter[str]) -> TheirMessage | None:
    text = "\r".join(ours.lines) + "\r"
    if text.startswith("MSH|^~\\&#"):
        differences["truncation"] += 1
        text = text.replace("#", "", 1)
    try:
        return parse_message(text, find_groups=False, validation_level=VALIDATION_LEVEL.TOLERANT)
    except InvalidName:
        assert ours.first("PRT") is not None
        differences["segment"] += 1
        return None


def fields_of(mine: Segment, other: Segment) -> Iterator[tuple[int, list[Value], list[Value]]]:
    """(number, what we read, what hl7apy reads) of every repetition of every field but the delimiters themselves."""
    theirs: dict[int, list[Field]] = {}
    for field in other.children:
        theirs.setdefault(_number(field.name), []).append(field)
    for place in range(3 if mine.name == "MSH" else 1, len(mine.line.split(mine.separators.field)) + 1):
        repetitions = mine.repetitions(place)
        for number in range(max(len(repetitions), len(theirs.get(place, ())))):
            values = _our_values(repetitions[number], mine) if number < len(repetitions) else []
            found = theirs.get(place, ())[number : number + 1]
            yield place, values, _their_values(found[0], mine) if found else []


def _our_values(repetition: str, segment: Segment) -> list[Value]:
    separators = segment.separators
    found = (
        (number, part, component_of(repetition, number, separators, part))
        for number, component in enumerate(repetition.split(separators.component), 1)
        for part in range(1, component.count(separators.subcomponent) + 2)
    )
    return [value for value in found if value[2]]


def _their_values(field: Field, segment: Segment) -> list[Value]:
    found = []
    for position, component in enumerate(field.children, 1):
        for part, subcomponent in enumerate(component.children, 1):
            place = _number(component.name) or position, _number(subcomponent.name) or part
            found.append((*place, unescape(subcomponent.to_er7(), segment.separators)))
    return [value for value in found if value[2] and value[2] != '""']


def _number(name: str | None) -> int:
    """PID_3 -> 3, CX_4 -> 4; 0 for the name of a simple type, which has no number."""
    tail = (name or "").rpartition("_")[2]
    return int(tail) if tail.isdigit() else 0


_LIBRARIES: dict[tuple[str, str], frozenset[int]] = {}


def known_fields(version: str, segment: str) -> frozenset[int]:
    """The fields hl7apy's table has; for segments of one's own, any."""
    if (version, segment) not in _LIBRARIES:
        table = load_library(version).get(segment, "Segment") if not segment.startswith("Z") else ("", ())
        _LIBRARIES[version, segment] = frozenset(_number(name) for name, *_ in table[1])
    return _LIBRARIES[version, segment]


def difference(ours: list[Value], theirs: list[Value], *, known: bool) -> str:
    """The kind of a difference; empty for none."""
    if ours == theirs:
        return ""
    if not theirs and not known:
        return "field"
    stripped = [(component, part, text.strip()) for component, part, text in ours if text.strip()]
    if stripped == theirs:
        return "blanks"
    if [int(text) if text.isdigit() else text for *_, text in ours] == [int(text) if text.isdigit() else text for *_, text in theirs]:
        return "number" if [text for *_, text in ours] != [text for *_, text in theirs] else "components"
    if [text for *_, text in ours] == [unescape(text) for *_, text in theirs]:
        return "escapes"
    remaining = iter(text for *_, text in stripped)
    return "components" if all(any(text == other for other in remaining) for *_, text in theirs) else "unexplained"
