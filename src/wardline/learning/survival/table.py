"""The table a survival model is trained on: one line per person, how long, whether it happened, and numbers known at the start."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from wardline.core.errors import Refused
from wardline.science.statistics.survival.observed import Flags, Floats, Observed, Places, observed

DAYS_A_MONTH: Final = 365.25 / 12
MONTHS: Final = {"days": 1 / DAYS_A_MONTH, "months": 1.0, "years": 12.0}
"""What one of it is in months."""
YES_NO: Final = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False}
SEX: Final = {"m": 1.0, "male": 1.0, "f": 0.0, "female": 0.0}
EMPTY: Final = frozenset({"", "na", "nan", "null", "none"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns mean what."""

    time: str
    event: str
    patient: str = ""
    features: tuple[str, ...] = ()
    """None: every other column."""
    unit: str = "months"


@dataclass(frozen=True, slots=True)
class Table:
    """Times in months. `patient` numbers the persons: rows with the same number are the same person."""

    names: tuple[str, ...]
    features: Floats
    """Shape (rows, features)."""
    seen: Observed
    patient: Places
    left_out: int = 0
    """Rows in which something was missing. Nothing is filled in."""

    def __len__(self) -> int:
        return len(self.seen)

    def of(self, places: Places | Flags) -> "Table":
        return Table(self.names, self.features[places], self.seen.of(places), self.patient[places], self.left_out)

    def folds(self, count: int, seed: int) -> Places:
        """The number of each row's part, 0 to `count` - 1: all rows of a person in one, and those affected spread evenly over all."""
        drawn = np.random.default_rng(seed)
        persons, whose = np.unique(self.patient, return_inverse=True)
        affected = np.bincount(whose, self.seen.happened, len(persons)) > 0
        part = np.empty(len(affected), np.int64)
        for group in (np.flatnonzero(affected), np.flatnonzero(~affected)):
            part[drawn.permutation(group)] = np.arange(len(group)) % count
        return part[whose]


def read(file: Path, columns: Columns) -> Table:
    """Raises `Refused` naming the line and the column."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{file} cannot be read as a CSV table: {error}", code="survival") from None
    return table(rows, columns)


def table(rows: Sequence[Mapping[str, str]], columns: Columns) -> Table:
    """Of lines as a CSV file gives them. Lines in which something is missing are left out and counted."""
    if columns.unit not in MONTHS:
        raise Refused(f"times are in {', '.join(MONTHS)}, not in {columns.unit!r}", code="survival")
    names = _names(rows, columns)
    kept = [(line, row) for line, row in enumerate(rows, start=2) if not any(_is_empty(row, name) for name in (*names, columns.time, columns.event))]
    if not kept:
        raise Refused("no line of the table has every value; leave out the columns that are mostly empty", code="survival")
    time = [_number(line, columns.time, row) * MONTHS[columns.unit] for line, row in kept]
    happened = [_yes(line, columns.event, row) for line, row in kept]
    features = np.array([[_number(line, name, row) for name in names] for line, row in kept])
    whose = [row[columns.patient] for _, row in kept] if columns.patient else [str(line) for line, _ in kept]
    numbered = {name: number for number, name in enumerate(dict.fromkeys(whose))}
    patient = np.array([numbered[name] for name in whose])
    told = tuple("male" if name == "sex" else name for name in names)
    return Table(told, features, observed(time, happened), patient, len(rows) - len(kept))


def _names(rows: Sequence[Mapping[str, str]], columns: Columns) -> tuple[str, ...]:
    there = [name for name in rows[0] if name] if rows else []
    special = [columns.time, columns.event, *([columns.patient] if columns.patient else [])]
    for name in (*special, *columns.features):
        if name not in there:
            raise Refused(f"the table has no column {name!r}; it has {', '.join(there) or 'no lines'}", code="survival")
    names = columns.features or tuple(name for name in there if name not in special)
    if not names or set(names) & set(special) or len(set(names)) < len(names):
        raise Refused("name features, each once, that are neither the time nor the event nor the patient", code="survival")
    return names


def _is_empty(row: Mapping[str, str], name: str) -> bool:
    return (row[name] or "").strip().lower() in EMPTY


def _number(line: int, name: str, row: Mapping[str, str]) -> float:
    text = row[name].strip()
    if name == "sex" and text.lower() in SEX:
        return SEX[text.lower()]
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise Refused(f"line {line}, {name}: {text[:40]!r} is not a number; make a column of 0 and 1 for each kind", code="survival")
    return value


def _yes(line: int, name: str, row: Mapping[str, str]) -> bool:
    text = row[name].strip().lower().removesuffix(".0")
    if text not in YES_NO:
        raise Refused(f"line {line}, {name}: {text[:40]!r} is neither 1 (it happened) nor 0 (it had not when the watching ended)", code="survival")
    return YES_NO[text]
