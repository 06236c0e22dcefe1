"""Every complete study is looked at by every study capability, in workers; what they answer is recorded about the patient.

What is due follows from the log alone: a study that is complete and has no answer from after it was. So a restart goes on where it was.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final

import structlog

from wardline.api.services import CaseResult
from wardline.app.imaging.analysis import Kept, Task
from wardline.core.assessment import Assessed, Assessor, found, is_pregnant, population_of
from wardline.core.capability import Capability
from wardline.core.errors import Fault, NotFound
from wardline.core.events import SILENT, Found, Imaged
from wardline.core.findings import Unknown
from wardline.core.ports import Workers
from wardline.core.statements import Statement
from wardline.delivery.worklists.studies import Answered, Studies, Study
from wardline.engine.house import House
from wardline.engine.loop import Change, Engine

log = structlog.get_logger()
TASK: Final = "wardline.app.imaging.analysis:analyse"
ACTOR: Final = "wardline"
FRESH: Final = timedelta(days=7)
"""A study that arrived longer ago is analysed when somebody asks: a new version of the house does not go over the archive by itself."""
ASKED_SECONDS: Final = 120.0
"""How long somebody waits for an answer about a volume they have described."""
FIRST: Final = "image_quality"
TOGETHER: Final = 2
"""Studies looked at at the same time."""


class Analysing:
    """Runs what is due, the longest waiting study first."""

    def __init__(
        self, engine: Engine, studies: Studies, workers: Workers, capabilities: Iterable[Capability], data: Path, active: Mapping[str, Any],
        archived: Collection[str] = (), zone: tzinfo = UTC,
    ) -> None:  # fmt: skip
        """`archived`: capabilities whose answers archives want as DICOM objects."""
        self.archived, self.zone = archived, zone
        self.engine, self.studies, self.workers, self.data, self.active = engine, studies, workers, data, active
        self.assessors = {each.id: Assessor.of(each) for each in in_order(capabilities)}
        self._open: dict[str, None] = {}
        """Studies that may be due, in the order in which they came."""
        self._asked: dict[str, set[str]] = {}
        """Of those that somebody asks to be looked at anew: the capabilities that have not answered again yet."""
        self._cases: dict[str, tuple[CaseResult, ...]] = {}
        self._news = asyncio.Event()
        self._working: set[str] = set()

    def hear(self, change: Change) -> None:
        """Something was recorded: perhaps a study is complete now."""
        for event in change.events:
            if type(event.value) is Imaged:
                self._open[event.value.study] = None
                self._news.set()

    def ask(self, study: str) -> None:
        """Look at this study (again), old or answered as it may be. Raises `NotFound` where it is nobody's."""
        if study not in self.studies.placed:
            raise NotFound("this study is not filed under a patient")
        self._asked[study] = set(self.assessors)
        self._open[study] = None
        self._news.set()

    def is_busy_with(self, study: str) -> bool:
        return study in self._working or study in self._open

    async def assess(self, capability: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """What a study capability says to volumes described as JSON. Raises `Fault` when it takes too long."""
        answered: dict[str, Any] = await self.workers.run("wardline.app.imaging.asking:asked", capability, dict(question), seconds=ASKED_SECONDS)
        return answered

    async def cases(self, capability: str) -> tuple[CaseResult, ...]:
        """Its reference cases as they ran on this machine; once for as long as the house runs."""
        if capability not in self._cases:
            self._cases[capability] = await self.workers.run("wardline.app.imaging.asking:verified", capability, seconds=ASKED_SECONDS)
        return self._cases[capability]

    async def run(self) -> None:
        since = self.engine.house.now - FRESH
        for study in sorted((each for each in self.studies.placed.values() if each.stated_at >= since), key=lambda each: each.event):
            self._open[study.imaged.study] = None
        async with asyncio.TaskGroup() as group:
            for _ in range(TOGETHER):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            uid = self._next()
            if uid is None:
                self._news.clear()
                await self._news.wait()
                continue
            del self._open[uid]
            self._working.add(uid)
            try:
                await self._look_at(uid)
            finally:
                self._working.discard(uid)

    def _next(self) -> str | None:
        """Quality before everything else: what must be repeated is to be known while the patient is still there."""
        waiting = [uid for uid in self._open if uid not in self._working]
        return next((uid for uid in waiting if self.studies.answer(uid, FIRST) is None), waiting[0] if waiting else None)

    async def _look_at(self, uid: str) -> None:
        """One capability; what else is due comes after others have had their turn."""
        study, asked = self.studies.placed.get(uid), self._asked.get(uid, set())
        due = [id for id in self.assessors if id in asked or self._wants(study, id)] if study is not None and study.imaged.state == "complete" else []
        if study is None or not due:
            self._asked.pop(uid, None)
            return
        await self._answer(study, due[0])
        asked.discard(due[0])
        self._open[uid] = None

    def _wants(self, study: Study, capability: str) -> bool:
        """Whether nothing was answered since the study was last stated."""
        answered = self.studies.answer(study.imaged.study, capability)
        return answered is None or answered.event < study.event

    async def _answer(self, study: Study, id: str) -> None:
        try:
            said = await self._run(study, id)
        except NotFound:  # erased meanwhile, or this house was restored without its images
            said = [self._unknown(study, id, "its images are not in the store")]
        except Exception as error:  # a capability or a worker that fails must not keep the study from the others
            log.error("analysis_failed", capability=id, study=study.imaged.study, error=type(error).__name__)
            said = [self._unknown(study, id, "the analysis failed; the server's log says why")]

        def decide(house: House, now: datetime) -> Iterable[Statement]:
            if self.studies.placed.get(study.imaged.study) != study:  # it has changed: what was seen is not what is there
                return ()
            return [Statement(self._silenced(each), study.about, min(study.begun_at, now)) for each in said]

        await self.engine.record(decide, actor=ACTOR, source="imaging")

    async def _run(self, study: Study, id: str) -> list[Found]:
        """Once more where a worker died: it may have been another study's that took it along."""
        try:
            said: list[Found] = await self.workers.run(TASK, self.data, self._task(study, id))
        except Fault:
            said = await self.workers.run(TASK, self.data, self._task(study, id))
        return said

    def _task(self, study: Study, id: str) -> Task:
        assessor, house = self.assessors[id], self.engine.house
        timeline, at = house.timeline(study.about), study.begun_at
        gathered = assessor.gather(timeline, at, self.engine.assessments.site)
        capability = assessor.capability
        _, population = population_of(capability, timeline.age_years(at), None if capability.pregnancy else is_pregnant(timeline, at))
        as_dicom = study.stated_at.astimezone(self.zone) if id in self.archived else None
        return Task(study.imaged.study, id, gathered, population, dict(self._findings(study, capability)), as_dicom)

    def _findings(self, study: Study, capability: Capability) -> Iterator[tuple[str, Kept]]:
        for name, need in capability.needs:
            if need.kind == "finding" and (here := self.studies.answer(study.imaged.study, need.name)) is not None:
                yield from _usable(name, study, here)
            elif need.kind == "earlier":
                records = set(self.engine.house.links.records(self.engine.house.survivor(study.about)))
                for before in self.studies.before(study.imaged.study, records):
                    answered = self.studies.answer(before.imaged.study, need.name)
                    if answered is not None and answered.outcome == "finding":
                        yield from _usable(name, before, answered)
                        break

    def _silenced(self, answered: Found) -> Found:
        """What nobody at this site has activated is kept for those who read images: on no chart, without a severity that could alert."""
        return answered if answered.capability in self.active else answered._replace(severity=0, standing=SILENT)

    def _unknown(self, study: Study, id: str, why: str) -> Found:
        unknown = found(self.assessors[id].capability, Assessed(Unknown(reason=why)))
        return unknown._replace(key=study.imaged.study)


def _usable(name: str, study: Study, answered: Answered) -> Iterator[tuple[str, Kept]]:
    if answered.outcome == "finding":
        yield name, Kept(answered.capability, study.imaged.study, study.begun_at, answered.value, answered.severity, answered.artefacts)


def in_order(capabilities: Iterable[Capability]) -> list[Capability]:
    """Those whose answers others need come first."""
    waiting = {each.id: each for each in capabilities}
    ordered: dict[str, Capability] = {}

    def take(id: str) -> None:
        if id in waiting:
            capability = waiting.pop(id)
            for _, need in capability.needs:
                if need.kind in ("finding", "earlier"):
                    take(need.name)
            ordered[id] = capability

    for id in sorted(waiting, key=lambda each: (each != FIRST, each)):
        take(id)
    return list(ordered.values())
