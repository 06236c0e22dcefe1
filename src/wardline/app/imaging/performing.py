"""Workitems that ask for one of our study capabilities are done by us: claimed, answered, and finished with what came of it.

What is to be done follows from the log alone: which workitems wait, which are claimed by us, and what was answered since. So a house that
was killed goes on where it was.
"""

import asyncio
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from wardline.app.imaging.analysing import Analysing
from wardline.app.imaging.references import Reference
from wardline.app.imaging.workitem_codes import SCHEME, Codes
from wardline.core.errors import NotFound
from wardline.core.events import Found, Imaged, WorkitemStated
from wardline.core.ports import Workers
from wardline.core.statements import Statement
from wardline.delivery.worklists.studies import Answered, Studies
from wardline.delivery.worklists.workitem_steps import OURSELVES, cancel_ours, change, finish_ours
from wardline.delivery.worklists.workitems import Workitem, Workitems
from wardline.engine.house import House
from wardline.engine.loop import Change, Engine
from wardline.formats.dicom import ups
from wardline.formats.dicom.ups_reports import CANCEL_REQUESTED
from wardline.formats.dicom.ups_states import StepRefused

log = structlog.get_logger()
REFERENCES: Final = "wardline.app.imaging.references:references"
LOOK_AGAIN_SECONDS: Final = 30.0
"""Between looks where nothing was recorded: the time has come for what is scheduled for later."""
ANSWERED: Final = frozenset({"finding", "at_least"})
DICOM: Final = "application/dicom"
MOVED: Final = "the study was filed under another patient meanwhile"
ON_REQUEST: Final = "cancelled on request"
SILENT: Final = "Done. No output: nobody at this site has activated this capability, so what it found stays with those who read images."
NO_OBJECTS: Final = "Done. No output: the answer stands on the patient's record, and nothing was drawn."
WITH_OBJECTS: Final = "Done. The objects made are named in the Output Information Sequence."
US: Final = ups.coded("WARDLINE", SCHEME, "Wardline")


class Performing:
    """Does what it is asked to, in the order in which it is to begin."""

    def __init__(
        self, engine: Engine, workitems: Workitems, studies: Studies, analysing: Analysing, workers: Workers, data: Path,
        active: Mapping[str, Any], codes: Codes,
    ) -> None:  # fmt: skip
        self.engine, self.workitems, self.studies, self.analysing, self.workers, self.data = engine, workitems, studies, analysing, workers, data
        self.active, self.codes = active, codes
        self._asked: set[str] = set()
        """Workitems for which the analysis was asked since the house was opened."""
        self._news = asyncio.Event()

    def hear(self, change: Change) -> None:
        """Something was recorded: perhaps there is something to do, or something is done."""
        for event in change.events:
            match event.value:
                case WorkitemStated() | Imaged():
                    self._news.set()
                case Found(key=key) if key and key.partition("/")[0] in self.studies.placed:
                    self._news.set()
                case _:
                    pass

    def awaits(self, study: str, capability: str) -> bool:
        """Whether the objects of this answer are waited for: by a workitem of ours, about something that may go out."""
        if capability not in self.active:
            return False
        ours = (each for each in self.workitems.of_studies(study) if _is_ours(each))
        return any(self._asks_for(each) == capability for each in ours)

    async def run(self) -> None:
        while True:
            self._news.clear()
            await self.look_through()
            try:
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                pass

    async def look_through(self) -> None:
        """Claim what is for us, go on with what we have claimed."""
        for item in sorted(self.workitems.all.values(), key=lambda each: (ups.text(each.attributes, ups.START), each.uid)):
            if item.state == ups.SCHEDULED and self._is_for_us(item):
                await self._claim(item.uid)
            if (now := self.workitems.all.get(item.uid)) is not None and _is_ours(now):
                await self._go_on(now)

    # --- what is for us ---

    def _asks_for(self, item: Workitem) -> str:
        """The capability that does this; "" for what we cannot do."""
        return next((self.codes[code] for code in ups.codes(item.attributes, ups.WORKITEM_CODE) if code in self.codes), "")

    def _is_for_us(self, item: Workitem) -> bool:
        """One of our codes, meant for nobody else, due, ready, and about one study that is here as a whole."""
        attributes, stations = item.attributes, ups.codes(item.attributes, ups.STATION)
        if not self._asks_for(item) or (stations and ("WARDLINE", SCHEME) not in stations) or len(item.stated.studies) != 1:
            return False
        begins = ups.moment_of(ups.text(attributes, ups.START), self.analysing.zone)
        if ups.text(attributes, ups.READINESS) != "READY" or begins > self.engine.house.now:
            return False
        study = self.studies.placed.get(item.stated.studies[0])
        return study is not None and study.imaged.state == "complete"

    async def _claim(self, uid: str) -> None:
        lock = f"2.25.{uuid.uuid4().int}"

        def decide(house: House, now: datetime) -> Iterable[Statement]:
            stated, _ = change(self.workitems, uid, ups.IN_PROGRESS, given=lock, who=OURSELVES, now=now)
            return () if stated is None else (Statement(stated, self.workitems.all[uid].about, now),)

        try:
            await self.engine.record(decide, actor=OURSELVES, source="imaging")
        except (StepRefused, NotFound):  # somebody else was first, or it is gone: it is theirs
            return

    # --- what we have claimed ---

    async def _go_on(self, item: Workitem) -> None:
        study, capability = self.studies.placed.get(item.stated.studies[0]), self._asks_for(item)
        if CANCEL_REQUESTED in item.stated.events:
            await self._end(item.uid, ON_REQUEST)
        elif study is None or self._has_moved(item):
            await self._end(item.uid, MOVED)
        elif not capability:
            await self._end(item.uid, "its code asks for something that is not done here (any more)")
        else:
            await self._look_for_the_answer(item, study.imaged.study, capability)

    async def _look_for_the_answer(self, item: Workitem, study: str, capability: str) -> None:
        """The one that was asked for: another may have been on its way when we claimed this, without the objects that are to go out."""
        answered = self.studies.answer(study, capability)
        is_new = answered is not None and answered.event > item.claimed
        if item.uid not in self._asked and not (is_new and capability not in self.active):
            self._asked.add(item.uid)
            self.analysing.ask(study, capability)
        elif answered is not None and is_new and not self.analysing.is_due(study, capability):
            await self._answered(item, capability, answered)

    def _has_moved(self, item: Workitem) -> bool:
        """Whether its study is not that of its patient (any more)."""
        survivor = self.engine.house.survivor
        return survivor(self.studies.record_of(item.stated.studies[0])) != survivor(item.about)

    async def _answered(self, item: Workitem, capability: str, answered: Answered) -> None:
        if answered.outcome not in ANSWERED:
            await self._end(item.uid, f"{capability}: {answered.reason or answered.summary or answered.outcome}")
            return
        study = item.stated.studies[0]
        made = await self._made(study, capability, item.claimed) if capability in self.active else []
        what = SILENT if capability not in self.active else WITH_OBJECTS if made else NO_OBJECTS

        def decide(house: House, now: datetime) -> Iterable[Statement]:
            current = self.workitems.all.get(item.uid)
            if current is None or not _is_ours(current) or self._has_moved(current):  # the next look says so
                return ()
            return (Statement(finish_ours(current, _performed(item, study, made, now), what), current.about, now),)

        await self.engine.record(decide, actor=OURSELVES, source="imaging")
        log.info("workitem_done", capability=capability, outputs=len(made))

    async def _made(self, study: str, capability: str, since: int) -> list[Reference]:
        """DICOM objects of the answers that were given for it."""
        given = (each for (id, _), each in self.studies.answers(study).items() if id == capability and each.event > since)
        digests = dict.fromkeys(digest for each in given for media_type, digest in each.artefacts.values() if media_type == DICOM)
        found: list[Reference] = await self.workers.run(REFERENCES, self.data, study, tuple(digests)) if digests else []
        return found

    async def _end(self, uid: str, why: str) -> None:
        def decide(house: House, now: datetime) -> Iterable[Statement]:
            current = self.workitems.all.get(uid)
            return (Statement(cancel_ours(current, why, now), current.about, now),) if current is not None and _is_ours(current) else ()

        await self.engine.record(decide, actor=OURSELVES, source="imaging")


def _is_ours(item: Workitem) -> bool:
    return item.state == ups.IN_PROGRESS and item.stated.performer == OURSELVES


def _performed(item: Workitem, study: str, made: Sequence[Reference], now: datetime) -> dict[str, Any]:
    """PS3.3 C.30.3: who did it, when, what it was and what was made."""
    return {
        "00404028": ups.element("SQ", US), "00404050": ups.element("DT", ups.moment(item.changed_at)), "00404051": ups.element("DT", ups.moment(now)),
        "00404019": ups.element("SQ", *ups.items(item.attributes, ups.WORKITEM_CODE)[:1]),
        ups.OUTPUT: ups.element("SQ", *(_output(item.uid, study, each) for each in made)),
    }  # fmt: skip


def _output(uid: str, study: str, made: Reference) -> dict[str, Any]:
    """PS3.3 Table 10-3b; "@" stands for our own address, which only a request knows."""
    instance = {"00081150": ups.element("UI", made.sop_class), "00081155": ups.element("UI", made.instance)}
    where = {"00081190": ups.element("UR", f"@/workitems/{uid}/outputs/{made.digest}")}
    return {
        "0040E020": ups.element("CS", "DICOM"), ups.STUDY: ups.element("UI", study), "0020000E": ups.element("UI", made.series),
        "00081199": ups.element("SQ", instance), "0040E025": ups.element("SQ", where),
    }  # fmt: skip
