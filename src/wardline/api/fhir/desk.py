"""What the FHIR door works with: the register of resources, pages of searches that were begun, and exports under way."""

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.people import Person
from wardline.core.resources import Criterion, Search, Stored
from wardline.core.timeline import Timeline
from wardline.formats.fhir.search.asking import Grammar
from wardline.formats.fhir.search.indexing import entries_of
from wardline.intake.fhir.register import Resources

PAGES: Final = 500
"""Searches whose further pages are kept ready."""
KEPT_FOR: Final = timedelta(minutes=30)
JOBS: Final = 50
TIMELINES: Final = 100
"""Patients whose whole timeline stays in memory after it was read."""


class Expired(Refused):
    """A page of a search that is not kept any more: 410."""


class Found(NamedTuple):
    """A search as it was when it was made: what is written meanwhile changes none of its pages."""

    whose: str
    references: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    made_at: datetime


@dataclass(slots=True)
class Whole:
    """A patient's whole timeline, as far as it was told when it was read; `made` are the resources made from it."""

    said_at: datetime | None
    timeline: Timeline
    made: Any = None


class Job(NamedTuple):
    """A bulk export: what goes into it, by type, as it was when it was asked for."""

    whose: str
    request: str
    asked_at: datetime
    references: dict[str, list[tuple[str, str]]]
    problem: str = ""


def name_of(person: Person) -> str:
    return f"{person.id} {person.client} {person.session}"


@dataclass(slots=True)
class Desk:
    """One for the house."""

    register: Resources
    scratch: Callable[[], Search]
    base: Callable[[], str]
    """The address of this door, as references and links say it."""
    zone: tzinfo = UTC
    validate: Callable[[dict[str, Any]], Awaitable[list[dict[str, Any]]]] | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    pages: OrderedDict[str, Found] = field(default_factory=OrderedDict)
    jobs: OrderedDict[str, Job] = field(default_factory=OrderedDict)
    timelines: OrderedDict[str, Whole] = field(default_factory=OrderedDict)

    def grammar(self, *, lenient: bool = False) -> Grammar:
        return Grammar(self.base(), self.zone, int(self.now().timestamp() * 1_000_000), lenient)

    def matches(self, type: str, query: Sequence[tuple[str, str]], resource: Mapping[str, Any]) -> bool:
        """Whether one resource meets a search, as topic subscriptions ask of everything that is written. Raises `Refused` for one beyond it."""
        asked = self.grammar().read(type, query)
        criteria = [each for each in asked.conditions if isinstance(each, Criterion)]
        if len(criteria) < len(asked.conditions):
            raise Refused("a subscription's criteria cannot follow links or value sets", code="not-supported", where="criteria")
        if resource.get("resourceType") != type:
            return False
        scratch = self.scratch()
        stored = Stored(0, type, str(resource.get("id", "")), 1, 1, "", self.now())
        scratch.put(stored, entries_of(resource, base=self.base(), zone=self.zone))
        return bool(scratch.find(type, criteria))

    def keep(self, person: Person, references: tuple[tuple[str, str], ...], query: tuple[tuple[str, str], ...]) -> str:
        """The word under which the further pages can be asked for, by the same person."""
        token = secrets.token_urlsafe(16)
        self.pages[token] = Found(name_of(person), references, query, self.now())
        while len(self.pages) > PAGES:
            self.pages.popitem(last=False)
        return token

    def page(self, person: Person, token: str) -> Found:
        found = self.pages.get(token)
        if found is None or found.whose != name_of(person) or self.now() - found.made_at > KEPT_FOR:
            raise Expired("this page is not kept any more; make the search again", code="expired", where="_page")
        return found

    def remember(self, record: str, said_at: datetime | None, timeline: Timeline) -> Whole:
        known = self.timelines[record] = Whole(said_at, timeline)
        while len(self.timelines) > TIMELINES:
            self.timelines.popitem(last=False)
        return known

    def forget(self, records: Iterable[str]) -> None:
        """Something has been said about them: what was read before is not all any more."""
        for record in records:
            self.timelines.pop(record, None)

    def begin(self, job: Job) -> str:
        id = secrets.token_hex(12)
        self.jobs[id] = job
        while len(self.jobs) > JOBS:
            self.jobs.popitem(last=False)
        return id

    def job(self, person: Person, id: str) -> Job | None:
        """The export, for whoever asked for it."""
        job = self.jobs.get(id)
        return job if job is not None and job.whose == name_of(person) and self.now() - job.asked_at < KEPT_FOR else None
