"""What reading worked out once and uses again: how a code and unit are read, whom a PID line names, which texts are numbers."""

from typing import Final, NamedTuple

from wardline.core.events import Registered
from wardline.formats.hl7v2.escapes import Separators
from wardline.intake.hl7v2.plans import Plan
from wardline.intake.hl7v2.sources import Source
from wardline.intake.hl7v2.values import plain_number

LARGEST: Final = 20_000
"""Entries kept of each kind. A sender cannot fill the memory with made-up codes: beyond this it is emptied."""
SOURCES: Final = 2_000
TEXTS: Final = 100_000
"""OBX-5 texts kept, all sources and codes together: a hospital's usual numbers with their units."""
LONGEST_KEY: Final = 2_000
"""Longer texts are worked out each time."""


class Person(NamedTuple):
    """Whom a PID line names: what it says of them, their record's key, and the account number (PID-18)."""

    registered: Registered
    about: str
    account: str


class Planned(NamedTuple):
    """How to read values that come with one code and unit, and those read before that are plain numbers within the range."""

    plan: Plan
    texts: dict[str, tuple[float, str]]
    """OBX-5 -> the number kept, and value and unit as received where they differ from it."""
    code: str
    """OBX-3: one text for all observations that come with it."""


class Known(NamedTuple):
    """What is remembered of one source."""

    plans: dict[tuple[str, str], Planned]
    """(OBX-3, OBX-6) -> how to read values that come with them."""
    people: dict[str, Person]
    """PID line -> whom it names."""


class Memory:
    """Pure caches: emptying them changes nothing but speed."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, Separators, bool], Known] = {}
        self._texts = 0
        self.performers: dict[tuple[str, str, str, Separators], str] = {}
        """(OBX-15, OBX-16, OBX-18, delimiters) -> who or what measured it."""

    def of(self, source: Source, separators: Separators, *, authority: bool) -> Known:
        """The same text means the same only from the same sender, cut by the same delimiters, and about a person only when
        an admission system says it (`authority`) or only others do.
        """
        key = source.application, source.facility, source.name, separators, authority
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= SOURCES:
                self._known.clear()
            known = self._known[key] = Known({}, {})
        for remembered in known:
            if len(remembered) > LARGEST:
                remembered.clear()
        return known

    def read(self, planned: Planned, text: str) -> tuple[float, str] | None:
        """What an NM text says, or None when it is no plain number within the range; remembered."""
        plan = planned.plan
        number = plain_number(text) if plan.low <= plan.high else None
        if number is None:
            return None
        kept, received = (plan.conversion(number), f"{text} {plan.shown_unit}") if plan.changes else (number, "")
        if not plan.low <= kept <= plan.high:
            return None
        self._texts += 1
        if self._texts > TEXTS:
            self.forget()
        planned.texts[text] = kept, received
        return kept, received

    def performer(self, named: tuple[str, str, str, Separators], name: str) -> str:
        """Remember who these three fields name."""
        if len(self.performers) >= LARGEST:
            self.performers.clear()
        self.performers[named] = name
        return name

    def forget(self) -> None:
        """After a mapping or a source's profile has changed."""
        self._known.clear()
        self._texts = 0
