"""Whose study is this? Its number, its details and its accession number are held against what is known; a contradiction goes to a person.

A study is filed only where everything it says agrees; it never lands on somebody else's chart because one field does.
"""

import unicodedata
from collections.abc import Callable
from typing import Final, NamedTuple

from wardline.core.events import Identifier, Registered
from wardline.core.images import StudyRecord

NO_NUMBER: Final = "it carries no patient number"
NOBODY: Final = "nobody here has this patient number, and it does not say enough to register them"


class Placed(NamedTuple):
    """It is about this record. `registers` says who they are where nobody has yet."""

    about: str
    why: str
    """ "order" or "identity"."""
    registers: Registered | None = None


class Doubt(NamedTuple):
    """A person must look: why, and whose it may be."""

    why: str
    candidates: tuple[str, ...] = ()


class Known(NamedTuple):
    """What placing asks the house."""

    key_of: Callable[[Identifier], str]
    person_of: Callable[[str], Registered | None]
    """Under the record that survives; None for a record nobody has registered."""
    survivor: Callable[[str], str]
    order_of: Callable[[str], str]
    """The record an imaging order's number belongs to; "" for an order nobody has heard of."""


def placed(study: StudyRecord, known: Known, issuer: str) -> Placed | Doubt:
    """`issuer` is who assigns patient numbers where the study does not say (HL7 CX.4; Issuer of Patient ID)."""
    ordered = known.order_of(study.accession) if study.accession else ""
    by_order = (known.survivor(ordered),) if ordered else ()
    if not study.patient_id:
        return Doubt(NO_NUMBER, by_order)
    assigner = study.issuer or issuer
    record = known.survivor(known.key_of(Identifier(study.patient_id, assigner)))
    if by_order and by_order[0] != record:
        there = (record,) if known.person_of(record) is not None else ()
        return Doubt(f"its accession number is that of another patient's order ({study.accession})", (*by_order, *there))
    person = known.person_of(record)
    if person is None:
        return _newcomer(study, record, assigner)
    if (contradiction := contradicts(study, person)) is not None:
        return Doubt(contradiction, (record,))
    return Placed(record, "order" if by_order else "identity")


def _newcomer(study: StudyRecord, record: str, assigner: str) -> Placed | Doubt:
    """Somebody whose images come before anything else about them; only where it is clear who assigned the number."""
    family, given = names(study.name)
    if not (assigner and family and len(study.birth_date) == 8):
        return Doubt(NOBODY)
    person = Registered((Identifier(study.patient_id, assigner),), family, given, _iso(study.birth_date), _sex(study.sex), authority=0)
    return Placed(record, "identity", person)


def contradicts(study: StudyRecord, person: Registered) -> str | None:
    """The first thing in which a study and a person differ; None where what both say agrees."""
    born, sex = _iso(study.birth_date), _sex(study.sex)
    if born and len(person.born) >= 10 and born != person.born[:10]:
        return "its birth date is not that of the patient with this number"
    if sex in ("F", "M") and person.sex in ("F", "M") and sex != person.sex:
        return "its sex is not that of the patient with this number"
    family, given = names(study.name)
    agree = [_plain(a) == _plain(b) for a, b in ((family, person.family), (given, person.given)) if a and b]
    if agree and not any(agree):  # a married name changes one of them, somebody else has both
        return "its name is not that of the patient with this number"
    if not agree and not (born and person.born):
        return "neither its name nor its birth date can be compared with the patient's"
    return None


def names(pn: str) -> tuple[str, str]:
    """Family and given name of a DICOM person name (PS3.5 6.2.1: alphabetic group first, family^given^middle^prefix^suffix)."""
    parts = [part.strip() for part in pn.partition("=")[0].split("^")]
    return parts[0], parts[1] if len(parts) > 1 else ""


def _plain(name: str) -> str:
    """Letters alone, without accents and case: "MÜLLER-Lüdenscheidt" and "Muller Ludenscheidt" are one name."""
    bare = unicodedata.normalize("NFKD", name.casefold().replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("ß", "ss"))
    return "".join(letter for letter in bare if letter.isalnum())


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 and day.isdigit() else ""


def _sex(said: str) -> str:
    return said if said in ("F", "M", "O") else ""
