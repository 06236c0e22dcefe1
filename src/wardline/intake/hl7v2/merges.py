"""ADT: two records are one person after all, one record was two persons, or a visit was filed under the wrong one."""

from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import Merged, Moved, Registered, Unmerged
from wardline.core.statements import Statement
from wardline.formats.hl7v2.message import Segment
from wardline.intake.hl7v2.patients import identifiers_in, record_number
from wardline.intake.hl7v2.reading import Move, Reading

RENUMBERS: Final = frozenset({"A46", "A47"})
"""The same person gets another number: what was under the old one is read under the new one, as after a merge."""
MERGES: Final = frozenset({"A18", "A30", "A34", "A36", "A39", "A40"}) | RENUMBERS
"""MRG-1 is never used again, PID-3 survives."""
NOT_FOLLOWED: Final = {
    "A23": "deletes the record of a patient", "A29": "deletes a person", "A42": "merges two visits",
    "A43": "moves numbers from one patient to another", "A44": "moves an account from one patient to another",
    "A50": "changes the number of a visit",
}  # fmt: skip
"""Events that change or delete what belongs to whom in ways Wardline does not follow: a person has to look at them."""
_NEXT_PATIENT: Final = frozenset({"MRG", "PID"})


def read_mrg(reading: Reading, mrg: Segment) -> None:
    """MRG: the record or visit that is given up."""
    reading.count("MRG")
    identifiers = identifiers_in(mrg, 1, reading.source) or identifiers_in(mrg, 4, reading.source)
    pv1 = reading.following("PV1", _NEXT_PATIENT)
    visit = (pv1.text(19, 1) or pv1.text(50, 1)) if pv1 is not None else ""
    record = record_number(identifiers, reading.source) if identifiers else None
    reading.moves.append(Move(record, reading.patient, mrg.text(5, 1), visit or reading.encounter))


def conclude(reading: Reading) -> None:
    """After all segments of an ADT message: what it says as a whole."""
    trigger = reading.trigger
    if trigger in NOT_FOLLOWED:
        raise Refused(f"{trigger} {NOT_FOLLOWED[trigger]}, which is not followed here", code="trigger-unsupported", where="MSH-9.2")
    if trigger in MERGES:
        _merge(reading)
    elif trigger == "A37":
        _unmerge(reading)
    elif trigger == "A45":
        _move(reading)


def _merge(reading: Reading) -> None:
    """A40 and its older forms. Several PID and MRG pairs may follow each other."""
    moves = [move for move in reading.moves if move.about]
    if not moves:
        raise Refused(f"{reading.trigger} needs an MRG segment after its PID", code="segment-missing", where="MRG")
    for move in moves:
        if move.record is None:
            raise Refused("MRG-1 has no patient number", code="field-missing", where="MRG-1")
        gone = reading.key_of(move.record)
        if gone == move.about and reading.trigger in RENUMBERS:
            continue
        if gone == move.about:
            raise Refused("MRG-1 and PID-3 are the same record", code="invalid", where="MRG-1")
        _state(reading, move.about, Merged(gone, reading.issued_at, move.record.number))


def _unmerge(reading: Reading) -> None:
    """A37: the two PID segments are two persons."""
    people = [statement.about for statement in reading.statements if isinstance(statement.value, Registered)]
    if len(people) != 2 or len(set(people)) != 2:
        raise Refused("A37 needs two PID segments, one for each person", code="segment-missing", where="PID")
    _state(reading, people[0], Unmerged(people[1], reading.issued_at))


def _move(reading: Reading) -> None:
    """A45: each MRG names a visit and the record it was filed under."""
    for move in reading.moves or [Move(None, "", "", "")]:
        visit = move.prior_visit or move.visit
        if move.record is None:
            raise Refused("A45 needs MRG-1, the record the visit was filed under", code="field-missing", where="MRG-1")
        if not visit:
            raise Refused("A45 needs MRG-5 or PV1-19, the visit that moves", code="field-missing", where="MRG-5")
        _state(reading, reading.patient, Moved(visit, reading.key_of(move.record), reading.issued_at))


def _state(reading: Reading, about: str, value: Merged | Unmerged | Moved) -> None:
    occurred_at = (reading.observed or reading.occurred())[0]
    reading.statements.append(Statement(value, about, occurred_at))
