"""Every study and whose it is, what was asked for, and what Wardline answered about it: what the imaging worklist shows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.core.course import ENDED
from wardline.core.events import ELSEWHERE, Erased, Event, EventId, Found, Imaged, Ordered, Unplaced
from wardline.core.findings import words
from wardline.core.reactions import Memory

IMAGING: Final = "imaging"
UNPLACED: Final = "imaging/unplaced"


class Answered(NamedTuple):
    """What one capability answered about a study, and which event says so."""

    event: EventId
    at: datetime
    capability: str
    digest: str
    outcome: str
    value: float | int | str | None
    unit: str
    severity: int
    summary: str
    because: tuple[tuple[Any, ...], ...]
    reason: str
    artefacts: dict[str, tuple[str, str]]
    """name -> (media type, digest)"""


class Study(NamedTuple):
    """A study that is known to be about somebody."""

    imaged: Imaged
    about: str
    begun_at: datetime
    event: EventId
    stated_at: datetime


class Waiting(NamedTuple):
    """A study that waits for a person to say whose it is."""

    unplaced: Unplaced
    since: datetime


class Requested(NamedTuple):
    """Imaging that was asked for."""

    ordered: Ordered
    about: str
    at: datetime
    encounter: str


class Studies(Memory):
    """A `Reaction` that only remembers. All studies ever placed stay: comparing with the one before is what a reader does first."""

    name = "studies"

    def __init__(self) -> None:
        self.placed: dict[str, Study] = {}
        self.waiting: dict[str, Waiting] = {}
        self.requested: dict[str, Requested] = {}
        """Imaging orders that stand, by their number."""
        self.journal = 0
        """The image store's last journal entry that was made into an event."""
        self._answers: dict[str, dict[tuple[str, str], Answered]] = {}
        self._of: dict[str, list[str]] = {}

    # --- asking ---

    def record_of(self, study: str) -> str:
        """The record a study is filed under; "" while it is not placed."""
        known = self.placed.get(study)
        return known.about if known is not None else ""

    def of(self, records: frozenset[str] | set[str]) -> list[Study]:
        """Every study of a person, given all their records; the newest first."""
        found = (self.placed[study] for record in records for study in self._of.get(record, ()))
        return sorted(found, key=lambda study: (study.begun_at, study.imaged.study), reverse=True)

    def answers(self, study: str) -> dict[tuple[str, str], Answered]:
        """By capability and key within the study ("" or "L1")."""
        return self._answers.get(study, {})

    def answer(self, study: str, capability: str) -> Answered | None:
        return self._answers.get(study, {}).get((capability, ""))

    def before(self, study: str, records: frozenset[str] | set[str]) -> Iterator[Study]:
        """The patient's earlier studies, the newest first."""
        this = self.placed[study]
        return (each for each in self.of(records) if (each.begun_at, each.imaged.study) < (this.begun_at, study))

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case Found(key=key) as found if key:
                study, _, part = key.partition("/")
                if study in self.placed:
                    self._answers.setdefault(study, {})[found.capability, part] = _answered(event)
            case Imaged() as imaged:
                self._imaged(event, imaged)
            case Unplaced(study=study, journal=journal) as unplaced:
                self.journal = max(self.journal, journal)
                self.waiting[study] = Waiting(unplaced, event.recorded_at)
            case Ordered(order=order, category=category, status=status) as ordered if order and (category == IMAGING or order in self.requested):
                if status in ENDED:
                    self.requested.pop(order, None)
                elif category == IMAGING:
                    self.requested[order] = Requested(ordered, event.about, event.occurred_at, event.encounter)
            case Erased(records=records):
                self._erase(frozenset(records))
            case _:
                pass

    def _imaged(self, event: Event, imaged: Imaged) -> None:
        self.journal = max(self.journal, imaged.journal)
        self.waiting.pop(imaged.study, None)
        before = self.placed.get(imaged.study)
        if before is not None and before.about == event.about and imaged.journal < before.imaged.journal:
            return
        if before is not None:
            self._of[before.about].remove(imaged.study)
            if before.about != event.about:
                self._answers.pop(imaged.study, None)
        if imaged.state == ELSEWHERE:
            self.placed.pop(imaged.study, None)
            self._answers.pop(imaged.study, None)
            return
        self.placed[imaged.study] = Study(imaged, event.about, event.occurred_at, event.id, event.recorded_at)
        self._of.setdefault(event.about, []).append(imaged.study)

    def _erase(self, records: frozenset[str]) -> None:
        gone = [study for record in records for study in self._of.pop(record, ())]
        for study in gone:
            self.placed.pop(study, None)
            self._answers.pop(study, None)
        self.requested = {order: each for order, each in self.requested.items() if each.about not in records}
        self.waiting = {
            study: each._replace(unplaced=each.unplaced._replace(candidates=tuple(one for one in each.unplaced.candidates if one not in records)))
            for study, each in self.waiting.items()
        }

    def dump(self) -> Any:
        return [
            self.journal,
            [tuple(each) for _, each in sorted(self.placed.items())],
            [tuple(each) for _, each in sorted(self.waiting.items())],
            [[order, *each] for order, each in sorted(self.requested.items())],
            [[study, [[part, *each] for (_, part), each in sorted(answers.items())]] for study, answers in sorted(self._answers.items())],
        ]

    def load(self, state: Any) -> None:
        self.__init__()  # type: ignore[misc]
        self.journal, placed, waiting, requested, answers = state or (0, (), (), (), ())
        for imaged, *where in placed:
            study = Study(Imaged(*_deep(imaged)), *where)
            self.placed[study.imaged.study] = study
            self._of.setdefault(study.about, []).append(study.imaged.study)
        for unplaced, since in waiting:
            each = Unplaced(*_deep(unplaced))
            self.waiting[each.study] = Waiting(each, since)
        for order, ordered, about, at, encounter in requested:
            self.requested[order] = Requested(Ordered(*ordered), about, at, encounter)
        for study_uid, kept in answers:
            for part, *fields in kept:
                answered = _restored(fields)
                self._answers.setdefault(study_uid, {})[answered.capability, part] = answered


def _answered(event: Event) -> Answered:
    found: Found = event.value
    return Answered(
        event.id, event.occurred_at, found.capability, found.digest, found.outcome, found.value, found.unit, found.severity, found.summary,
        found.because, found.reason or _missing(found), {name: (media_type, digest) for name, media_type, digest in found.artefacts},
    )  # fmt: skip


def _missing(found: Found) -> str:
    return f"{' and '.join(words(name) for name in found.missing)} missing" if found.missing else ""


def _restored(fields: list[Any]) -> Answered:
    *plain, because, reason, artefacts = fields
    return Answered(*plain, _deep(because), reason, {name: (media_type, digest) for name, (media_type, digest) in artefacts.items()})  # type: ignore[call-arg]


def _deep(fields: Any) -> Any:
    """Lists, as snapshots give them back, as the tuples they were."""
    return tuple(_deep(each) for each in fields) if isinstance(fields, list | tuple) else fields
