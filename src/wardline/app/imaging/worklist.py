"""What scanners are told to do: imaging orders that stand, as rows of the modality worklist (PS3.4 K.6.1.2.2).

config/worklist.yaml says which kind of scanner does what, by the order's code; * stands for anything:

    codes:
      CTCHEST: {modality: CT, station: CT1, location: Radiology 2}
      "MR*":   {modality: MR}

An order whose code stands nowhere has no modality: it is found by who asks for a patient or a number, and by no scanner's own list.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from wardline.core.errors import Refused
from wardline.core.events import Registered
from wardline.delivery.worklists.studies import Requested, Studies
from wardline.engine.house import House
from wardline.formats.dicom.uids import uid_of

FILE: Final = "worklist.yaml"
LONGEST: Final = 16
"""Letters of an Accession Number or an ID (VR SH, PS3.5 6.2)."""
BACK, AHEAD = timedelta(days=30), timedelta(days=366)
_PRIORITIES: Final = {"S": "STAT", "A": "HIGH", "R": "ROUTINE"}
"""HL7 table 0027 and DICOM's Requested Procedure Priority (PS3.3 C.4.11)."""


class Station(NamedTuple):
    """Where something is done."""

    modality: str
    station: str = ""
    location: str = ""


class Stations:
    """By the codes of orders."""

    def __init__(self, by_code: Mapping[str, Station]) -> None:
        self._by_code = by_code

    def of(self, code: str) -> Station:
        """The exact code first, then the first pattern that fits."""
        if code in self._by_code:
            return self._by_code[code]
        return next((station for pattern, station in self._by_code.items() if fnmatchcase(code, pattern)), Station(""))


def stations_in(file: Path) -> Stations:
    """Raises `Refused` naming what is wrong."""
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(f"{file.name} cannot be read: {type(error).__name__}", code="dicom", where=file.name) from None
    codes = said.get("codes", {}) if isinstance(said, dict) else None
    if not isinstance(codes, dict) or not all(isinstance(each, dict) and each.get("modality") and set(each) <= _KNOWN for each in codes.values()):
        raise Refused(f"{file.name}: `codes` gives each order code a modality, and may give station and location", code="dicom", where=file.name)
    return Stations({str(code): Station(**{name: str(value) for name, value in each.items()}) for code, each in codes.items()})


_KNOWN: Final = {"modality", "station", "location"}


def rows(studies: Studies, house: House, stations: Stations, zone: tzinfo, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """(record, row) of every order that waits for its images."""
    for number, requested in studies.requested.items():
        starts_at = requested.ordered.starts_at or requested.at
        if len(number) > LONGEST or not now - BACK <= starts_at <= now + AHEAD:
            continue
        record = house.survivor(requested.about)
        timeline = house.timeline(record)
        done = any(each.imaged.accession == number and each.imaged.state == "complete" for each in studies.of({requested.about, record}))
        if timeline.person is None or done:
            continue
        yield record, _row(number, requested, timeline.person, timeline.place, stations, starts_at.astimezone(zone))


def _row(number: str, requested: Requested, person: Registered, place: Any, stations: Stations, starts_at: datetime) -> dict[str, Any]:
    ordered = requested.ordered
    code, words, system = (*ordered.code.split("^"), "", "", "")[:3]
    station = stations.of(code)
    where = " ".join(part for part in (place.unit, place.room, place.bed) if part)
    identifier = person.identifiers[0] if person.identifiers else None
    scheduled = {
        **_one("00080060", "CS", station.modality), **_one("00400001", "AE", station.station), **_one("00400002", "DA", f"{starts_at:%Y%m%d}"),
        **_one("00400003", "TM", f"{starts_at:%H%M%S}"), **_one("00400007", "LO", ordered.what[:64]), **_one("00400009", "SH", number),
        **_one("00400011", "SH", station.location[:LONGEST]), **_one("00400020", "CS", "SCHEDULED"),
    }  # fmt: skip
    return {
        **_one("00080050", "SH", number), **_one("00100010", "PN", {"Alphabetic": f"{person.family}^{person.given}".rstrip("^")}),
        **_one("00100020", "LO", identifier.number if identifier else ""), **_one("00100021", "LO", identifier.assigner if identifier else ""),
        **_one("00100030", "DA", _day(person.born)), **_one("00100040", "CS", person.sex if person.sex in ("F", "M", "O") else ""),
        **_one("0020000D", "UI", uid_of("study of order", number)), **_one("00321032", "PN", _name(ordered.orderer)),
        **_one("00321060", "LO", ordered.what[:64]), **_one("00380010", "LO", requested.encounter), **_one("00380300", "LO", where[:64]),
        **_one("00401001", "SH", number), **_one("00401003", "SH", _PRIORITIES.get(ordered.priority, "")), **_coded(code, words, system),
        "00400100": {"vr": "SQ", "Value": [scheduled]},
    }  # fmt: skip


def _one(tag: str, vr: str, value: Any) -> dict[str, Any]:
    """An attribute, present and empty where there is nothing to say (type 2)."""
    return {tag: {"vr": vr, "Value": [value]} if value else {"vr": vr}}


def _coded(code: str, words: str, system: str) -> dict[str, Any]:
    """The procedure's code; DICOM wants its scheme as well, and 99-something for one that is the site's own (PS3.16 8.2)."""
    if not code or len(code) > LONGEST:
        return {}
    item = {**_one("00080100", "SH", code), **_one("00080102", "SH", (system if system not in ("", "L") else "99LOCAL")[:LONGEST])}
    return {"00321064": {"vr": "SQ", "Value": [{**item, **_one("00080104", "LO", (words or code)[:64])}]}}


def _name(text: str) -> dict[str, str] | None:
    return {"Alphabetic": text.replace(", ", "^", 1)} if text else None


def _day(iso: str) -> str:
    return iso[:10].replace("-", "") if len(iso) >= 10 else ""
