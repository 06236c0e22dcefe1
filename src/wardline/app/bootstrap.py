"""The composition root: the only place that plugs ports into adapters and gives the engine its capabilities and reactions."""

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

from wardline.adapters.embedded.audit import SqliteAudit
from wardline.adapters.embedded.audit.schema import has_heads
from wardline.adapters.embedded.clocks import FeedClock, WallClock
from wardline.adapters.embedded.deeds import SqliteDeeds
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.forgetting import Forgetting, check_caught_up
from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.app.apps import Apps, Signing
from wardline.app.backups import renewing_keys
from wardline.app.discovery import Catalogue, discover
from wardline.app.erasing import Erasing, rules_in
from wardline.app.facts import HouseFacts
from wardline.app.fhir import recover, register_of
from wardline.app.keys import moving_to_newest
from wardline.app.settings import Settings, load
from wardline.app.site_tables import site_tables
from wardline.app.withholding import Withholding
from wardline.core.errors import StorageFull
from wardline.core.events import PolicyActivated
from wardline.core.ports import Clock, EventLog
from wardline.delivery.alerts.acts import ABOUT_POLICY
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.hooks.advice import Advice
from wardline.delivery.hooks.clients import EhrClient, clients_in
from wardline.delivery.notifications.contacts import NOBODY, Contacts, read_contacts
from wardline.delivery.outbound.archives import Archive
from wardline.delivery.outbound.destinations import Destination, Receiver, destinations_in
from wardline.delivery.outbound.dicom import DicomOutbound
from wardline.delivery.outbound.fhir import FhirOutbound
from wardline.delivery.outbound.fhir_servers import FhirServer
from wardline.delivery.outbound.hl7v2 import Outbound
from wardline.delivery.policy import default_policy, read_policy
from wardline.delivery.policy.terms import Policy
from wardline.delivery.reports.register import Reports
from wardline.delivery.reports.withdrawing import Withdrawing
from wardline.delivery.subscriptions.register import Subscriptions
from wardline.delivery.worklists.drawings import Drawings
from wardline.delivery.worklists.incidents import Incidents
from wardline.delivery.worklists.studies import Studies
from wardline.delivery.worklists.workitems import Workitems
from wardline.engine.loop import Engine
from wardline.formats.audit.heads import Signer
from wardline.intake.fhir.register import Resources
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Sources
from wardline.security import breached
from wardline.security.authorisation.deciding import CedarAccess
from wardline.security.authorisation.policies import policies_in
from wardline.security.authorisation.whereabouts import Whereabouts
from wardline.security.consent.register import Restrictions
from wardline.security.emergency import Emergencies
from wardline.security.erasure import Erasures
from wardline.security.labels.table import labels_in
from wardline.security.origins import Origins
from wardline.security.sessions import Sessions
from wardline.security.steady import SteadyClock

RUNNING: Final = "running"
"""Of the log: 1 while a process works on it, so that a start can tell whether the last one ended in order."""


@dataclass(slots=True)
class Wardline:
    """Everything that runs on one data folder."""

    settings: Settings
    folder: DataFolder
    log: SqliteLog
    clock: Clock
    catalogue: Catalogue
    sources: Sources
    reader: Hl7v2Reader
    engine: Engine
    alerts: AlertPolicy
    incidents: Incidents
    contacts: Contacts
    destinations: tuple[Receiver, ...]
    identities: SqliteIdentities
    sessions: Sessions
    audit: SqliteAudit
    access: CedarAccess
    emergencies: Emergencies
    restrictions: Restrictions
    steady: SteadyClock
    erasing: Erasing
    origins: Origins
    deeds: SqliteDeeds
    signing: Signing
    apps: Apps
    advice: Advice
    subscriptions: Subscriptions
    ehrs: tuple[EhrClient, ...]
    resources: Resources
    studies: Studies
    reports: Reports
    drawings: Drawings
    workitems: Workitems

    def close(self) -> None:
        """Finish, keep a snapshot, let go of the folder."""
        self._say_that_this_is_no_crash()
        self.engine.stop()
        self.log.seal.close()
        self.audit.close()
        self.identities.close()
        self.deeds.close()
        self.apps.close()
        self.signing.close()
        self.folder.release()

    def _say_that_this_is_no_crash(self) -> None:
        """Otherwise the next start takes messages one by one, looking for the one that killed it."""
        if self.engine.broken is None:
            try:
                self.log.set_meta(RUNNING, 0)
            except StorageFull:
                self.log.rollback()  # the next start is slower for a while, and that is all


def open_wardline(settings: Settings, *, on_broken: Callable[[Exception], None] | None = None) -> Wardline:
    """Open or create the data folder and fold its log. Raises one of the four families, with a sentence to act on."""
    # What the site has said comes first: if something is wrong with it, nothing has been opened yet.
    catalogue = discover()
    site = site_tables(settings.config_folder / "site", catalogue)
    sources = Sources.from_folder(settings.config_folder / "sources", settings.zone)
    destinations = destinations_in(settings.config_folder / "outbound.yaml", {capability.id for capability in catalogue.capabilities})
    contacts = contacts_in(settings.config_folder / "contacts.yaml")
    ehrs = clients_in(settings.config_folder / "cds_hooks.yaml")
    retention = rules_in(settings.config_folder / "retention.yaml")
    access_policies = policies_in(settings.config_folder / "policies")
    folder = DataFolder(settings.data, clock=settings.clock)
    path = folder.path
    seal = SqliteSeal(path / "keys.db", folder.master_key, *folder.older_master_keys)
    for _ in moving_to_newest(folder, seal) if folder.older_master_keys else ():  # a renewal that was interrupted
        pass
    log = SqliteLog(path / "log", seal)
    forgetting = Forgetting(log, ErasureRegister(settings.erasures_file, folder.register_key))
    forgetting.catch_up()
    clock: Clock = FeedClock() if folder.clock == "feed" else WallClock()
    reader = Hl7v2Reader(sources, folder.key_of)
    audit = _audit_in(folder)
    alerts, incidents, origins = AlertPolicy(key=folder.alert_key), Incidents(), Origins()
    advice, subscriptions, studies, reports, drawings = Advice(), Subscriptions(), Studies(), Reports(), Drawings()
    workitems = Workitems()
    whereabouts, emergencies = Whereabouts(), Emergencies()
    restrictions = Restrictions(labels_in(settings.config_folder / "labels.yaml"))
    erasures = Erasures(forgetting.carried_out())
    resources = register_of(log, restrictions, settings)
    outgoing = _outgoing(destinations, settings.hospital, {each.id: each.title for each in catalogue.capabilities})
    engine = Engine(
        event_log=log, clock=clock, reader=reader, capabilities=[each for each in catalogue.capabilities if each.about != "study"],
        reactions=(alerts, incidents, whereabouts, emergencies, restrictions, erasures, origins, advice, subscriptions,
            *outgoing, resources, studies, reports, drawings, workitems, Withdrawing(reports, studies, audit.viewers)),
        site=site, viewers=audit, on_broken=on_broken,
    )  # fmt: skip
    for each in outgoing:
        each.withheld = Withholding(restrictions, engine.house, catalogue.reads).withholds
    folder.is_known = lambda record: record in engine.house.directory or engine.house.survivor(record) != record
    engine.cautious = log.meta(RUNNING) == 1
    recover(engine, resources)
    log.set_meta(RUNNING, 1)
    identities = SqliteIdentities(path / "identities.db")
    signing = Signing(folder, lambda: datetime.now(UTC))
    sessions = Sessions(
        identities,
        signing.ring,
        lambda: datetime.now(UTC),
        idle=timedelta(minutes=settings.idle_minutes),
        longest=timedelta(hours=settings.session_hours),
        second_factor=settings.second_factor,
        is_breached=breached.listed_in(settings.config_folder / breached.FILE),
    )
    steady = SteadyClock(lambda: sessions.now(), monotonic)
    facts = HouseFacts(engine.house, whereabouts, emergencies, restrictions, steady.now, timedelta(hours=settings.access_hours))
    if (latest := emergencies.latest()) is not None:
        steady.heard(latest)
    erasing = Erasing(engine, erasures, forgetting, retention, clock)
    erasing.after.append(reader.memory.forget)
    erasing.renew_keys = renewing_keys(folder, forgetting.register)
    apps = Apps(folder, sessions, signing, settings)
    apps.forget(forgetting.erased())  # a backup may have brought them back
    erasing.after.append(lambda: apps.forget(forgetting.erased()))
    _keep_pauses_short()
    return Wardline(
        settings, folder, log, clock, catalogue, sources, reader, engine, alerts, incidents, contacts, destinations, identities, sessions, audit,
        CedarAccess(access_policies, facts), emergencies, restrictions, steady, erasing, origins, SqliteDeeds(path / "deeds.db"), signing,
        apps, advice, subscriptions, ehrs, resources, studies, reports, drawings, workitems,
    )  # fmt: skip


def _outgoing(destinations: Iterable[Receiver], hospital: str, titles: Mapping[str, str]) -> tuple[Outbound, FhirOutbound, DicomOutbound]:
    """What puts messages for other systems into the outbox, each kind for those that speak it."""
    listed = tuple(destinations)
    return (
        Outbound((each for each in listed if isinstance(each, Destination)), hospital),
        FhirOutbound((each for each in listed if isinstance(each, FhirServer)), titles),
        DicomOutbound(each for each in listed if isinstance(each, Archive)),
    )


def _audit_in(folder: DataFolder) -> SqliteAudit:
    path = folder.path / "audit.db"
    if folder.is_new or not has_heads(path):  # also a folder of before there were heads; later its absence is a fault
        folder.secrets.make("audit")
    return SqliteAudit(path, Signer(folder.secrets.newest("audit")))


def _keep_pauses_short() -> None:
    """Everything made so far lives as long as the process: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def open_log(data: Path) -> SqliteLog:
    """The log alone, for reading beside a process that may be writing it."""
    folder = DataFolder(data, reading=True)
    seal = SqliteSeal(folder.path / "keys.db", folder.master_key, *folder.older_master_keys)
    check_caught_up(ErasureRegister(load(data=data).erasures_file, folder.register_key), seal)
    return SqliteLog(folder.path / "log", seal, reading=True)


def policy_in_force(log: EventLog) -> Policy:
    """The alert policy as the log says: the last one activated, else the one that ships."""
    activated = [event for event in log.events_of([ABOUT_POLICY]) if isinstance(event.value, PolicyActivated)]
    return read_policy(activated[-1].value.text, "the policy in force") if activated else default_policy()


def contacts_in(file: Path) -> Contacts:
    """How people can be reached, as the site lists it; nobody when there is no file."""
    return read_contacts(file.read_text(encoding="utf-8"), file.name) if file.exists() else NOBODY
