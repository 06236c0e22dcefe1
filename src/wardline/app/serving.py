"""Running Wardline: doors open in the engine's own event loop, close in order, and everything ends within seconds."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
import uvicorn

from wardline.api.app import House
from wardline.api.boards import Boards
from wardline.api.dicomweb.event_channel import Reporter
from wardline.api.edge.edge import Edge
from wardline.api.edge.idempotency import OnceOnly
from wardline.api.edge.rules import Origin
from wardline.api.past_courses import PastCourses
from wardline.api.problems import place_of
from wardline.api.services import CaseResult, Emergencies, Services
from wardline.api.streams import Streams
from wardline.api.subscriptions.telling import Teller
from wardline.app.apps import PATHS, address_of, origins_of
from wardline.app.auditing import Proof
from wardline.app.backups import Backups
from wardline.app.beside import Beside
from wardline.app.bootstrap import Wardline
from wardline.app.certificates import CertificateWatch, places_of
from wardline.app.couriers import Couriers
from wardline.app.discovery import verify
from wardline.app.downtime import DowntimePages
from wardline.app.edge_rules import rules_of
from wardline.app.fhir import FhirDoor
from wardline.app.guidelines.loading import guidelines
from wardline.app.hooks import hook_desk
from wardline.app.http_server import BoundedHttp
from wardline.app.imaging.agreed import agreement_of
from wardline.app.imaging.by_hand import ByHand
from wardline.app.imaging.department import Department
from wardline.app.imaging.peers import Peers
from wardline.app.imaging.reporting import Reporting
from wardline.app.imaging.supervising import Reception, complete_when_quiet
from wardline.app.keys import KeyRing
from wardline.app.proposals import Proposals
from wardline.app.quality_runs import QualityRuns
from wardline.app.rare_knowledge import rare_diseases_in
from wardline.app.settings import Settings
from wardline.app.sign_in_service import sign_in_service
from wardline.app.tls import tls_context
from wardline.app.units import units_in
from wardline.app.watch import LoopWatch, Watcher
from wardline.app.websocket_server import WebSocketConnection
from wardline.core.errors import Conflict, Fault
from wardline.intake.hl7v2.listener import MllpListener
from wardline.security.entrance import Entrance
from wardline.security.factors import SecondFactors
from wardline.web.interface import Interface

log = structlog.get_logger()

BROKEN: Final = 70
"""Exit code when the disk refused a durable write: start again, the log recovers from its last durable point."""
TICK_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = 1.0


class Running:
    """A Wardline with its doors open."""

    def __init__(self, wardline: Wardline, *, sample_users: tuple[dict[str, str], ...] = ()) -> None:
        self.wardline = wardline
        self.live = Streams()
        self.watch = LoopWatch()
        settings = wardline.settings
        self.listener = MllpListener(wardline.engine, largest=settings.largest_message, tls=tls_context(settings.mllp_tls, "mllp_tls"))
        self._https = tls_context(settings.http_tls, "http_tls")
        self.couriers = Couriers(wardline)
        beside = Beside(settings.data)
        self.services = Services(
            engine=wardline.engine, alerts=wardline.alerts, incidents=wardline.incidents,
            reader=wardline.reader, sessions=wardline.sessions, access=wardline.access,
            audit=wardline.audit, capabilities={capability.id: capability for capability in wardline.catalogue.capabilities},
            cases=_cases(wardline), not_running=wardline.catalogue.refused, hospital=settings.hospital, zone=settings.zone,
            started_at=datetime.now(UTC), units=units_in(settings.config_folder / "units.yaml"),
            guidelines=guidelines(settings.config_folder / "site"), past=PastCourses(wardline.engine),
            proposals=Proposals(settings.config_folder / "proposals"), simulations=beside.simulate, burdens=beside.burden,
            contacts=wardline.contacts, couriers=self.couriers.courier, notifier=self.couriers.notifier, senders=self.couriers.senders,
            listener=self.listener,
            simulated=wardline.clock.kind == "feed", sample_users=sample_users, loop_lag=self.watch.worst_ms,
        )  # fmt: skip
        rules, origins = rules_of(settings), wardline.origins
        self.services.edge = Edge(
            rules, temporary=lambda: [
                *(Origin(each.origin, each.paths) for each in origins.standing(wardline.sessions.now())),
                *(Origin(each, PATHS) for each in origins_of(wardline.apps.server)),
            ],
            now=lambda: wardline.sessions.now(),
        )  # fmt: skip
        self.services.origins = origins
        self.services.once = OnceOnly(wardline.deeds, lambda: wardline.sessions.now())
        self.services.pools, self.services.outside = self.couriers.pools, self.couriers.outside
        self.services.connections = self._connections
        self.services.entrance = Entrance(wardline.sessions, _factors(wardline))
        self.services.address = settings.address
        self.services.provider = sign_in_service(settings, wardline.sessions, self.couriers.outside)
        length = timedelta(minutes=settings.emergency_minutes)
        self.services.emergencies = Emergencies(wardline.emergencies, wardline.steady.now, length)
        self.services.restrictions, self.services.reads = wardline.restrictions, wardline.catalogue.reads
        self.services.explorer = wardline.access
        self.proof = Proof(wardline.audit, settings.data, settings.audit_witness, self._post)
        self.services.proof = self.proof
        self.boards = Boards(self.services, self.live)
        self.downtime = DowntimePages(self.services, settings)
        self.services.downtime_failure = lambda: self.downtime.failed
        wardline.erasing.after.append(self.downtime.renew)
        self.services.erasing, self.services.backups = wardline.erasing, self._backups(settings)
        self.services.keys = KeyRing(wardline.folder, wardline.log.seal, {"token": wardline.signing.renew})
        self.services.apps = wardline.apps.server
        self.fhir = FhirDoor(wardline.resources, settings)
        self.fhir.address = lambda: wardline.apps.server.base
        self.services.fhir = self.fhir.desk
        wardline.engine.listen(lambda change: self.fhir.desk.forget(change.persons))
        self.subscriptions = self.services.subscriptions = Teller(self.services, wardline.subscriptions)
        self.services.apps.reach_out_by(self.couriers.outside)
        self.services.hooks = hook_desk(wardline)
        self.quality = QualityRuns(settings.data)
        self.services.quality = self.quality
        self.services.rare_diseases = rare_diseases_in(settings.config_folder / "knowledge" / "hpo")
        self.certificates = CertificateWatch(wardline.engine, places_of(settings, self._https, self.listener.tls, wardline.destinations))
        self.services.certificates, self.services.certificate_problems = self.certificates.standings, self.certificates.problems
        self._open_radiology(settings)
        self.http_port = self.mllp_port = self.dicom_port = 0
        self.stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []
        self._server: uvicorn.Server | None = None
        self._watcher: Watcher | None = None

    def _open_radiology(self, settings: Settings) -> None:
        """The image store and who works on it; the door for DICOM where the site has one."""
        self.reception = Reception(settings, settings.dicom) if settings.dicom is not None else None
        self.agreement = agreement_of(settings)
        self.imaging = Department(self.wardline, self.agreement().issuer)
        self.couriers.workers = self.imaging.workers
        self.peers = Peers(self.wardline, self.imaging.images, self.imaging.workers)
        self.services.images, self.services.studies, self.services.workers = self.imaging.images, self.wardline.studies, self.imaging.workers
        self.services.filing, self.services.analysing = self.imaging.filing, self.imaging.analysing
        self.services.drawings, self.services.by_hand = self.wardline.drawings, ByHand(self.imaging.workers, settings.data)
        self.services.active_imaging = self.imaging.active
        self.services.workitems, self.services.work_reports = self.wardline.workitems, Reporter(self.services)
        self.wardline.engine.listen(self.services.work_reports.hear)
        self.services.reports, self.services.reporting = self.wardline.reports, Reporting(self.imaging.workers, settings)

    async def open(self) -> None:
        """Start the engine, then open the doors. Raises `Conflict` naming a port that is taken."""
        settings = self.wardline.settings
        self.wardline.engine.start()
        try:
            self.mllp_port = await self.listener.listen(settings.host, settings.mllp)
        except OSError as error:
            raise Conflict(f"port {settings.mllp} for HL7 is taken; choose another with --mllp ({error.strerror})") from None
        if self.reception is not None:
            self.reception.nudged = self.imaging.filing.nudge
            self.peers.answer(self.reception)
            self.dicom_port = await self.reception.open()
        http = bound(settings.host, settings.http)
        self.http_port = http.getsockname()[1]
        self.services.apps.stand_at(address_of(settings, self.http_port))
        self.wardline.engine.listen(self.boards.heard)
        self.wardline.engine.listen(lambda change: self.couriers.wake())
        self.wardline.engine.listen(self.subscriptions.hear)
        house = House(self.services, self.live, self.boards.first, Interface())
        config = uvicorn.Config(
            house, log_config=None, access_log=False, lifespan="off", timeout_keep_alive=75, timeout_graceful_shutdown=2, backlog=1024,
            http=BoundedHttp, ws=WebSocketConnection, proxy_headers=False, server_header=False,
        )  # fmt: skip
        config.load()
        config.ssl = self._https  # the same rules as at the other door, client certificates included
        self._server = _Server(config)
        self._watcher = Watcher(settings.downtime_folder, settings.zone)
        still_here, erasing, audit = self._watcher.still_here, self.wardline.erasing, self.wardline.audit
        self._tasks = [
            asyncio.create_task(self._server.serve(sockets=[http]), name="http"),
            asyncio.create_task(kept_running("loop watch", lambda: self.watch.run(still_here)), name="loop watch"),
            asyncio.create_task(kept_running("clock for screens", lambda: self.boards.tick(TICK_SECONDS)), name="clock for screens"),
            asyncio.create_task(kept_running("downtime pages", self.downtime.run), name="downtime pages"),
            asyncio.create_task(kept_running("retention", lambda: erasing.keep_to_rules(audit)), name="retention"),
            asyncio.create_task(kept_running("proof of the audit trail", self.proof.run), name="proof of the audit trail"),
            asyncio.create_task(kept_running("FHIR index", self.fhir.keep_up), name="FHIR index"),
            asyncio.create_task(kept_running("subscriptions", self.subscriptions.run), name="subscriptions"),
            asyncio.create_task(kept_running("certificates", self.certificates.run), name="certificates"),
            *(asyncio.create_task(kept_running("courier", lane), name="courier") for lane in self.couriers.lanes()),
            *(asyncio.create_task(kept_running(name, lane), name=name) for name, lane in self.imaging.lanes()),
            asyncio.create_task(kept_running("promises to scanners", self.peers.run), name="promises to scanners"),
            asyncio.create_task(kept_running("completing of studies", self._complete_studies), name="completing of studies"),
        ]
        while not self._server.started:
            if self._tasks[0].done():
                raise Conflict(f"the HTTP door cannot open on port {settings.http}")
            await asyncio.sleep(0.01)

    async def _complete_studies(self) -> None:
        await complete_when_quiet(self.imaging.images, self.agreement, self.imaging.filing.nudge)

    def _backups(self, settings: Settings) -> Backups:
        """A hospital that is made up, or moves by its messages' clock, owes nobody a backup."""
        days = settings.backup_days if self.wardline.clock.kind == "wall" else 0
        return Backups(settings.data, settings.erasures_file, days=days)

    async def _post(self, address: str, content: bytes) -> None:
        """To a listed place outside."""
        reply = await self.couriers.outside.request("POST", address, headers={"content-type": "application/json"}, content=content)
        if reply.status >= 300:
            raise Fault(f"the witness answered {reply.status}")

    def _connections(self) -> dict[str, int]:
        """What stands open now, and what has been shown out since the start."""
        return {
            "http": sum(BoundedHttp.of_address.values()), "streams": len(self.live) - self.services.edge.open_sockets,
            "websockets": self.services.edge.open_sockets, "mllp": len(self.listener.connections),
            **{f"shown out: {why}": number for why, number in sorted(BoundedHttp.shown_out.items())},
        }  # fmt: skip

    async def close(self) -> None:
        """In order: no new messages, answer what was taken, close screens, keep a snapshot."""
        await self.listener.close()
        if self.reception is not None:
            await self.reception.close()
        self.live.end()
        if self._server is not None:
            self._server.should_exit = True
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=4)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.quality.close()
        await self.imaging.close()
        self.fhir.close()
        await self.proof.close()
        await self.couriers.outside.close()
        self.downtime.renew()
        self.wardline.close()
        if self._watcher is not None:
            self._watcher.goodbye()


async def kept_running(lane: str, run: Callable[[], Coroutine[Any, Any, None]], again_after: float = AGAIN_SECONDS) -> None:
    """A lane beside the engine that fails is begun again, and its failure said: a clock that stops without a word is worse than none."""
    while True:
        try:
            await run()
        except Exception as error:  # a worker's bug must neither end it for good nor touch the others
            log.error("lane_failed", lane=lane, error=type(error).__name__, at=place_of(error))
            await asyncio.sleep(again_after)
        else:
            return


class _Server(uvicorn.Server):
    """uvicorn without its own handling of signals: those are ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def until_stopped(running: Running, ready: Callable[[Running], None]) -> int:
    """Open, say so, wait for SIGTERM or SIGINT, close. Returns the exit code."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.stopping.set)
    loop.set_exception_handler(_unheard)
    running.wardline.engine.on_broken = lambda error: _die(error)
    await running.open()
    ready(running)
    await running.stopping.wait()
    await running.close()
    return 0


def _unheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A task failed and nobody was waiting for it: its kind is said, not its words, which may be about a patient."""
    error, task = context.get("exception"), context.get("future")
    name = task.get_name() if isinstance(task, asyncio.Task) else ""
    log.error("task_failed", error=type(error).__name__, at=place_of(error) if error is not None else "", task=name)


def _die(error: Exception) -> None:
    """Nothing more may be acknowledged or written: leave at once, without the orderly steps that would write."""
    log.critical("stopping_now", reason=str(error))
    sys.stderr.flush()
    os._exit(BROKEN)


def bound(host: str, port: int) -> socket.socket:
    """The socket for the screens. Raises `Conflict` where somebody has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol by name: asyncio sends the parts of an answer at once (TCP_NODELAY) only on sockets that say they are TCP. On others
    # the body waits for the client to confirm the headers, which clients put off for 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise Conflict(f"port {port} for the screens is taken; choose another with --http ({error.strerror})") from None
    return sock


def _factors(wardline: Wardline) -> SecondFactors:
    return SecondFactors(wardline.identities, wardline.log.seal, wardline.sessions.now, wardline.settings.hospital)


def _cases(wardline: Wardline) -> dict[str, tuple[CaseResult, ...]]:
    """Every reference case, as it ran on this machine at start-up."""
    results: dict[str, list[CaseResult]] = {}
    for verdict in verify(wardline.catalogue, about_studies=False):  # those need what would make every start a second slower
        case = verdict.case
        results.setdefault(verdict.capability, []).append(CaseResult(case.name, case.source, case.given, case.expect, verdict.difference))
    return {id: tuple(cases) for id, cases in results.items()}
