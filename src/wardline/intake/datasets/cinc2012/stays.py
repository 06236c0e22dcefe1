"""Reading the set's two files: what was measured in each stay (set-a.csv.gz) and how it ended (Outcomes-a.txt)."""

import csv
import gzip
import math
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from wardline.core.errors import NotFound, Refused
from wardline.intake.datasets.cinc2012.parameters import PARAMETERS, SEXES, UNITS

MISSING: Final = "-1"
"""The challenge's page: valid values are never negative, -1 is missing or unknown."""
_COLUMNS: Final = ["RecordID", "Time", "Parameter", "Value"]
_OUTCOME_COLUMNS: Final = ["RecordID", "SAPS-I", "SOFA", "Length_of_stay", "Survival", "In-hospital_death"]
_DESCRIPTORS: Final = ("RecordID", "Gender", "ICUType")
"""Known of the stay as a whole. Age, height and weight are measured things too and come with the first measurements."""


class Measurement(NamedTuple):
    """`value` is the number as the file writes it."""

    parameter: str
    value: str


class Stay(NamedTuple):
    """One stay. `unit` is a key of UNITS, `age` "" when not known; `instants` are minutes since admission with what was measured then."""

    record: str
    age: str
    sex: str
    unit: str
    instants: tuple[tuple[int, tuple[Measurement, ...]], ...]


class Outcome(NamedTuple):
    """How a stay ended; None is not known. `survived_days`: from admission to intensive care to death, in hospital or later."""

    record: str
    saps: int | None
    sofa: int | None
    days: int | None
    """From admission to intensive care to the end of the stay in hospital."""
    survived_days: int | None
    died: bool
    """In hospital."""


def stays(path: Path) -> Iterator[Stay]:
    """Every stay of the file, one at a time and in its order. Raises `Refused` naming the line that cannot be read."""
    with _opened(path) as lines:
        rows = csv.reader(lines)
        if next(rows, None) != _COLUMNS:
            raise Refused(f"{path.name} must begin with the line {','.join(_COLUMNS)}", code="dataset", where=path.name)
        for record, of_record in groupby(_checked(rows, path.name), key=lambda row: row[0]):
            yield _stay(record, list(of_record))


def outcomes(path: Path) -> dict[str, Outcome]:
    """Outcomes by record."""
    with _opened(path) as lines:
        rows = csv.reader(lines)
        if next(rows, None) != _OUTCOME_COLUMNS:
            raise Refused(f"{path.name} must begin with the line {','.join(_OUTCOME_COLUMNS)}", code="dataset", where=path.name)
        return {row[0]: _outcome(row, f"{path.name}: line {rows.line_num}") for row in rows}


def outcomes_beside(path: Path) -> Path:
    """set-a.csv.gz -> Outcomes-a.txt in the same folder."""
    letter = path.name.removeprefix("set-").split(".", 1)[0]
    return path.with_name(f"Outcomes-{letter}.txt")


def _opened(path: Path) -> TextIO:
    try:
        return gzip.open(path, "rt", encoding="ascii", newline="") if path.suffix == ".gz" else path.open(encoding="ascii", newline="")
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror or error}") from None


def _outcome(row: list[str], where: str) -> Outcome:
    try:
        saps, sofa, days, survived, died = (None if text == MISSING else int(text) for text in row[1:])
    except ValueError:
        raise Refused(f"{where} is not six numbers", code="dataset") from None
    return Outcome(row[0], saps, sofa, days, survived, died == 1)


def _checked(rows: Iterable[list[str]], name: str) -> Iterator[list[str]]:
    """Rows that say something: four fields, a known parameter. Set C has lines without a parameter's name; they say nothing."""
    for number, row in enumerate(rows, 2):
        if len(row) != 4 or not row[0].isdigit() or _minutes(row[1]) is None or not _is_number(row[3]):
            raise Refused(f"{name}: line {number} is not a record, a time, a parameter and a number", code="dataset", where=name)
        if row[2] not in PARAMETERS and row[2] not in _DESCRIPTORS and row[2]:
            raise Refused(f"{name}: line {number} has the parameter {row[2][:20]!r}, which the set does not define", code="dataset", where=name)
        if row[2]:
            yield row


def _minutes(time: str) -> int | None:
    """ "35:19" -> minutes since admission."""
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes) if hours.isdigit() and minutes.isdigit() else None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _stay(record: str, rows: list[list[str]]) -> Stay:
    about = {parameter: value for _, time, parameter, value in rows if time == "00:00" and parameter in (*_DESCRIPTORS, "Age")}
    unit, sex = about.get("ICUType", ""), about.get("Gender", MISSING)
    if about.get("RecordID") != record or unit not in UNITS or sex not in SEXES:
        raise Refused(f"record {record} does not begin with its descriptors, ICUType 1 to 4 and Gender 0, 1 or -1", code="dataset")
    measured = [(_minutes(time) or 0, Measurement(*said)) for _, time, *said in rows if said[0] not in _DESCRIPTORS and said[1] != MISSING]
    measured.sort(key=lambda entry: entry[0])
    instants = tuple((at, tuple(each for _, each in group)) for at, group in groupby(measured, key=lambda entry: entry[0]))
    age = about.get("Age", MISSING)
    return Stay(record, "" if age == MISSING else age, SEXES[sex], unit, instants)
