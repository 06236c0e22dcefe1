"""What reading worked out once and uses again: how a code and unit are read, and whom a PID line names."""

from typing import Final

from wardline.core.events import Registered
from wardline.intake.hl7v2.values import Plan

LARGEST: Final = 20_000
"""Entries kept per source. A sender cannot fill the memory with made-up codes: beyond this it is emptied."""


class Memory:
    """Pure caches: emptying them changes nothing but speed."""

    def __init__(self) -> None:
        self._plans: dict[str, dict[tuple[str, str], Plan]] = {}
        self._people: dict[tuple[str, str], dict[str, tuple[Registered, str, str]]] = {}

    def of(self, source: str, message_type: str) -> tuple[dict[tuple[str, str], Plan], dict[str, tuple[Registered, str, str]]]:
        """(OBX-3, OBX-6) -> plan, and PID line -> (person, record key, account number)."""
        plans = self._plans.setdefault(source, {})
        people = self._people.setdefault((source, message_type), {})
        if len(plans) > LARGEST:
            plans.clear()
        if len(people) > LARGEST:
            people.clear()
        return plans, people

    def forget(self) -> None:
        """After a mapping or a source's profile has changed."""
        self._plans.clear()
        self._people.clear()
