"""The index of FHIR resources in SQLite, in memory only: it holds patients' data in the clear, so it never touches a disk.

It is made anew from the sealed log at every start. Reads of this process see what was put before, committed or not: what resources are
found by waits in a list until somebody asks or the turn ends, because rows of many resources go in together in half the time.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from wardline.core.resources import Amount, Criterion, Entry, Kind, Link, Span, Stored, Text, Token, Version, Wanted

_TABLES: Final = """
CREATE TABLE resources (
    number INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, event INTEGER NOT NULL, about TEXT NOT NULL,
    updated_at REAL NOT NULL, labels TEXT NOT NULL, facts TEXT NOT NULL, others TEXT NOT NULL, UNIQUE (type, id)
);
CREATE INDEX resources_about ON resources (about);
CREATE TABLE versions (
    event INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, about TEXT NOT NULL, updated_at REAL NOT NULL,
    deleted INTEGER NOT NULL
);
CREATE INDEX versions_of ON versions (type, id);
CREATE INDEX versions_about ON versions (about);
CREATE TABLE tokens (name TEXT NOT NULL, code TEXT NOT NULL, system TEXT NOT NULL, text TEXT NOT NULL, number INTEGER NOT NULL);
CREATE INDEX tokens_by ON tokens (name, code, system, number);
CREATE TABLE texts (name TEXT NOT NULL, folded TEXT NOT NULL, text TEXT NOT NULL, number INTEGER NOT NULL);
CREATE INDEX texts_by ON texts (name, folded, number);
CREATE TABLE spans (name TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, number INTEGER NOT NULL);
CREATE INDEX spans_by ON spans (name, low, high, number);
CREATE TABLE amounts (
    name TEXT NOT NULL, low REAL NOT NULL, high REAL NOT NULL, system TEXT NOT NULL, code TEXT NOT NULL, unit TEXT NOT NULL, number INTEGER NOT NULL
);
CREATE INDEX amounts_by ON amounts (name, low, high, number);
CREATE TABLE links (name TEXT NOT NULL, target TEXT NOT NULL, number INTEGER NOT NULL);
CREATE INDEX links_by ON links (name, target, number);
"""
_ENTRIES: Final = ("tokens", "texts", "spans", "amounts", "links")
_TABLE_OF: Final[dict[Kind, str]] = {
    "token": "tokens", "string": "texts", "uri": "texts", "date": "spans", "quantity": "amounts", "number": "amounts", "reference": "links",
}  # fmt: skip
_SORTED_BY: Final = {"tokens": "code", "texts": "folded", "spans": "low", "amounts": "low", "links": "target"}
_STORED: Final = "r.number, r.type, r.id, r.version, r.event, r.about, r.updated_at, r.labels, r.facts, r.others"
_NONE: Final = "[]"
_VERSION: Final = "type, id, version, event, about, updated_at, deleted"
Condition = tuple[str, list[Any]]


class MemorySearch:
    """`Search` of one data folder."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        """`fold` takes case and accents off a text."""
        self._fold = fold
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=512)
        self._db.executescript(_TABLES)
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}
        """Rows by table that are not in it yet."""
        for table in _ENTRIES:
            self._db.execute(f"CREATE INDEX {table}_number ON {table} (number)")

    # --- writing ---

    def put(self, stored: Stored, entries: Iterable[Entry]) -> None:
        self._begin()
        known = self._db.execute("SELECT number FROM resources WHERE type = ? AND id = ?", (stored.type, stored.id)).fetchone()
        if known is not None:
            self._clear(known[0])
        values = (
            known[0] if known is not None else None, stored.type, stored.id, stored.version, stored.event, stored.about,
            stored.updated_at.timestamp(), _listed(stored.labels), _listed(stored.facts), _listed(stored.others),
        )  # fmt: skip
        number = self._db.execute("INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values).lastrowid or 0
        if stored.event:
            self._note(Version(stored.type, stored.id, stored.version, stored.event, stored.about, stored.updated_at))
        self._put_entries(number, entries)

    def _put_entries(self, number: int, entries: Iterable[Entry]) -> None:
        rows = self._waiting
        for entry in entries:
            match entry:
                case Token(name, system, code, text):
                    rows.setdefault("tokens", []).append((name, code, system, self._fold(text), number))
                case Text(name, text):
                    rows.setdefault("texts", []).append((name, self._fold(text), text, number))
                case Span(name, low, high):
                    rows.setdefault("spans", []).append((name, low, high, number))
                case Amount():
                    rows.setdefault("amounts", []).append((*entry, number))
                case Link(name, target):
                    rows.setdefault("links", []).append((name, target, number))

    def _settle(self) -> None:
        """Everything that waits, into its table."""
        for table, values in self._waiting.items():
            self._db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)
        self._waiting.clear()

    def remove(self, version: Version) -> None:
        self._begin()
        known = self._db.execute("SELECT number FROM resources WHERE type = ? AND id = ?", (version.type, version.id)).fetchone()
        if known is not None:
            self._clear(known[0])
            self._db.execute("DELETE FROM resources WHERE number = ?", known)
        self._note(version)

    def _note(self, version: Version) -> None:
        values = (
            version.event, version.type, version.id, version.version, version.about, version.updated_at.timestamp(), int(version.deleted)
        )  # fmt: skip
        self._db.execute("INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def _clear(self, number: int) -> None:
        self._settle()
        for table in _ENTRIES:
            self._db.execute(f"DELETE FROM {table} WHERE number = ?", (number,))

    def forget(self, records: Iterable[str]) -> None:
        self._begin()
        for record in records:
            for (number,) in self._db.execute("SELECT number FROM resources WHERE about = ?", (record,)).fetchall():
                self._clear(number)
            self._db.execute("DELETE FROM resources WHERE about = ?", (record,))
            self._db.execute("DELETE FROM versions WHERE about = ?", (record,))

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN")

    def commit(self) -> None:
        self._settle()
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def rollback(self) -> None:
        self._waiting.clear()
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    # --- asking ---

    def find(self, type: str, criteria: Sequence[Criterion] = ()) -> list[Stored]:
        conditions = [self._condition(type, criterion) for criterion in criteria]
        where = "".join(f" AND {sql}" for sql, _ in conditions)
        values = [type, *(value for _, each in conditions for value in each)]
        self._settle()
        return _stored(self._db.execute(f"SELECT {_STORED} FROM resources r WHERE r.type = ?{where} ORDER BY r.number", values))

    def get(self, type: str, id: str) -> Stored | None:
        return next(iter(_stored(self._db.execute(f"SELECT {_STORED} FROM resources r WHERE r.type = ? AND r.id = ?", (type, id)))), None)

    def of(self, records: Iterable[str]) -> list[Stored]:
        wanted = "r.about IN (SELECT value FROM json_each(?))"
        return _stored(self._db.execute(f"SELECT {_STORED} FROM resources r WHERE {wanted} ORDER BY r.number", (json.dumps(list(records)),)))

    def links(self, numbers: Iterable[int], names: Iterable[str] | None = None) -> list[Link]:
        self._settle()
        values = [json.dumps(list(numbers))]
        named = ""
        if names is not None:
            named = " AND name IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(names)))
        rows = self._db.execute(f"SELECT DISTINCT name, target FROM links WHERE number IN (SELECT value FROM json_each(?)){named}", values)
        return [Link(*row) for row in rows]

    def keys(self, numbers: Iterable[int], name: str, kind: Kind, *, highest: bool) -> dict[int, str | float]:
        self._settle()
        table = _TABLE_OF[kind]
        chosen = f"{'max' if highest else 'min'}({'high' if highest and table in ('spans', 'amounts') else _SORTED_BY[table]})"
        asked = f"SELECT number, {chosen} FROM {table} WHERE name = ? AND number IN (SELECT value FROM json_each(?)) GROUP BY number"
        return dict(self._db.execute(asked, (name, json.dumps(list(numbers)))).fetchall())

    def versions(self, type: str = "", id: str = "") -> list[Version]:
        where, values = " AND ".join(f"{name} = ?" for name, value in (("type", type), ("id", id)) if value), [each for each in (type, id) if each]
        rows = self._db.execute(f"SELECT {_VERSION} FROM versions {'WHERE ' + where if where else ''} ORDER BY event DESC", values)
        return [
            Version(type, id, version, event, about, _moment(updated_at), bool(deleted))
            for type, id, version, event, about, updated_at, deleted in rows
        ]

    def _condition(self, type: str, criterion: Criterion) -> Condition:
        if criterion.name == "_id":
            return "r.id IN (SELECT value FROM json_each(?))", [json.dumps([wanted.text for wanted in criterion.values])]
        if criterion.name == "_lastUpdated":
            parts = [_compared("r.updated_at * 1000000", "r.updated_at * 1000000", wanted) for wanted in criterion.values]
            return _any(parts)
        table, name = _TABLE_OF[criterion.kind], f"{type}.{criterion.name}" if not criterion.name.startswith("_") else criterion.name
        has_any = f"EXISTS (SELECT 1 FROM {table} e WHERE e.name = ? AND e.number = r.number)"
        if criterion.modifier in ("missing", "present"):
            return f"{'NOT ' if criterion.modifier == 'missing' else ''}{has_any}", [name]
        if table == "links" and all(wanted.prefix != "any" for wanted in criterion.values):  # a chain may have found very many
            sql, values = "e.target IN (SELECT value FROM json_each(?))", [json.dumps([wanted.text for wanted in criterion.values])]
        else:
            sql, values = _any([self._matched(table, criterion, wanted) for wanted in criterion.values])
        if criterion.modifier == "not":
            return f"NOT EXISTS (SELECT 1 FROM {table} e WHERE e.name = ? AND e.number = r.number AND {sql})", [name, *values]
        return f"r.number IN (SELECT e.number FROM {table} e WHERE e.name = ? AND {sql})", [name, *values]

    def _matched(self, table: str, criterion: Criterion, wanted: Wanted) -> Condition:
        match table:
            case "tokens":
                return self._token(criterion.modifier, wanted)
            case "texts":
                return self._words(criterion, wanted)
            case "spans":
                return _compared("e.low", "e.high", wanted)
            case "amounts":
                sql, values = _compared("e.low", "e.high", wanted)
                if wanted.unit:
                    sql, values = f"({sql} AND (e.code = ? OR e.unit = ?))", [*values, wanted.unit, wanted.unit]
                return (f"({sql} AND e.system = ?)", [*values, wanted.system]) if wanted.system else (sql, values)
            case _:
                return ("e.target LIKE ? ESCAPE '!'", [f"%/{_plain(wanted.text)}"]) if wanted.prefix == "any" else ("e.target = ?", [wanted.text])

    def _token(self, modifier: str, wanted: Wanted) -> Condition:
        if modifier == "text":
            return "(e.text LIKE ? ESCAPE '!')", [f"%{_plain(self._fold(wanted.text))}%"]
        parts: list[Condition] = [("e.code = ?", [wanted.text])] if wanted.text else []
        if wanted.system is not None:
            parts.append(("e.system = ?", [wanted.system]))
        return "(" + (" AND ".join(sql for sql, _ in parts) or "0") + ")", [value for _, values in parts for value in values]

    def _words(self, criterion: Criterion, wanted: Wanted) -> Condition:
        folded = self._fold(wanted.text)
        match criterion.modifier:
            case "exact":
                return "e.text = ?", [wanted.text]
            case "contains":
                return "e.folded LIKE ? ESCAPE '!'", [f"%{_plain(folded)}%"]
            case "below":
                return "(e.text = ? OR e.text LIKE ? ESCAPE '!')", [wanted.text, f"{_plain(wanted.text.rstrip('/'))}/%"]
            case _ if criterion.kind == "uri":
                return "e.text = ?", [wanted.text]
            case _:  # begins with it: a range of the index instead of a look at every text
                return "(e.folded >= ? AND e.folded < ?)", [folded, folded + "\U0010ffff"]


def _compared(low: str, high: str, wanted: Wanted) -> Condition:
    """http://hl7.org/fhir/R4/search.html#prefix: how a range asked for is compared with the range a resource states."""
    match wanted.prefix:
        case "eq":
            return f"({low} >= ? AND {high} <= ?)", [wanted.low, wanted.high]
        case "ne":
            return f"({low} < ? OR {high} > ?)", [wanted.low, wanted.high]
        case "gt":
            return f"{high} > ?", [wanted.high]
        case "lt":
            return f"{low} < ?", [wanted.low]
        case "ge":
            return f"{high} >= ?", [wanted.low]
        case "le":
            return f"{low} <= ?", [wanted.high]
        case "sa":
            return f"{low} > ?", [wanted.high]
        case "eb":
            return f"{high} < ?", [wanted.low]
        case _:
            return f"({high} >= ? AND {low} <= ?)", [wanted.low, wanted.high]


def _any(parts: list[Condition]) -> Condition:
    """Halved and halved again: SQLite refuses a chain of a thousand."""
    if len(parts) < 2:
        return parts[0] if parts else ("0", [])
    half = len(parts) // 2
    (left, first), (right, second) = _any(parts[:half]), _any(parts[half:])
    return f"({left} OR {right})", [*first, *second]


def _listed(values: Sequence[Any]) -> str:
    return json.dumps(values) if values else _NONE


def _plain(text: str) -> str:
    """For LIKE: its wildcards mean themselves."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _stored(rows: Iterable[tuple[Any, ...]]) -> list[Stored]:
    return list(_each(rows))


def _each(rows: Iterable[tuple[Any, ...]]) -> Iterator[Stored]:
    for number, type, id, version, event, about, updated_at, labels, facts, others in rows:
        said = tuple(json.loads(labels)) if labels != _NONE else ()
        stated = tuple((kind, key) for kind, key in json.loads(facts)) if facts != _NONE else ()
        beside = tuple(json.loads(others)) if others != _NONE else ()
        yield Stored(number, type, id, version, event, about, _moment(updated_at), said, stated, beside)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
