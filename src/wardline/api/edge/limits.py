"""How much is too much: tokens in buckets that fill again, for people, addresses, failed sign-ins and the patients somebody opens.

A ward's screens never meet these limits. What does is a loop that pulls every chart, or somebody who tries passwords (ASVS 2.4.1).
Memory is bounded: of more keys than fit, the one that was quiet longest is forgotten, which never refuses anybody.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from wardline.api.edge.rules import Rules
from wardline.core.errors import WardlineError
from wardline.core.people import Person

KEYS: Final = 20_000
HOUR: Final = 3600.0
MINUTE: Final = 60.0
SAY_AGAIN_SECONDS: Final = 600.0
"""Somebody who goes on is in the audit trail once in this time, not once for each request."""

PIECES: Final = 20
"""Times as many requests for pieces of what is looked at: one look at a CT is hundreds of images."""
TRIED: Final = {"sign-ins": "sign-ins", "tokens": "requests for tokens"}
"""What can be guessed at. Each is counted by itself: an app that loops must not keep its own user from signing in."""


class TooMany(WardlineError):
    """More than one person or address asks for: 429, with when to come again."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = max(1, round(retry_after + 0.5))


class Met(NamedTuple):
    """A limit that somebody ran into, for the audit trail."""

    limit: str
    who: str
    address: str


class Buckets:
    """One kind of limit: so many in a period, for each key."""

    def __init__(self, period: float, now: Callable[[], float]) -> None:
        self.period = period
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def take(self, key: str, most: int) -> float:
        """Take one; 0, or the seconds until there is one again."""
        left, now = self._filled(key, most)
        if left < 1:
            self._keep(key, left, now)
            return (1 - left) * self.period / most
        self._keep(key, left - 1, now)
        return 0.0

    def is_empty(self, key: str, most: int) -> float:
        """Seconds until there is one again, without taking it; 0 where there is."""
        left, _ = self._filled(key, most)
        return 0.0 if left >= 1 else (1 - left) * self.period / most

    def _filled(self, key: str, most: int) -> tuple[float, float]:
        now = self._now()
        left, at = self._left.get(key, (float(most), now))
        return min(float(most), left + (now - at) * most / self.period), now

    def _keep(self, key: str, left: float, now: float) -> None:
        self._left[key] = (left, now)
        self._left.move_to_end(key)
        if len(self._left) > KEYS:
            self._left.popitem(last=False)


class Limits:
    """All of them."""

    def __init__(self, rules: Rules, now: Callable[[], float]) -> None:
        self.rules = rules
        self.refused: Counter[str] = Counter()
        self._now = now
        self._people, self._pieces = Buckets(MINUTE, now), Buckets(MINUTE, now)
        self._strangers = Buckets(MINUTE, now)
        self._guesses = {what: Buckets(MINUTE, now) for what in TRIED}
        self._patients: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()
        self._met: list[Met] = []
        self._said: OrderedDict[tuple[str, str], float] = OrderedDict()

    def person(self, person: Person, *, piece: bool = False) -> None:
        """One request of somebody who is signed in; a piece of something large counts apart. Raises `TooMany`."""
        rates = [rate for role in person.roles if (rate := self.rules.by_role.get(role)) is not None]
        most = max(rates, default=self.rules.requests_per_minute)
        wait = self._pieces.take(person.id, PIECES * most) if piece else self._people.take(person.id, most)
        if wait:
            raise self._too_many("requests", person.id, "", wait, "this is more than one person asks for; wait a moment")

    def stranger(self, address: str, *, counts: bool) -> None:
        """A request from an address; it counts where it shows no sign-in. Raises `TooMany`."""
        ask = self._strangers.take if counts else self._strangers.is_empty
        wait = ask(address, self.rules.strangers_per_minute)
        if wait:
            raise self._too_many("strangers", "", address, wait, "too many requests come from this address; wait a moment")

    def guess(self, what: str, address: str) -> None:
        """Somebody, or an app, is about to prove who they are. Raises `TooMany` where too many have failed."""
        wait = self._guesses[what].is_empty(address, self.rules.failed_sign_ins_per_minute)
        if wait:
            raise self._too_many(what, "", address, wait, f"too many {TRIED[what]} have failed at this address; wait a moment")

    def was_stranger(self, address: str) -> None:
        """A request showed a sign-in that was none."""
        self._strangers.take(address, self.rules.strangers_per_minute)

    def was_wrong(self, what: str, address: str) -> None:
        self._guesses[what].take(address, self.rules.failed_sign_ins_per_minute)

    def to_be_said(self) -> list[Met]:
        """What has not been put into the audit trail yet."""
        met, self._met = self._met, []
        return met

    def patient(self, person: Person, about: str) -> None:
        """Somebody opens a patient: so many different ones within an hour, the same one as often as needed. Raises `TooMany`."""
        who = person.id
        now, opened = self._now(), self._patients.setdefault(who, OrderedDict())
        self._patients.move_to_end(who)
        if len(self._patients) > KEYS:
            self._patients.popitem(last=False)
        while opened and next(iter(opened.values())) <= now - HOUR:
            opened.popitem(last=False)
        if about not in opened and len(opened) >= self.rules.patients_per_hour:
            wait = next(iter(opened.values())) + HOUR - now
            raise self._too_many("patients", who, "", wait, "you have opened more patients within an hour than one person looks after")
        opened.setdefault(about, now)

    def _too_many(self, limit: str, who: str, address: str, wait: float, reason: str) -> TooMany:
        self.refused[limit] += 1
        key, now = (limit, who or address), self._now()
        if now - self._said.get(key, -SAY_AGAIN_SECONDS) >= SAY_AGAIN_SECONDS:
            self._said[key] = now
            self._said.move_to_end(key)
            if len(self._said) > KEYS:
                self._said.popitem(last=False)
            self._met.append(Met(limit, who, address))
        return TooMany(reason, wait)
