"""What the DICOM processes ask of the clinical one: the trail, the worklist, procedure steps, and reports they owe."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from wardline.app.bootstrap import Wardline
from wardline.app.imaging.promises import STATES, Commitments, Owed, Step, Steps
from wardline.app.imaging.supervising import Reception
from wardline.app.imaging.worklist import FILE, rows, stations_in
from wardline.core.errors import Refused
from wardline.core.images import Images
from wardline.core.ports import Workers
from wardline.formats.dicom.uids import uid_of

LOOKED, STEPPED = "imaging.read", "imaging.step"
PROMISES: Final = "promises"


class Peers:
    """Answers for every reception process of the house."""

    def __init__(self, wardline: Wardline, images: Images, workers: Workers) -> None:
        """Raises `Refused` where config/worklist.yaml is wrong."""
        settings = wardline.settings
        self._wardline = wardline
        self._zone = ZoneInfo(str(settings.zone))
        self._stations = stations_in(settings.config_folder / FILE)
        folder: Path = settings.data / "images" / PROMISES
        self.commitments = Commitments(folder, workers)
        self._steps = Steps(folder, images)

    async def run(self) -> None:
        """Keep what was promised, until cancelled."""
        while True:
            await asyncio.to_thread(self._steps.meet_all)
            await self.commitments.tell_some()

    def answer(self, reception: Reception) -> None:
        for question, answerer in (
            ("looked", self._looked), ("commitment", self._commitment), ("worklist", self._worklist), ("procedure step", self._step)
        ):  # fmt: skip
            reception.on(question, answerer)

    async def _looked(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A peer is about to be shown something: it is in the trail first, with everybody it is about."""
        house, studies = self._wardline.engine.house, self._wardline.studies
        placed = {house.survivor(record) for study in fields.get("studies", ()) if (record := studies.record_of(study))}
        about = sorted(placed | set(fields.get("records", ())))
        shown = str(len(fields.get("studies", ())) or len(about))
        await self._wardline.audit.record(_who(fields["peer"]), LOOKED, about, what=fields["what"], shown=shown, address=fields["address"])
        return {}

    async def _commitment(self, fields: dict[str, Any]) -> dict[str, Any]:
        _, safe, failed = fields["report"]
        await self._wardline.audit.record(_who(fields["peer"]), "imaging.commitment", "", safe=str(len(safe)), failed=str(len(failed)))
        if fields["host"]:
            where = fields["host"], fields["port"], fields["title"], fields["report"], datetime.now(UTC)
            owed = Owed(fields["peer"], *where, encryption=fields["encryption"])
            await self.commitments.add(owed)
        return {}

    async def _worklist(self, _fields: dict[str, Any]) -> dict[str, Any]:
        now = self._wardline.engine.clock.now()
        return {"rows": list(rows(self._wardline.studies, self._wardline.engine.house, self._stations, self._zone, now))}

    async def _step(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Begun, or changed; when it ends we know how many images its study has."""
        state = fields["state"]
        if fields["begins"]:
            if state != STATES[0] or not fields["study"]:
                raise Refused("a step begins IN PROGRESS (0040,0252), with its study (0040,0270)", code="dicom")
            at = datetime.now(UTC)
            uid = fields["uid"] or uid_of("procedure step", fields["peer"], fields["study"], at.isoformat())
            said = await asyncio.to_thread(self._steps.begin, Step(uid, fields["peer"], state, fields["study"], 0, at))
        else:
            if state and state not in STATES:
                raise Refused(f"{state!r} is no state of a step (0040,0252)", code="dicom")
            said = await asyncio.to_thread(self._steps.change, fields["uid"], state, fields["instances"])
        about = self._wardline.studies.requested.get(fields["accession"])
        record = self._wardline.engine.house.survivor(about.about) if about is not None else ""
        await self._wardline.audit.record(_who(fields["peer"]), STEPPED, record, state=state, step=said["uid"])
        return said


def _who(peer: str) -> str:
    """An AE title in the trail: it is no account."""
    return f"dicom:{peer}"
