"""Two accounts of the same message compared fact by fact, and every kind of difference named."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

from intake.hl7v2.door import hearing, reader
from intake.hl7v2.facts import Fact, facts_of_bundle, facts_of_statements
from intake.hl7v2.message_sets import NUMBER, Sample
from wardline.core.quantities import ucum
from wardline.formats.hl7v2.message import header_of

NOW: Final = datetime(2035, 1, 1, tzinfo=UTC)
"""Later than everything in the sets, some of which lies in the future."""
TIMES: Final = frozenset({"time", "start", "end", "onset", "date", "given", "ordered"})
MOVEMENTS: Final = frozenset({"A01", "A02", "A03", "A04", "A06", "A07", "A17"})
AGREED: Final = "agreed"
DIFFERENT: Final = "different"
THEIRS: Final = "theirs only"
OURS: Final = "ours only"


class Outcome(NamedTuple):
    """One fact and what became of it in the comparison."""

    found: str
    kind: str
    key: str
    attribute: str
    theirs: str
    ours: str
    sample: str
    trigger: str


def outcomes(sample: Sample) -> list[Outcome] | str:
    """Every fact of a sample, compared; or the reason for which Wardline refuses the message."""
    result = reader().read(sample.raw, hearing(NOW))
    if result.problem is not None:
        return result.problem.reason
    header = header_of(sample.raw)
    trigger = header.trigger if header.type == "ADT" else header.type
    assert sample.bundle is not None
    compared = _compared(facts_of_statements(result.statements), facts_of_bundle(sample.bundle))
    return [Outcome(*each, sample.name.rpartition("/")[2], trigger) for each in compared]


def _compared(ours: list[Fact], theirs: list[Fact]) -> Iterator[tuple[str, str, str, str, str, str]]:
    for place in dict.fromkeys(fact[:3] for fact in [*theirs, *ours]):
        mine, others = _values(ours, place), _values(theirs, place)
        for value in list(others):
            same = next((each for each in mine if _same(place[2], value, each)), None)
            if same is not None:
                mine.remove(same)
                others.remove(value)
                yield AGREED, *place, value, same
        for value, own in zip(others, mine, strict=False):
            yield DIFFERENT, *place, value, own
        yield from ((THEIRS, *place, value, "") for value in others[len(mine) :])
        yield from ((OURS, *place, "", own) for own in mine[len(others) :])


def _values(facts: Iterable[Fact], place: tuple[str, str, str]) -> list[str]:
    return [fact.value for fact in facts if fact[:3] == place]


def _same(attribute: str, theirs: str, ours: str) -> bool:
    """Equal as facts: a day is met by a time of that day, 4.10 is 4.1, spellings of a unit are one unit, blanks do not count."""
    if attribute in TIMES and len(theirs) <= 10:
        return ours.startswith(theirs)
    if attribute == "unit":
        return ucum(theirs) == ours
    if attribute == "value" and _number(theirs) is not None:
        return _number(theirs) == _number(ours)
    return "".join(theirs.split()) == "".join(ours.replace("\n", "~").split())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


# --- every kind of difference there is ---


class Difference(NamedTuple):
    """A kind of difference: whose choice it is, why it is so, and which outcomes it covers."""

    name: str
    whose: str
    why: str
    covers: Callable[[Outcome], bool]


WARDLINE: Final = "Wardline's choice"
PUBLISHER: Final = "the publisher's choice"
NOT_KEPT: Final = "not represented by Wardline"
MADE: Final = "made by the comparison"
_WITH_OTHER_TYPES: Final = ("OBX-", "NTE-", "IZ_", "VXU")
"""Samples whose OBX are of types that FHIR has types for."""
_FROM_OTHER_SEGMENTS: Final = frozenset({"death-certificate", "autopsy", "coroner", "injury-incident"})


def _is(found: str, kind: str, *attributes: str) -> Callable[[Outcome], bool]:
    return lambda it: it.found == found and it.kind == kind and (not attributes or it.attribute in attributes)


# The first that covers an outcome explains it.
DIFFERENCES: Final = (
    Difference(
        "made-up number",
        MADE,
        "ReportStream's messages have no patient number, which Wardline requires; one is put in so that the rest can be compared.",
        lambda it: it.ours == NUMBER.decode(),
    ),
    Difference(
        "other names",
        WARDLINE,
        "They list every name they find (PID-5, PID-9, GT1, IN2); Wardline keeps one: the legal one, else the first of PID-5.",
        _is(THEIRS, "patient", "family", "given"),
    ),
    Difference(
        "other numbers",
        PUBLISHER,
        "They give the patient the driver's licence (PID-20) and numbers of DB1, GT1, IN1 and IN2; Wardline keeps PID-2, 3, 4 and 19.",
        _is(THEIRS, "identifier"),
    ),
    Difference(
        "merges and moves",
        PUBLISHER,
        "For A40, A41, A45 and A47 their bundle only links records and holds no Patient; Wardline also takes what the PID segments say.",
        lambda it: it.found == OURS and it.kind in ("patient", "identifier"),
    ),
    Difference(
        "visit without a movement",
        WARDLINE,
        "They make an Encounter of every PV1. In Wardline A01 to A04, A06, A07 and A17 move a patient; others name the visit of their facts.",
        lambda it: it.found == THEIRS and it.kind == "visit" and it.trigger not in MOVEMENTS,
    ),
    Difference(
        "repeated in every movement",
        WARDLINE,
        "They repeat class, admission and discharge time in every movement; in Wardline A01 and A04 say the start, A03 the end.",
        _is(THEIRS, "visit", "start", "end", "class"),
    ),
    Difference(
        "places a place is part of",
        WARDLINE,
        "They make a Location of facility, building and floor, and of each part of PL; Wardline has one place: facility, unit, room, bed.",
        _is(THEIRS, "visit", "place"),
    ),
    Difference(
        "further visit numbers",
        WARDLINE,
        "They keep PV1-19 and PV1-50; a visit in Wardline has one number: PV1-19, else PV1-50, else PID-18.",
        lambda it: it.kind == "visit" and it.attribute == "number",
    ),
    Difference(
        "time of the event",
        WARDLINE,
        "The message has no PV1-44; Wardline takes the time of the event (EVN-6, EVN-2) as the start of the stay.",
        _is(OURS, "visit", "start"),
    ),
    Difference(
        "post-mortem and accident segments",
        NOT_KEPT,
        "They make Observations and Conditions of PDA (death certificate, autopsy) and ACC (accident).",
        lambda it: it.found == THEIRS and (it.key in _FROM_OTHER_SEGMENTS or (it.kind, it.key) == ("condition", "I21")),
    ),
    Difference(
        "text of a document",
        WARDLINE,
        "They make an Observation of every OBX of an MDM message; in Wardline these lines are the text of the document.",
        lambda it: it.found == THEIRS and it.kind == "observation" and it.trigger == "MDM",
    ),
    Difference(
        "status",
        PUBLISHER,
        "OBX-11 S, I, O or none: they say unknown; Wardline follows table 0085 (S partial, I and O pending) and takes none as final.",
        _is(DIFFERENT, "observation", "status"),
    ),
    Difference(
        "no time sent",
        WARDLINE,
        "Where no time is sent they give none; Wardline takes the specimen's or else the message's time and flags it.",
        lambda it: it.found == OURS and it.attribute in TIMES and it.kind in ("observation", "condition"),
    ),
    Difference(
        "dates and structures as text",
        WARDLINE,
        "They turn DT, TM, DTM, SN and other types into FHIR types; in Wardline a value that is no number stays as it was written.",
        lambda it: it.attribute == "value" and it.found in (DIFFERENT, OURS) and it.sample.startswith(_WITH_OTHER_TYPES),
    ),
    Difference(
        "observations they leave out",
        PUBLISHER,
        "Their templates do not map every OBX (in VXU, OML, DFT), nor the unit where a value is missing; Wardline reads each OBX.",
        _is(OURS, "observation"),
    ),
    Difference(
        "files as documents",
        WARDLINE,
        "OBX of type ED and RP: they make Observations or attach a file to a report; in Wardline each is a document.",
        _is(OURS, "document"),
    ),
    Difference(
        "allergies and diagnoses in orders",
        PUBLISHER,
        "Their templates for OMG, OML and DFT map no AL1 and not every DG1 and PRB; Wardline reads them in any message.",
        lambda it: it.found == OURS and it.kind in ("allergy", "condition"),
    ),
    Difference(
        "pending",
        WARDLINE,
        "A value beside OBX-11 I or O: they keep it; Wardline takes none from an observation that is still awaited.",
        lambda it: it.found == THEIRS and it.kind == "observation" and it.theirs == "27~25",
    ),
    Difference(
        "reaction in IAR",
        NOT_KEPT,
        "A60: the reaction is in IAR, a segment that Wardline does not read.",
        _is(THEIRS, "allergy", "reaction"),
    ),
    Difference(
        "dose 999",
        WARDLINE,
        "RXA-6 999 stands for an amount that is not known; they keep the number.",
        _is(THEIRS, "dose", "dose"),
    ),
)


def explanation_of(outcome: Outcome) -> Difference | None:
    return next((difference for difference in DIFFERENCES if difference.covers(outcome)), None)
