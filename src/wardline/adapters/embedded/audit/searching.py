"""Finding entries of the audit trail: by person, patient, action, outcome and time, the newest first."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.trail import SUCCESS
from wardline.formats.audit.entries import FIELDS

NOT_SUCCESS: Final = f"not {SUCCESS}"
NAMES_ONLY: Final = ("patients searched", "patients listed")
"""Whoever only looked for somebody saw who and where they are, nothing that a wrong result could have misled them by."""
_COLUMNS: Final = ", ".join(f"e.{name}" for name in FIELDS)
_ABOUT: Final = """
SELECT id FROM entries WHERE about = ? AND about <> '' UNION ALL
SELECT id FROM entries WHERE shown <> '' AND shown IN (SELECT digest FROM shown_records WHERE record = ?)
"""
_FROM: Final = "FROM entries e LEFT JOIN shown s ON s.digest = e.shown"


class Wanted(NamedTuple):
    """What somebody looks for; what is empty does not matter. `before`: only entries with a smaller number, to turn the page."""

    about: str = ""
    who: str = ""
    action: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0
    limit: int = 200


def found(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Looking for a patient also finds entries in which they were one of several; `about` is then that patient."""
    conditions, values = _conditions(wanted)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = connection.execute(f"SELECT {_COLUMNS}, coalesce(s.records, '') {_FROM} {where} ORDER BY e.id DESC LIMIT ?", (*values, wanted.limit))
    return (_entry(row, wanted.about) for row in rows)


def viewers(connection: sqlite3.Connection, about: str, most: int) -> tuple[str, ...]:
    """Everybody who was shown something of a patient's chart, the latest first."""
    query = (
        f"SELECT who FROM entries WHERE id IN ({_ABOUT}) AND outcome = 'success' AND action NOT IN (?, ?) GROUP BY who ORDER BY max(id) DESC LIMIT ?"
    )
    return tuple(who for (who,) in connection.execute(query, (about, about, *NAMES_ONLY, most)))


def _conditions(wanted: Wanted) -> tuple[list[str], list[Any]]:
    said: list[tuple[str, tuple[Any, ...]]] = []
    if wanted.about:
        said.append((f"e.id IN ({_ABOUT})", (wanted.about, wanted.about)))
    said += [(f"e.{name} = ?", (value,)) for name in ("who", "action") if (value := getattr(wanted, name))]
    if wanted.outcome == NOT_SUCCESS:
        said.append(("e.outcome <> 'success'", ()))
    elif wanted.outcome:
        said.append(("e.outcome = ?", (wanted.outcome,)))
    if wanted.since is not None:
        said.append(("e.at >= ?", (microseconds(wanted.since),)))
    if wanted.until is not None:
        said.append(("e.at < ?", (microseconds(wanted.until),)))
    if wanted.before:
        said.append(("e.id < ?", (wanted.before,)))
    return [condition for condition, _ in said], [value for _, values in said for value in values]


def _entry(row: tuple[Any, ...], wanted: str) -> dict[str, Any]:
    *fields, records = row
    entry = dict(zip(FIELDS, fields, strict=True))
    together = tuple(records.split()) if records else (entry["about"],) if entry["about"] else ()
    return {
        **entry, "at": moment(entry["at"]), "roles": tuple(entry["roles"].split()), "about": wanted or entry["about"], "records": together,
        "detail": json.loads(entry["detail"]) if entry["detail"] else {},
    }  # fmt: skip
