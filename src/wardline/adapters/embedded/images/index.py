"""Questions to the index: studies as records, rows of a search at any level, ready-made headers, places of bytes."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime, tzinfo
from typing import Final

import zstandard

from wardline.adapters.embedded.images.index_sealing import Open
from wardline.adapters.embedded.images.layouts import Layout, unpacked
from wardline.adapters.embedded.packing import moment
from wardline.core.errors import Erased, NotFound
from wardline.core.images import ImageRow, JournalEntry, SeriesRecord, StudyRecord


def journal(connection: sqlite3.Connection, after: int, limit: int) -> list[JournalEntry]:
    rows = connection.execute("SELECT seq, study, what, at, detail FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
    return [JournalEntry(seq, study, what, moment(at), json.loads(detail)) for seq, study, what, at, detail in rows]


def study_record(connection: sqlite3.Connection, open: Open, uid: str, zone: tzinfo) -> StudyRecord | None:
    row = connection.execute(f"SELECT id, {_RECORD} FROM studies WHERE uid = ?", (uid,)).fetchone()
    if row is None:
        return None
    id, key, sealed, date, time, offset, state, changed_at = row
    try:
        patient_id, issuer, name, born, sex, accession, description = named(open, key, uid, sealed)
        series = tuple(_series_records(connection, open, id, key))
    except Erased:  # at this moment, in another process
        return None
    acquired_at = acquired(date, time, offset, zone)
    return StudyRecord(uid, patient_id, issuer, name, born, sex, accession, description, acquired_at, state, moment(changed_at), series)


def named(open: Open, key: int, uid: str, sealed: bytes) -> list[str]:
    """Number, issuer, name, birth date, sex, accession and description of a study."""
    found: list[str] = json.loads(open(key, f"named/{uid}", sealed))
    return found


def _series_records(connection: sqlite3.Connection, open: Open, study: int, key: int) -> Iterator[SeriesRecord]:
    instances: dict[int, list[str]] = {}
    for series, uid in connection.execute(
        "SELECT series, uid FROM instances WHERE series IN (SELECT id FROM series WHERE study = ?) ORDER BY series, number, uid", (study,)
    ):
        instances.setdefault(series, []).append(uid)
    question = "SELECT id, uid, modality, number, description FROM series WHERE study = ? ORDER BY number, uid"
    for id, uid, modality, number, description in connection.execute(question, (study,)):
        words = open(key, f"description/{uid}", description).decode()
        yield SeriesRecord(uid, modality, number, words, tuple(instances.get(id, ())))


def acquired(date: str, time: str, offset: str, zone: tzinfo) -> datetime | None:
    """Study Date and Time as one moment; None where they are missing or no date. An offset is (0008,0201)'s, as "+0100"."""
    digits, clock = date.replace(".", ""), (time.replace(":", "").partition(".")[0] + "000000")[:6]
    try:
        said = datetime.strptime(digits + clock + (offset or "+0000"), "%Y%m%d%H%M%S%z")
    except ValueError:
        return None
    return said if offset else said.replace(tzinfo=zone)


def rows(
    connection: sqlite3.Connection, open: Open, level: str, *, studies: Collection[str], series: Collection[str], instances: Collection[str],
    patient: bytes, accession: bytes, dates: tuple[str, str], records: Collection[str] | None,
) -> Iterator[ImageRow]:  # fmt: skip
    """Newest study first, then by series and instance number. What is given narrows."""
    where: list[str] = []
    values: list[str | bytes] = []
    for column, wanted in (("studies.uid", studies), ("series.uid", series), ("instances.uid", instances), ("studies.record", records)):
        if wanted or (wanted is not None and column == "studies.record"):
            where.append(f"{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(list(wanted)))
    said = (
        ("studies.patient = ?", patient),
        ("studies.accession = ?", accession),
        ("studies.date >= ?", dates[0]),
        ("studies.date <= ?", dates[1]),
    )
    where += [condition for condition, value in said if value]
    values += [value for _, value in said if value]
    question = f"{_LEVELS[level]} WHERE {' AND '.join(where) or '1'} ORDER BY {_ORDER[level]}"
    opened: dict[str, bytes] = {}
    for study, one_series, instance, record, count, number, key, *sealed in connection.execute(question, values):
        places = (f"study/{study}", f"series/{one_series}", f"instance/{instance}")
        try:
            attributes = [opened.get(place) or open(key, place, each) for place, each in zip(places, sealed, strict=False)]
        except Erased:  # while this was asked
            continue
        opened = dict(zip(places[:2], attributes, strict=False))  # the next row is most likely of the same study and series
        yield ImageRow(study, one_series, instance, record, _joined(level, attributes, _counted(connection, level, study, count, number)))


def _joined(level: str, attributes: list[bytes], counted: bytes) -> bytes:
    """JSON objects into one: their attributes are different ones."""
    inner = [each[1:-1] for each in (*attributes, counted) if len(each) > 2]
    return b"{" + b",".join(inner) + b"}"


def _counted(connection: sqlite3.Connection, level: str, study: str, count: int, number: int) -> bytes:
    """What no object says itself (PS3.4 C.3.4, PS3.18 10.6.3.3): how many there are, of which kinds, and that they are at hand."""
    if level == "instance":
        return b'{"00080056":{"vr":"CS","Value":["ONLINE"]}}'
    if level == "series":
        return json.dumps({"00080056": {"vr": "CS", "Value": ["ONLINE"]}, "00201209": {"vr": "IS", "Value": [count]}}).encode()
    kinds = connection.execute("SELECT DISTINCT modality FROM series WHERE study = ? AND modality <> '' ORDER BY modality", (number,)).fetchall()
    classes = connection.execute(_CLASSES, (number,)).fetchall()
    (series,) = connection.execute("SELECT count(*) FROM series WHERE study = ?", (number,)).fetchone()
    content = {
        "00080056": {"vr": "CS", "Value": ["ONLINE"]}, "00080061": {"vr": "CS", "Value": [kind for (kind,) in kinds]},
        "00080062": {"vr": "UI", "Value": [uid for (uid,) in classes]}, "00201206": {"vr": "IS", "Value": [series]},
        "00201208": {"vr": "IS", "Value": [count]},
    }  # fmt: skip
    return json.dumps(content).encode()


def headers(connection: sqlite3.Connection, open: Open, study: str, series: str, instance: str) -> list[bytes]:
    """The DICOM JSON of each instance, by series and instance number."""
    where, values = ["studies.uid = ?"], [study]
    for column, wanted in (("series.uid", series), ("instances.uid", instance)):
        if wanted:
            where.append(f"{column} = ?")
            values.append(wanted)
    question = f"SELECT studies.key, instances.uid, instances.header FROM {_INSTANCES} WHERE {' AND '.join(where)} ORDER BY {_ORDER['instance']}"
    engine = zstandard.ZstdDecompressor()
    try:
        return [engine.decompress(open(key, f"header/{uid}", header)) for key, uid, header in connection.execute(question, values)]
    except Erased:
        return []


def place_of(connection: sqlite3.Connection, uid: str) -> tuple[str, int]:
    """The instance's file and the number of its key. Raises `NotFound`."""
    row = connection.execute(f"SELECT instances.file, studies.key FROM {_INSTANCES} WHERE instances.uid = ?", (uid,)).fetchone()
    if row is None:
        raise NotFound("there is no such instance here")
    return str(row[0]), int(row[1])


def layout_of(connection: sqlite3.Connection, uid: str) -> Layout:
    """Raises `NotFound`."""
    row = connection.execute(f"SELECT {_LAYOUT} FROM {_INSTANCES} WHERE instances.uid = ?", (uid,)).fetchone()
    if row is None:
        raise NotFound("there is no such instance here")
    content, *known = row
    return unpacked(content, **dict(zip(("study", "series", "sop_class", "syntax", "size", "dataset"), known, strict=True)))


_RECORD: Final = "key, named, date, time, offset, state, changed_at"
_SERIES: Final = "studies JOIN series ON series.study = studies.id"
_INSTANCES: Final = f"{_SERIES} JOIN instances ON instances.series = series.id"
_LAYOUT: Final = "instances.layout, studies.uid, series.uid, instances.class, instances.syntax, instances.size, instances.dataset"
_LEVELS: Final = {
    "study": "SELECT studies.uid, '', '', studies.record, studies.instances, studies.id, studies.key, studies.attributes FROM studies",
    "series": "SELECT studies.uid, series.uid, '', studies.record, series.instances, series.id, studies.key, studies.attributes, series.attributes "
    f"FROM {_SERIES}",
    "instance": "SELECT studies.uid, series.uid, instances.uid, studies.record, 0, instances.id, studies.key, studies.attributes, series.attributes, "
    f"instances.attributes FROM {_INSTANCES}",
}
_NEWEST: Final = "studies.date DESC, studies.time DESC, studies.id DESC"
_ORDER: Final = {
    "study": _NEWEST,
    "series": f"{_NEWEST}, series.number, series.uid",
    "instance": f"{_NEWEST}, series.number, series.uid, instances.number, instances.uid",
}
_CLASSES: Final = "SELECT DISTINCT class FROM instances WHERE series IN (SELECT id FROM series WHERE study = ?) ORDER BY class"
