"""Every patient the house knows, in one line each: enough to find them by name, number or bed without opening their timeline."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from wardline.core.events import Registered
from wardline.core.timeline import Timeline


class Entry(NamedTuple):
    """One patient. `number` is the patient number people use, `place` the bed while in the hospital."""

    about: str
    family: str
    given: str
    born: str
    sex: str
    number: str
    unit: str = ""
    bed: str = ""
    is_in: bool = False

    @property
    def name(self) -> str:
        return ", ".join(part for part in (self.family, self.given) if part) or "Name not known"


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Entry).decode


def entry_of(timeline: Timeline) -> Entry:
    person, place = timeline.person or Registered(()), timeline.place
    number = person.identifiers[0].number if person.identifiers else ""
    return Entry(timeline.about, person.family, person.given, person.born, person.sex, number, place.unit, place.bed, place.is_in)


class Directory:
    """Entries by record. Kept packed: a hundred thousand patients fit in a few dozen megabytes."""

    def __init__(self) -> None:
        self._entries: dict[str, bytes] = {}
        self._units: dict[str, set[str]] = {}
        self._places: dict[str, tuple[str, str]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, about: object) -> bool:
        return about in self._entries

    def put(self, entry: Entry) -> bytes | None:
        """Take in an entry; returns its packed form if it says something new."""
        packed = _ENCODE(entry)
        if self._entries.get(entry.about) == packed:
            return None
        self._entries[entry.about] = packed
        self._place(entry)
        return packed

    def load(self, entries: Iterable[tuple[str, bytes]]) -> None:
        for about, packed in entries:
            self._entries[about] = packed
            self._place(_DECODE(packed))

    def remove(self, about: str) -> None:
        self._entries.pop(about, None)
        before = self._places.pop(about, None)
        if before is not None:
            self._units.get(before[0], set()).discard(about)

    def _place(self, entry: Entry) -> None:
        before = self._places.pop(entry.about, None)
        if before is not None:
            self._units[before[0]].discard(entry.about)
        if entry.is_in and entry.unit:
            self._places[entry.about] = (entry.unit, entry.bed)
            self._units.setdefault(entry.unit, set()).add(entry.about)

    def get(self, about: str) -> Entry | None:
        packed = self._entries.get(about)
        return _DECODE(packed) if packed is not None else None

    def units(self) -> list[str]:
        return sorted(unit for unit, patients in self._units.items() if patients)

    def known_units(self) -> list[str]:
        """Every unit that ever had a patient, the empty ones too."""
        return sorted(self._units)

    def in_unit(self, unit: str) -> list[str]:
        return sorted(self._units.get(unit, ()))

    def inpatients(self) -> list[str]:
        return sorted(self._places)

    def search(self, words: str, limit: int = 20) -> list[Entry]:
        """Patients whose name, number or bed contains every word; those in the hospital first. "Moss, Ada" is what lists call her."""
        wanted = [_folded(word) for word in words.replace(",", " ").split()]
        found: list[Entry] = []
        for packed in self._entries.values():
            entry = _DECODE(packed)
            text = _folded(f"{entry.family} {entry.given} {entry.number} {entry.bed}")
            if wanted and all(word in text for word in wanted):
                found.append(entry)
                if len(found) >= 10 * limit:
                    break
        return sorted(found, key=lambda entry: (not entry.is_in, entry.name))[:limit]

    def items(self) -> Iterator[tuple[str, bytes]]:
        yield from sorted(self._entries.items())


def _folded(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter))
