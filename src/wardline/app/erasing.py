"""Erasing people from a running house: gather what must be checked, let two people decide, destroy the keys, and clean up behind.

What is decided and remembered is in `security.erasure`, what may be erased in `security.retention`, the keys in the data folder.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from wardline.adapters.embedded.forgetting import Forgetting, last_contacts
from wardline.api.retaining import Over
from wardline.core.errors import Conflict, NotFound, WardlineError
from wardline.core.events import Erased
from wardline.core.ports import Audit, Clock
from wardline.core.statements import Statement
from wardline.engine.house import House
from wardline.engine.loop import Engine
from wardline.security.erasure import ABOUT, Erasures, Request
from wardline.security.retention.deciding import Check, Facts, checks, kept_until, years_after
from wardline.security.retention.rules import NONE, Rules, read_rules

log = structlog.get_logger()

SHOWN: Final = 200
"""Persons listed of those whose time is over; the others are only counted."""
AT_ONCE: Final = 500
"""Persons looked at between two looks at the network."""
DAY_SECONDS: Final = 86_400.0
COPY_SECONDS: Final = 30.0
WIPES: Final = 20
WIPE_SECONDS: Final = 0.5
SHORTEST_NUMBER: Final = 4
"""Shorter patient numbers say nothing about whom an unreadable message means."""


class Erasing:
    """One per house. Everything it changes goes through the engine."""

    def __init__(self, engine: Engine, erasures: Erasures, forgetting: Forgetting, rules: Rules, clock: Clock) -> None:
        self.engine = engine
        self.erasures = erasures
        self.forgetting = forgetting
        self.rules = rules
        self.clock = clock
        self.after: list[Callable[[], None]] = []
        """What has to forget somebody who is gone: pages, caches."""
        self.renew_keys: Callable[[], None] = lambda: None
        """Overwrites the copy of the keys that lies apart; called in a thread of its own."""

    @property
    def house(self) -> House:
        return self.engine.house

    @property
    def register(self) -> Path:
        """Where the register of erasures is kept."""
        return self.forgetting.register.path

    # --- looking ---

    def register_state(self) -> tuple[int, datetime | None]:
        """How many erasures the register holds, and when the last was carried out."""
        entries = self.forgetting.register.entries()
        return len(entries), entries[-1].at if entries else None

    def today(self) -> datetime:
        return max(self.clock.now(), self.house.now)

    def records(self, about: str) -> tuple[str, ...]:
        """Every record that is read as this person's, the surviving one first."""
        return tuple(self.house.links.records(self.house.survivor(about)))

    def facts(self, about: str) -> Facts:
        """What a decision about this person rests on."""
        records = self.records(about)
        return self._facts(records, self.forgetting.last_contact(records))

    def _facts(self, records: tuple[str, ...], last_contact: datetime | None) -> Facts:
        """Without opening the record: the directory knows enough."""
        entry = self.house.directory.get(records[0])
        return Facts(
            last_contact,
            entry.born if entry is not None else "",
            entry is not None and entry.is_in,
            len(self.erasures.holds_on(records)),
            len(records),
            self._shared_visits(records),
        )

    def checks(self, about: str) -> tuple[Check, ...]:
        return checks(self.facts(about), self.rules, self.today())

    def _shared_visits(self, records: tuple[str, ...]) -> int:
        """Visits whose rows are sealed with one person's key and read as another's: erasing one would touch the other."""
        here = self.house.links.scopes(records[0])
        strangers = sum(len(scope.only) for scope in here if scope.only is not None)
        away = sum(self.house.links.reader_of(scope.record, visit) != records[0] for scope in here for visit in scope.without)
        return strangers + away

    async def over(self) -> tuple[int, list[Over]]:
        """Persons whose record need not be kept any more: how many, and the first of them. Reads beside the loop."""
        rule = self.rules.of("patient")
        if rule is None:
            return 0, []
        earliest = years_after(self.today().date(), -rule.keep_years)
        files = list(self.forgetting.log.files)
        contacts = await asyncio.to_thread(last_contacts, files, datetime.combine(earliest, datetime.min.time(), self.today().tzinfo))
        found = []
        for done, about in enumerate(contacts):
            if (over := self._over(about, contacts)) is not None:
                found.append(over)
            if not done % AT_ONCE:
                await asyncio.sleep(0)
        return len(found), sorted(found, key=lambda each: each.last_contact)[:SHOWN]

    def _over(self, about: str, contacts: Mapping[str, datetime]) -> Over | None:
        """`contacts` are the records about which nothing has been said for long enough: all of a person's must be among them."""
        if about not in self.house.directory:
            return None
        records = self.records(about)
        if records[0] != about or any(record not in contacts for record in records):
            return None
        last_contact = max(contacts[record] for record in records)
        if not all(check.passed for check in checks(self._facts(records, last_contact), self.rules, self.today())):
            return None
        return Over(about, last_contact, len(records))

    def kept_until(self, about: str) -> str:
        """The day until which the record must be kept, empty where no rule says so."""
        rule = self.rules.of("patient")
        until = kept_until(rule, self.facts(about)) if rule is not None else None
        return until.isoformat() if until is not None else ""

    async def keep_to_rules(self, audit: Audit) -> None:
        """Once a day, until cancelled: remove what the site's rules keep no longer and that names no patient. Sessions, that is."""
        while True:
            rule = self.rules.of("session")
            if rule is not None:
                ended = years_after(datetime.now(UTC).date(), -rule.keep_years)
                removed = self.forgetting.forget_sessions(datetime.combine(ended, datetime.min.time(), UTC))
                if removed:
                    await audit.record("", "old sessions removed", number=str(removed))
            await asyncio.sleep(DAY_SECONDS)

    # --- deciding ---

    async def ask(self, persons: Iterable[str], ground: str, *, by: str) -> Request:
        """Ask for persons to be erased. What binds the house to keep one of them refuses the request at once, and says so."""
        id, wanted = secrets.token_hex(6), sorted({self.house.survivor(person) for person in persons})
        if not wanted or any(person not in self.house.directory for person in wanted):
            raise NotFound("there is no such patient")

        def decide(house: House, now: datetime) -> list[Statement]:
            statements = self.erasures.ask(id, (self.records(person) for person in wanted), ground, now=now)
            refusal = self._refusal(wanted)
            return statements + ([self.erasures.refusal(id, refusal.basis or refusal.sentence, now=now)] if refusal is not None else [])

        await self.engine.record(decide, actor=by)
        return self.erasures.requests[id]

    async def withdraw(self, id: str, *, by: str) -> None:
        await self.engine.record(lambda house, now: self.erasures.withdraw(id, now=now), actor=by)

    async def approve(self, id: str, *, by: str) -> Request:
        """Agree, as the second person. From here on nothing brings them back."""

        def decide(house: House, now: datetime) -> list[Statement]:
            request = self.erasures.check_approver(id, by)
            persons = [person[0] for person in request.persons]
            self._check_unchanged(request)
            named = [words for person in persons for words in self._named(person)]
            keys = self.forgetting.erase(id, request.records, named, at=self.today())
            return [Statement(Erased(id, request.records, keys), ABOUT, now)]

        await self.engine.record(decide, actor=by)
        await self._clean_up()
        return self.erasures.requests[id]

    async def hold(self, about: str, reason: str, *, by: str) -> str:
        id, person = secrets.token_hex(6), self.house.survivor(about)
        if person not in self.house.directory:
            raise NotFound("there is no such patient")
        await self.engine.record(lambda house, now: self.erasures.hold(id, person, reason, now=now), actor=by)
        return id

    async def end_hold(self, id: str, *, by: str) -> None:
        await self.engine.record(lambda house, now: self.erasures.end_hold(id, now=now), actor=by)

    def _refusal(self, persons: Iterable[str]) -> Check | None:
        return next((check for person in persons for check in self.checks(person) if not check.passed), None)

    def _check_unchanged(self, request: Request) -> None:
        """What was true when it was asked for may not be any more."""
        for person in request.persons:
            if person[0] not in self.house.directory or self.records(person[0]) != person:
                raise Conflict("records have been joined or parted since this was asked for; take it back and ask again")
        refusal = self._refusal(person[0] for person in request.persons)
        if refusal is not None:
            raise Conflict(f"this may not be erased any more: {refusal.sentence}")

    def _named(self, about: str) -> Iterable[tuple[str, ...]]:
        """Words that, together in a message nobody could read, mean this person."""
        for event in self.house.timeline(about).registered:
            for identifier in event.value.identifiers:
                if len(identifier.number) >= SHORTEST_NUMBER:
                    yield (identifier.number,)
            yield (event.value.family, event.value.given)

    # --- behind ---

    async def _clean_up(self) -> None:
        """Everything that still has a copy of them in reach. A step that fails is said, and the others go on."""
        self.engine.keep_snapshot()
        for forget in self.after:
            forget()
        try:
            async with asyncio.timeout(COPY_SECONDS):  # its disk may be away, or hang
                await asyncio.to_thread(self.renew_keys)
        except (OSError, TimeoutError, WardlineError) as error:
            log.error("copy_of_keys_not_renewed", reason=type(error).__name__)  # the privacy page says so until it is
        for _ in range(WIPES):
            if self.forgetting.log.seal.wipe():
                return
            await asyncio.sleep(WIPE_SECONDS)
        log.error("keys_not_wiped")  # another process reads them; the next start does it


def rules_in(file: Path) -> Rules:
    """The site's retention rules; none where it has said nothing, and then everything is kept."""
    return read_rules(file.read_text(encoding="utf-8"), file.name) if file.exists() else NONE
