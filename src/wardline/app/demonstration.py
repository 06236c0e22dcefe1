"""A hospital to play with: a data folder, source profiles, units, example limits, sample people, and the simulator at the door.

Everything in it is invented. The simulator runs in a process of its own and speaks HL7 v2 over MLLP to the real listener.
"""

import asyncio
import contextlib
import json
import secrets
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import structlog
import yaml

from wardline.app.bootstrap import Wardline
from wardline.core.errors import Conflict, Fault
from wardline.core.events import Assigned
from wardline.core.people import Role
from wardline.core.statements import Statement
from wardline.delivery.policy import default_policy
from wardline.engine.house import House
from wardline.simulator.agreements import AGREEMENTS
from wardline.simulator.places import units_for
from wardline.simulator.stories import DETERIORATING_BED

if TYPE_CHECKING:
    from wardline.app.serving import Running
    from wardline.simulator.scanner_day import Lying

log = structlog.get_logger()
WARD: Final = "W7"
NURSES: Final = ("Amelia Brandt", "Grace Mwangi", "Nils Sørensen", "Hana Takeda")
PATIENTS_PER_NURSE: Final = 5


class Person(NamedTuple):
    """Somebody to sign in as. What they will see is said in one sentence."""

    login: str
    name: str
    roles: tuple[Role, ...]
    units: tuple[str, ...]
    sees: str


PEOPLE: Final = (
    Person("nurse", "Amelia Brandt", (Role.NURSE,), (WARD,), "Ward 7 at night: who needs me now?"),
    Person("doctor", "Dr Helen Vance", (Role.DOCTOR,), (), "Pages, patients, and why."),
    Person("radiologist", "Dr Paul Renner", (Role.RADIOLOGIST,), (), "Studies as they arrive, lesions, the report to sign."),
    Person("manager", "Karin Holm", (Role.NURSE, Role.MANAGER), (), "The burden of alerts, and what another policy would change."),
    Person("engineer", "Tomás Rey", (Role.ENGINEER,), (), "Feeds, refusals, codes nobody has mapped."),
    Person("privacy", "Ruth Amsel", (Role.PRIVACY, Role.AUDITOR), (), "Who looked, may they, and can we prove it?"),
    Person("admin", "Ada Okonkwo", tuple(role for role in Role if role is not Role.PATIENT), (), "Everything, accounts and audit trail included."),
)


class Progress(NamedTuple):
    """How far the simulated hospital has come."""

    sent: int
    refused: int
    share: float
    simulated_at: datetime


def prepare(folder: Path, beds: int) -> None:
    """What a site would have decided before its first day: interface agreements, units, example limits.

    Only into a new folder: invented patients must never come among real ones. Raises `Conflict`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty; a demonstration needs a new folder. One that was kept opens with wardline serve --data {folder}")
    units = {unit.code: {"label": unit.label, "beds": list(range(1, unit.beds + 1))} for unit in units_for(beds)}
    config = folder / "config"
    for name, text in AGREEMENTS.items():
        _write(config / "sources" / name, text)
    _write(config / "dicom.yaml", yaml.safe_dump({"ae_title": "WARDLINE", "stable_seconds": 5, "strangers": ["store", "find", "worklist"]}))
    _write(config / "units.yaml", yaml.safe_dump(units, allow_unicode=True, sort_keys=False))
    limits = resources.files("wardline.simulator").joinpath("critical_limits.yaml").read_text(encoding="utf-8")
    _write(config / "site" / "critical_limits.yaml", limits)


def has_story(beds: int) -> bool:
    """Whether the bed of the deteriorating patient is there: small hospitals have small wards."""
    return any(unit.code == WARD and unit.beds >= int(DETERIORATING_BED) for unit in units_for(beds))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_people(wardline: Wardline) -> tuple[dict[str, str], ...]:
    """Sample accounts with passwords made for this run."""
    made = []
    for person in PEOPLE:
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        wardline.sessions.accounts.add(person.login, person.name, password, frozenset(role.value for role in person.roles), person.units)
        made.append({"login": person.login, "password": password, "name": person.name, "role": person.roles[0].value, "sees": person.sees})
    return tuple(made)


async def staff(wardline: Wardline, beds: int) -> None:
    """Put nurses on the wards: a policy that knows how many there are, and patients divided among those of Ward 7."""
    document = yaml.safe_load(default_policy().text)
    document["version"] = "demonstration-1"
    document["title"] = "Wardline General Hospital, demonstration"
    document["units"] = {
        unit.code: {"nurses": max(1, round(unit.beds / PATIENTS_PER_NURSE)), **({"intensive_care": True} if unit.kind == "intensive" else {})}
        for unit in units_for(beds)
    }
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=140)
    if wardline.alerts.policy.version != document["version"]:
        signed = ("the demonstration", "its visitor")
        await wardline.engine.record(lambda house, now: wardline.alerts.acts.activate(text, approved_by=signed, now=now), actor="wardline")
    await wardline.engine.record(_assignments, actor="wardline")


def _assignments(house: House, now: datetime) -> Iterable[Statement]:
    """Every patient of the ward gets the nurse of their corner."""
    patients = house.directory.in_unit(WARD)
    for place, about in enumerate(sorted(patients, key=lambda about: _bed(house, about))):
        nurse = NURSES[place * len(NURSES) // max(1, len(patients))]
        if house.timeline(about).assigned.get("nurse") != nurse:
            yield Statement(Assigned("nurse", nurse), about, now)


def _bed(house: House, about: str) -> tuple[int, str]:
    entry = house.directory.get(about)
    bed = entry.bed if entry is not None else ""
    return (int(bed), bed) if bed.isdigit() else (10_000, bed)


async def scan(running: "Running") -> None:
    """Three patients go to the PET/CT scanner, whose images come over the real DICOM door: a follow-up and two that went wrong."""
    try:
        await _scan(running)
    except Fault as error:  # the wards go on without the scanner; where everything ends, so does it
        if not running.stopping.is_set():
            log.error("scanner_failed", reason=str(error))


async def _scan(running: "Running") -> None:
    house = running.wardline.engine.house
    lying = [who for about in sorted(house.directory.inpatients(), key=lambda about: _bed(house, about)) if (who := _lying(house, about))][-3:]
    if len(lying) == 3 and running.dicom_port:
        now = house.now.astimezone(ZoneInfo(running.wardline.settings.zone)).replace(tzinfo=None)
        door = running.wardline.settings.host, running.dicom_port
        await running.imaging.workers.run("wardline.simulator.scanner_day:follow_up", lying[0], now, *door)
        await running.imaging.workers.run("wardline.simulator.scanner_day:bad_day", lying[1], lying[2], now, *door)


def _lying(house: House, about: str) -> "Lying | None":
    """As the scanner is told who somebody is; None where the hospital does not say it in full."""
    from wardline.simulator.scanner_day import Lying  # brings scipy along, which only this needs

    person = house.timeline(about).person
    if person is None or not person.identifiers or len(person.born) < 10 or person.sex not in ("F", "M"):
        return None
    number = person.identifiers[0]
    return Lying(number.number, number.assigner, person.family, person.given, person.born[:10].replace("-", ""), person.sex)


class Simulator:
    """The simulator's process, seen from here."""

    def __init__(self, port: int, *, beds: int, speed: float, seed: int, history_hours: float = 24.0) -> None:
        live_at = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        self._words = [
            sys.executable, "-m", "wardline.simulator", f"127.0.0.1:{port}", "--live-at", live_at.isoformat(), "--beds", str(beds),
            "--speed", str(speed), "--seed", str(seed), "--history-hours", str(history_hours),
        ]  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None
        self.live = asyncio.Event()

    async def run(self, told: Callable[[Progress], None]) -> None:
        """Until it ends; raises `Fault` when it ends by itself."""
        pipe = asyncio.subprocess.PIPE
        # In a session of its own: Ctrl-C is for us, and we tell it; it ends with the pipe, also when we are killed.
        self._process = await asyncio.create_subprocess_exec(*self._words, stdin=pipe, stdout=pipe, limit=1 << 20, start_new_session=True)
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said: dict[str, Any] = json.loads(line)
            told(Progress(said["sent"], said["refused"], said["share"], datetime.fromisoformat(said["simulated_at"])))
            if said["share"] >= 1.0:
                self.live.set()
        raise Fault(f"the simulator ended with code {await self._process.wait()}")

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await self._process.wait()
            if self._process.returncode is None:
                self._process.kill()
