"""Searching the audit trail: what somebody means by a name or a number, and what is found, in words for a screen."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple

from fastapi import Query
from pydantic import AwareDatetime

from wardline.api.doors import House
from wardline.api.services import Services
from wardline.core.ports import Audit
from wardline.security.audit.alarms import ACTIONS, Kind, kind_of

MOST: Final = 1_000
"""Entries of one page."""
LOOKED_AT: Final = 20_000
"""Entries gone through for events of one kind; a later page goes on from there."""
_SAID: Final = (
    "id", "at", "who", "roles", "client", "address", "session", "purpose", "action", "outcome", "door", "query", "request", "about", "detail"
)  # fmt: skip


class Wanted(NamedTuple):
    """What somebody looks for. `records` and `accounts` are all that they may mean; one empty text each where it does not matter."""

    records: tuple[str, ...] = ("",)
    accounts: tuple[str, ...] = ("",)
    action: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def found(self, audit: Audit, before: int, limit: int) -> list[Mapping[str, Any]]:
        """The newest of all of them. Reads the trail, so it belongs in a thread."""
        found = {
            entry["id"]: entry
            for record in self.records
            for account in self.accounts
            for entry in audit.entries(
                about=record, who=account, action=self.action, outcome=self.outcome, since=self.since, until=self.until, before=before, limit=limit
            )
        }
        return [found[id] for id in sorted(found, reverse=True)[:limit]]

    def pages(self, audit: Audit, most: int) -> Iterator[Mapping[str, Any]]:
        """Everything up to so many."""
        before = count = 0
        while count < most and (found := self.found(audit, before, MOST)):
            yield from found
            count += len(found)
            before = found[-1]["id"]

    def alarms(self, audit: Audit, kind: str, before: int, limit: int) -> tuple[list[tuple[Kind, Mapping[str, Any]]], int | None]:
        """What asks for somebody to act, until there is enough or many entries have been gone through; and where to go on."""
        found: list[tuple[Kind, Mapping[str, Any]]] = []
        seen = 0
        while seen < LOOKED_AT:
            entries, reached = self._suspects(audit, before)
            for entry in entries:
                each = kind_of(entry)
                if each is not None and kind in ("", each.key):
                    found.append((each, entry))
                    if len(found) == limit:
                        return found, entry["id"]
            if not reached:
                return found, None
            seen, before = seen + len(entries), reached
        return found, before

    def _suspects(self, audit: Audit, before: int) -> tuple[list[Mapping[str, Any]], int]:
        """Entries of every action that may ask for somebody, down to the number from which all of them are known; 0 when those are all."""
        pages = [self._replace(action=action).found(audit, before, MOST) for action in ACTIONS if self.action in ("", action)]
        reached = max((page[-1]["id"] for page in pages if len(page) == MOST), default=0)
        entries = [entry for page in pages for entry in page if entry["id"] >= reached]
        return sorted(entries, key=lambda entry: -int(entry["id"])), reached


async def wanted(
    house: House,
    about: Annotated[str, Query(max_length=200, description="A record's key or a patient number.")] = "",
    who: Annotated[str, Query(max_length=200, description="An account, or part of a name.")] = "",
    action: Annotated[str, Query(max_length=200)] = "",
    outcome: Literal["", "success", "refused", "failed", "not success"] = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> Wanted:
    """Asked in the loop, where the directory may be looked into."""
    return Wanted(_records(about.strip(), house), _accounts(who.strip(), house), action.strip(), outcome, since, until)


def _records(about: str, house: Services) -> tuple[str, ...]:
    """A record that nobody has any more is still found by its key."""
    if not about or about in house.engine.house.directory:
        return (about,)
    return tuple(entry.about for entry in house.engine.house.directory.search(about) if entry.number == about) or (about,)


def _accounts(who: str, house: Services) -> tuple[str, ...]:
    users, meant = list(house.sessions.identities.users()), who.casefold()
    if not meant or any(user.id == who for user in users):
        return (who,)
    return tuple(user.id for user in users if meant in user.name.casefold() or meant in user.login.casefold()) or (who,)


def names(house: Services) -> dict[str, str]:
    """Of everybody who has an account."""
    return {user.id: user.name for user in house.sessions.identities.users()}


def entry_json(entry: Mapping[str, Any], house: Services) -> dict[str, Any]:
    about = entry["about"]
    patient = house.engine.house.directory.get(about) if about else None
    kind = kind_of(entry)
    return {
        **{name: entry[name] for name in _SAID},
        "name": house.name_of(entry["who"]) if entry["who"] else "",
        "number": patient.number if patient is not None else "",
        "patients": len(entry["records"]),
        "kind": kind.key if kind is not None else "",
    }
