"""What people have drawn and measured on the images of each study: every version of the outlines, and every measurement by hand."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.core.events import ELSEWHERE, Contoured, Erased, Event, EventId, Imaged, Marked, Unmarked
from wardline.core.reactions import Memory

DRAWN: Final = "pet_lesions"
"""Whose outlines people may change: those from which lesions are measured."""
_NUMBERED: Final = re.compile(r"[A-Z](\d+)")


class Contour(NamedTuple):
    """One version of the outlines, who made it and when."""

    contoured: Contoured
    event: EventId
    at: datetime
    by: str
    """The account's id."""


class Mark(NamedTuple):
    """One measurement by hand."""

    marked: Marked
    at: datetime
    by: str
    is_withdrawn: bool = False


class Drawings(Memory):
    """A `Reaction` that only remembers. What was drawn on a study goes when the study turns out to be somebody else's."""

    name = "drawings"

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        """Study -> the record it was filed under when somebody drew on it."""
        self.contours: dict[str, list[Contour]] = {}
        """Study -> every version, the oldest first."""
        self._marks: dict[str, dict[str, Mark]] = {}

    # --- asking ---

    def newest(self, study: str) -> Contour | None:
        """The last version, which may be that the drawing was taken back."""
        kept = self.contours.get(study)
        return kept[-1] if kept else None

    def standing(self, imaged: Imaged) -> Contour | None:
        """The drawing that counts for a study: the last one, unless it was taken back or its series has other images now."""
        last = self.newest(imaged.study)
        if last is None or not last.contoured.mask or not has_still(imaged, last.contoured.series, last.contoured.instances):
            return None
        return last

    def marks(self, study: str) -> list[Mark]:
        """Measurements that stand, in the order in which they were made."""
        return [each for each in self._marks.get(study, {}).values() if not each.is_withdrawn]

    def mark(self, study: str, id: str) -> Mark | None:
        found = self._marks.get(study, {}).get(id)
        return None if found is None or found.is_withdrawn else found

    def next_mark(self, study: str) -> str:
        return f"M{len(self._marks.get(study, ())) + 1}"

    def masks(self, study: str) -> Iterator[str]:
        """Digests of every version, the program's own among them."""
        for each in self.contours.get(study, ()):
            yield from (digest for digest in (each.contoured.automatic, each.contoured.based_on, each.contoured.mask) if digest)

    def last_key(self, study: str) -> int:
        """The highest number that a lesion of a drawing was ever called by, so that no key means two lesions."""
        keys = (key for each in self.contours.get(study, ()) for key in (*(one[0] for one in each.contoured.lesions), *each.contoured.removed))
        return highest(keys)

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case Contoured(study=study) as contoured:
                self._of[study] = event.about
                self.contours.setdefault(study, []).append(Contour(contoured, event.id, event.recorded_at, event.actor))
            case Marked(study=study, mark=mark) as marked:
                self._of[study] = event.about
                self._marks.setdefault(study, {})[mark] = Mark(marked, event.recorded_at, event.actor)
            case Unmarked(study=study, mark=mark) if mark in self._marks.get(study, {}):
                self._marks[study][mark] = self._marks[study][mark]._replace(is_withdrawn=True)
            case Imaged(study=study, state=state) if study in self._of and (state == ELSEWHERE or self._of[study] != event.about):
                self._forget(study)
            case Erased(records=records):
                for study in [study for study, about in self._of.items() if about in records]:
                    self._forget(study)
            case _:
                pass

    def _forget(self, study: str) -> None:
        for kept in (self._of, self.contours, self._marks):
            kept.pop(study, None)

    def dump(self) -> Any:
        return [
            sorted(self._of.items()),
            [[study, [[tuple(each.contoured), each.event, each.at, each.by] for each in kept]] for study, kept in sorted(self.contours.items())],
            [
                [study, [[tuple(each.marked), each.at, each.by, each.is_withdrawn] for each in kept.values()]]
                for study, kept in sorted(self._marks.items())
            ],
        ]

    def load(self, state: Any) -> None:
        self.__init__()  # type: ignore[misc]
        of, contours, marks = state or ((), (), ())
        self._of = dict(of)
        self.contours = {study: [Contour(Contoured(*_deep(one)), *rest) for one, *rest in kept] for study, kept in contours}
        for study, kept in marks:
            made = [Mark(Marked(*_deep(one)), *rest) for one, *rest in kept]
            self._marks[study] = {each.marked.mark: each for each in made}


def has_still(imaged: Imaged, series: str, instances: int) -> bool:
    """Whether a series of the study has as many images as it had when something was drawn on it."""
    return any(uid == series and count == instances for uid, _, _, _, count in imaged.series)


def highest(keys: Iterator[str]) -> int:
    """The highest number of keys such as "L3"; 0 where there is none."""
    return max((int(found[1]) for key in keys if (found := _NUMBERED.fullmatch(key))), default=0)


def _deep(fields: Any) -> Any:
    """Lists, as snapshots give them back, as the tuples they were."""
    return tuple(_deep(each) for each in fields) if isinstance(fields, list | tuple) else fields
