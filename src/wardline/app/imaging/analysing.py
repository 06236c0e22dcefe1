"""Every complete study is looked at by every study capability, in workers; what they answer is recorded about the patient.

What is due follows from the log alone: a study that is complete and has no answer from after it was, or one that rests on something newer,
such as lesions that a person has drawn anew. So a restart goes on where it was.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final

import structlog

from wardline.api.services import CaseResult
from wardline.app.imaging.analysis import Kept, Task
from wardline.core.assessment import Assessed, Assessor, found, is_pregnant, population_of
from wardline.core.capability import Capability, Need
from wardline.core.errors import Fault, NotFound
from wardline.core.events import SILENT, Contoured, EventId, Found, Imaged
from wardline.core.findings import Unknown
from wardline.core.imaging import Outlined
from wardline.core.ports import Workers
from wardline.core.statements import Statement
from wardline.delivery.worklists.drawings import DRAWN, Drawings
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
PATIENCE_SECONDS: Final = 600.0


class Analysing:
    """Runs what is due, the longest waiting study first."""

    def __init__(
        self, engine: Engine, studies: Studies, drawings: Drawings, workers: Workers, capabilities: Iterable[Capability], data: Path,
        active: Mapping[str, Any], archived: Collection[str] = (), zone: tzinfo = UTC, seconds: float = PATIENCE_SECONDS,
        beside: "Analysing | None" = None,
    ) -> None:  # fmt: skip
        """`archived`: capabilities whose answers archives want as DICOM objects. `seconds`: how long an answer may take.

        `beside`: who looks at the same studies with what takes long, in workers of its own, so that nothing here waits for it.
        """
        self.seconds, self.beside = seconds, beside
        self.archived, self.zone = archived, zone
        self.engine, self.studies, self.drawings, self.workers, self.data, self.active = engine, studies, drawings, workers, data, active
        self.assessors = {each.id: Assessor.of(each) for each in in_order(capabilities)}
        self._open: dict[str, None] = {}
        """Studies that may be due, in the order in which they came."""
        self._asked: dict[str, set[str]] = {}
        """Of those that somebody asks to be looked at anew: the capabilities that have not answered again yet."""
        self._cases: dict[str, tuple[CaseResult, ...]] = {}
        self._news = asyncio.Event()
        self._working: set[str] = set()
        self._running: set[tuple[str, str]] = set()
        """(study, capability) whose answer is not recorded yet."""
        self.awaited: Callable[[str, str], bool] = lambda study, capability: False
        """Whether somebody has ordered this answer about a study as DICOM objects."""

    def hear(self, change: Change) -> None:
        """Something was recorded: perhaps a study is complete now."""
        for event in change.events:
            match event.value:
                case Imaged(study=study) | Contoured(study=study):
                    self._reopen(study)
                case Found(capability=id, key=key) if key in self.studies.placed:
                    for later in self._resting_on(key, id):
                        self._reopen(later)
                case _:
                    pass

    def _reopen(self, study: str) -> None:
        self._open[study] = None
        self._news.set()

    def _resting_on(self, study: str, capability: str) -> Iterator[str]:
        """Later studies of the patient with an answer about both that was given before this one."""
        comparing = [
            id for id, each in self.assessors.items() if any(need.kind == "earlier" and need.name == capability for _, need in each.capability.needs)
        ]
        if not comparing:
            return
        this = self.studies.placed[study]
        for each in self.studies.of(self._records(this)):
            is_later = (each.begun_at, each.imaged.study) > (this.begun_at, study)
            if is_later and any(self._is_behind(each, id) for id in comparing):
                yield each.imaged.study

    def ask(self, study: str, only: str = "") -> None:
        """Look at this study (again), old or answered as it may be; with `only` for one capability. Raises `NotFound` where it is nobody's."""
        if study not in self.studies.placed:
            raise NotFound("this study is not filed under a patient")
        self._asked.setdefault(study, set()).update(self.assessors.keys() & {only} if only else self.assessors)
        self._open[study] = None
        self._news.set()
        if self.beside is not None:
            self.beside.ask(study, only)

    def is_due(self, study: str, capability: str) -> bool:
        """Whether an answer newer than the last is on its way: asked for, being found, or wanted because something has changed."""
        if capability not in self.assessors:
            return self.beside is not None and self.beside.is_due(study, capability)
        placed = self.studies.placed.get(study)
        is_asked = capability in self._asked.get(study, ()) or (study, capability) in self._running
        return is_asked or (placed is not None and self._wants(placed, capability))

    def is_busy_with(self, study: str) -> bool:
        return study in self._working or study in self._open or (self.beside is not None and self.beside.is_busy_with(study))

    async def assess(self, capability: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """What a study capability says to volumes described as JSON. Raises `Fault` when it takes too long."""
        answered: dict[str, Any] = await self.workers.run(
            "wardline.app.imaging.asking:asked", self.data, capability, dict(question), seconds=ASKED_SECONDS
        )
        return answered

    async def cases(self, capability: str) -> tuple[CaseResult, ...]:
        """Its reference cases as they ran on this machine; once for as long as the house runs."""
        if capability not in self._cases:
            self._cases[capability] = await self.workers.run("wardline.app.imaging.asking:verified", self.data, capability, seconds=ASKED_SECONDS)
        return self._cases[capability]

    async def run(self) -> None:
        since = self.engine.house.now - FRESH
        for study in sorted((each for each in self.studies.placed.values() if each.stated_at >= since), key=lambda each: each.event):
            self._open[study.imaged.study] = None
        for study in [self.studies.placed[uid] for uid in self.drawings.contours if uid in self.studies.placed]:
            if any(self._is_behind(study, id) for id in self.assessors):  # drawn on and not measured when the house went down
                self._open[study.imaged.study] = None
            self._open |= dict.fromkeys(self._resting_on(study.imaged.study, DRAWN))
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
        asked.discard(due[0])  # whoever asks from now on is asked for a run of their own
        self._running.add((uid, due[0]))
        try:
            await self._answer(study, due[0])
        finally:
            self._running.discard((uid, due[0]))
        self._open[uid] = None

    def _wants(self, study: Study, capability: str) -> bool:
        """Whether nothing was answered since what it rests on was last stated."""
        answered = self.studies.answer(study.imaged.study, capability)
        return answered is None or answered.event < self._newest_under(study, capability)

    def _is_behind(self, study: Study, capability: str) -> bool:
        """Whether it has answered before what it rests on was last stated."""
        return self.studies.answer(study.imaged.study, capability) is not None and self._wants(study, capability)

    def _newest_under(self, study: Study, capability: str) -> EventId:
        """The last event that an answer rests on: the study, a drawing, another answer."""
        rests_on = [study.event]
        for _, need in self.assessors[capability].capability.needs:
            if need.kind == "drawn" and (drawn := self.drawings.newest(study.imaged.study)) is not None:
                rests_on.append(drawn.event)
            elif (found := self._answered(study, need)) is not None:
                rests_on.append(found[1].event)
        return max(rests_on)

    async def _answer(self, study: Study, id: str) -> None:
        under = self._newest_under(study, id)
        try:
            said = await self._run(study, id)
        except NotFound:  # erased meanwhile, or this house was restored without its images
            said = [self._unknown(study, id, "its images are not in the store")]
        except Exception as error:  # a capability or a worker that fails must not keep the study from the others
            log.error("analysis_failed", capability=id, study=study.imaged.study, error=type(error).__name__)
            said = [self._unknown(study, id, "the analysis failed; the server's log says why")]

        def decide(house: House, now: datetime) -> Iterable[Statement]:
            if self.studies.placed.get(study.imaged.study) != study or self._newest_under(study, id) != under:
                return ()  # it has changed: what was seen is not what is there
            self._running.discard((study.imaged.study, id))
            return [Statement(self._silenced(each), study.about, min(study.begun_at, now)) for each in (*said, *self._unsaid(study, id, said))]

        await self.engine.record(decide, actor=ACTOR, source="imaging")

    async def _run(self, study: Study, id: str) -> list[Found]:
        """Once more where a worker died: it may have been another study's that took it along."""
        try:
            said: list[Found] = await self.workers.run(TASK, self.data, self._task(study, id), seconds=self.seconds)
        except Fault:
            said = await self.workers.run(TASK, self.data, self._task(study, id), seconds=self.seconds)
        return said

    def _task(self, study: Study, id: str) -> Task:
        assessor, house = self.assessors[id], self.engine.house
        timeline, at = house.timeline(study.about), study.begun_at
        gathered = assessor.gather(timeline, at, self.engine.assessments.site)
        capability = assessor.capability
        _, population = population_of(capability, timeline.age_years(at), None if capability.pregnancy else is_pregnant(timeline, at))
        drawn = self.drawings.standing(study.imaged) if any(need.kind == "drawn" for _, need in capability.needs) else None
        outlined = (drawn.contoured.mask, tuple(Outlined(*each) for each in drawn.contoured.lesions)) if drawn is not None else None
        as_dicom = (drawn.at if drawn is not None else study.stated_at).astimezone(self.zone) if self._is_for_others(study, id) else None
        return Task(study.imaged.study, id, gathered, population, dict(self._findings(study, capability)), outlined, as_dicom)

    def _is_for_others(self, study: Study, id: str) -> bool:
        """Whether somebody waits for this answer as DICOM objects: an archive, or whoever ordered it."""
        return id in self.archived or self.awaited(study.imaged.study, id)

    def _findings(self, study: Study, capability: Capability) -> Iterator[tuple[str, Kept]]:
        for name, need in capability.needs:
            if (found := self._answered(study, need)) is not None:
                yield from _usable(name, *found)

    def _answered(self, study: Study, need: Need) -> tuple[Study, Answered] | None:
        """Of an input that is another answer: that answer, and the study it is about."""
        if need.kind == "finding":
            here = self.studies.answer(study.imaged.study, need.name)
            return (study, here) if here is not None else None
        if need.kind == "earlier":
            for before in self.studies.before(study.imaged.study, self._records(study)):
                answered = self.studies.answer(before.imaged.study, need.name)
                if answered is not None and answered.outcome == "finding":
                    return before, answered
        return None

    def _records(self, study: Study) -> set[str]:
        return set(self.engine.house.links.records(self.engine.house.survivor(study.about)))

    def _unsaid(self, study: Study, id: str, said: Iterable[Found]) -> Iterator[Found]:
        """Parts that were answered before and are not any more: an old mask must not stand there as if this look had drawn it, too."""
        uid, keys = study.imaged.study, {each.key for each in said}
        for (capability, part), before in sorted(self.studies.answers(uid).items()):
            if capability == id and part and f"{uid}/{part}" not in keys and before.outcome != "unknown":
                yield self._unknown(study, id, "the last look at this study did not answer this any more")._replace(key=f"{uid}/{part}")

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
