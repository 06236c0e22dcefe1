"""From the image store's journal to the patient's timeline: each change of a study becomes an event, once."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import structlog

from wardline.core.errors import Refused
from wardline.core.events import ELSEWHERE, Identifier, Imaged, Unplaced
from wardline.core.images import Images, JournalEntry, StudyRecord
from wardline.core.statements import Statement
from wardline.delivery.worklists.studies import UNPLACED, Studies, Study
from wardline.engine.house import House
from wardline.engine.loop import Engine
from wardline.intake.dicom.placing import Doubt, Known, Placed, placed

log = structlog.get_logger()
ACTOR: Final = "wardline"
LOOK_AGAIN_SECONDS: Final = 2.0
"""Between looks where nobody said that there is something new: a nudge can be lost, the journal is not."""


class Filing:
    """Reads the journal after the last entry that the log knows of, so that nothing is filed twice or left out."""

    def __init__(self, engine: Engine, studies: Studies, images: Images, key_of: Callable[[Identifier], str], issuer: str) -> None:
        self.engine, self.studies, self.images, self.issuer = engine, studies, images, issuer
        self._key_of = key_of
        self._read = 0
        self._news = asyncio.Event()

    def nudge(self) -> None:
        """There may be something new in the journal."""
        self._news.set()

    async def run(self) -> None:
        while True:
            while await self.file_some():
                pass
            try:
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()

    async def file_some(self) -> int:
        """Take in the next entries; returns how many there were."""
        after = max(self._read, self.studies.journal)
        entries = await asyncio.to_thread(self.images.journal, after)
        # Of several about one study the last says it all; what was put aside says nothing about what was taken before it.
        latest = {entry.study: entry for entry in entries if entry.what not in ("quarantined", "forgotten")}
        for entry in sorted(latest.values(), key=lambda each: each.seq):
            await self._file(entry)
        if entries:
            self._read = entries[-1].seq
        return len(entries)

    async def _file(self, entry: JournalEntry) -> None:
        study = await asyncio.to_thread(self.images.study, entry.study)
        if study is None:
            return
        await self.engine.record(lambda house, now: self._said(study, entry, house, now), actor=ACTOR, source="dicom")
        about = self.studies.record_of(study.uid)
        await asyncio.to_thread(self.images.place, study.uid, about)

    def _said(self, study: StudyRecord, entry: JournalEntry, house: House, now: datetime) -> Iterable[Statement]:
        at = min(study.acquired_at or entry.at, now)
        already = self.studies.placed.get(study.uid)
        if already is not None and already.imaged.why not in ("order", "identity"):  # a person has placed it: that stands
            return [Statement(imaged(study, entry.seq, already.imaged.why), already.about, at)]
        found = placed(study, self._known(house), self.issuer)
        match found:
            case Placed(about=about, why=why, registers=registers):
                said = [Statement(registers, about, at)] if registers is not None else []
                about = _as_filed(already, about, house)
                said += _taken_from(already, about, entry.seq, at)
                return [*said, Statement(imaged(study, entry.seq, why), about, at)]
            case Doubt(why=why, candidates=candidates):
                return [*_taken_from(already, "", entry.seq, at), Statement(Unplaced(study.uid, why, entry.seq, candidates), UNPLACED, now)]

    def by_hand(self, study: StudyRecord, about: str, by: str, now: datetime) -> list[Statement]:
        """A person has found out whose it is: that stands, whatever arrives of it later."""
        already, at = self.studies.placed.get(study.uid), min(study.acquired_at or now, now)
        said, about = imaged(study, max(self.studies.journal, self._read), by), _as_filed(already, about, self.engine.house)
        return [*_taken_from(already, about, said.journal, at), Statement(said, about, at)]

    def whose(self, said: StudyRecord, filed: str = "") -> str:
        """The record that something with these details is about, "" where nobody here has them all. `filed`: the one its study is under.

        Raises `Refused` for a number that is not the number of the patient whose study it names.
        """
        house = self.engine.house
        if filed:
            named = house.survivor(self._key_of(Identifier(said.patient_id, said.issuer or self.issuer))) if said.patient_id else filed
            if named != filed:
                raise Refused("its patient number is not that of the patient whose study it names", where="(0010,0020)")
            return filed
        match placed(said, self._known(house), self.issuer):
            case Placed(about=about, registers=None):
                return about
            case _:  # which detail differs is told to nobody who may not even know that there is such a patient
                return ""

    def _known(self, house: House) -> Known:
        def order_of(number: str) -> str:
            requested = self.studies.requested.get(number)
            return requested.about if requested is not None else ""

        return Known(self._key_of, lambda record: house.timeline(record).person, house.survivor, order_of)


def imaged(study: StudyRecord, journal: int, why: str) -> Imaged:
    """The event that says how far a study has come."""
    modalities = tuple(sorted({each.modality for each in study.series}))
    series = tuple((each.uid, each.modality, each.number, each.description, len(each.instances)) for each in study.series)
    state = "complete" if study.state == "complete" else "arriving"
    instances = sum(each[4] for each in series)
    return Imaged(study.uid, state, journal, modalities, study.description, study.accession, instances, series, why)


def _as_filed(already: Study | None, about: str, house: House) -> str:
    """The record it is under, where that is the same person's since a merge: it has not moved, and what was drawn on it and found in it stays."""
    return already.about if already is not None and house.survivor(already.about) == house.survivor(about) else about


def _taken_from(already: Study | None, about: str, journal: int, at: datetime) -> list[Statement]:
    """It stood on another chart, or its patient has become doubtful: it leaves that chart."""
    if already is None or already.about == about:
        return []
    return [Statement(Imaged(already.imaged.study, ELSEWHERE, journal), already.about, at)]
