"""One patient as access sees them, told by a test instead of folded from a log."""

from typing import NamedTuple

from wardline.core.people import Person
from wardline.security.authorisation.facts import Consent


class Told(NamedTuple):
    """`Facts` as a test tells them: one patient, Ada, and where she is."""

    ward: str = "7A"
    left: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    opened_by: str = ""
    says: Consent = ""

    def record(self, about: str) -> str:
        return "ada" if about == "ada before her merge" else about

    def units(self, record: str) -> frozenset[str]:
        return frozenset({self.ward} if record == "ada" and self.ward else ())

    def left_lately(self, record: str) -> frozenset[str]:
        return self.left

    def is_assigned(self, who: Person, record: str) -> bool:
        return who.name in self.names

    def has_open(self, person: str, record: str) -> bool:
        return person == self.opened_by and record == "ada"

    def is_in_emergency(self, person: str) -> bool:
        return person == self.opened_by

    def is_fresh(self, who: Person) -> bool:
        return True

    def consent(self, who: Person, action: str, record: str, label: str) -> Consent:
        return "" if self.says == "deny" and who.purpose == "BTG" else self.says
