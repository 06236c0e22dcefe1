"""Other sites whose pages may ask for a while: who said so, which paths, until when. An emergency never widens this by itself (TRAP-5)."""

import re
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from wardline.core.errors import NotFound, Refused
from wardline.core.events import Event, OriginAllowed, OriginWithdrawn
from wardline.core.reactions import Memory
from wardline.core.statements import Statement

ABOUT: Final = "access/origins"
LONGEST: Final = timedelta(days=30)
AT_MOST: Final = 100
SIGNING_IN: Final = "/api/v1/auth"
"""Where the refresh cookie travels: never open to another site."""
_ORIGIN: Final = re.compile(r"(https)://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?|http://(localhost|127\.0\.0\.1)(:[1-9][0-9]{0,4})?")
_PATH: Final = re.compile(r"(/[A-Za-z0-9_.-]+)+")


class AllowedOrigin(NamedTuple):
    """One site, as an administrator has let it in."""

    id: str
    origin: str
    paths: tuple[str, ...]
    expires_at: datetime
    reason: str
    by: str
    at: datetime


class Origins(Memory):
    """A `Reaction` that remembers. Whether one has expired is asked each time, by the wall clock, so that it ends to the second."""

    name = "origins"

    def __init__(self) -> None:
        self._allowed: dict[str, AllowedOrigin] = {}

    def standing(self, now: datetime) -> list[AllowedOrigin]:
        """Those that hold now, the first to end first."""
        return sorted((each for each in self._allowed.values() if each.expires_at > now), key=lambda each: each.expires_at)

    def allow(self, value: OriginAllowed, *, now: datetime, today: datetime) -> list[Statement]:
        """Let a site in, or change how. `now` is the log's time, `today` the wall's. Raises `Refused` naming the field."""
        check(value, today)
        if value.id not in self._allowed and len(self.standing(today)) >= AT_MOST:
            raise Refused(f"there are {AT_MOST} already; withdraw one first")
        return [Statement(value, ABOUT, now)]

    def withdraw(self, id: str, *, now: datetime, today: datetime) -> list[Statement]:
        """Raises `NotFound` when it does not hold (any more)."""
        self.standing_with(id, today)
        return [Statement(OriginWithdrawn(id), ABOUT, now)]

    def standing_with(self, id: str, today: datetime) -> AllowedOrigin:
        found = self._allowed.get(id)
        if found is None or found.expires_at <= today:
            raise NotFound("this origin is not allowed (any more)")
        return found

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case OriginAllowed(id=id, origin=origin, paths=paths, expires_at=expires_at, reason=reason):
                self._allowed[id] = AllowedOrigin(id, origin, tuple(paths), expires_at, reason, event.actor, event.recorded_at)
            case OriginWithdrawn(id=id):
                self._allowed.pop(id, None)
            case _:
                pass

    def dump(self) -> Any:
        return [tuple(each) for _, each in sorted(self._allowed.items())]

    def load(self, state: Any) -> None:
        self._allowed = {}
        for id, origin, paths, expires_at, reason, by, at in state or ():
            self._allowed[id] = AllowedOrigin(id, origin, tuple(paths), expires_at, reason, by, at)


def check(value: OriginAllowed, today: datetime) -> None:
    """Raises `Refused` naming the field."""
    check_origin(value.origin)
    if not value.paths:
        raise Refused("list the paths it may ask", where="paths")
    for path in value.paths:
        check_path(path)
    if not today < value.expires_at <= today + LONGEST:
        raise Refused(f"it must end after now and within {LONGEST.days} days", where="expires_at")
    if not value.reason.strip():
        raise Refused("say in a few words what it is for", where="reason")


def check_origin(origin: str) -> None:
    if _ORIGIN.fullmatch(origin) is None:
        raise Refused("an origin is https://HOST or https://HOST:PORT, without a path, a wildcard or capital letters", where="origin")


def check_path(path: str) -> None:
    plain = path.rstrip("/")
    if _PATH.fullmatch(plain) is None or any(each in (".", "..") for each in plain.split("/")):
        raise Refused("a path begins with / and names a part of the API, such as /api/v1/boards", where="paths")
    if plain.startswith(SIGNING_IN) or SIGNING_IN.startswith(f"{plain}/"):
        raise Refused("signing in is not open to other sites; name the paths below /api/v1 one by one", where="paths")
