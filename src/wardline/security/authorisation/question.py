"""One question of access, with everything a policy may look at and nothing else, so that equal questions have equal answers.

Who asks and whom it is about are not in it by name: decisions follow roles, places and relations. That is also what makes them
few enough to remember.
"""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from wardline.core.people import Person, Role
from wardline.security.authorisation.facts import Consent, Facts

FRESH: Final = timedelta(minutes=5)
"""For how long a proof of who one is counts as fresh."""
EMERGENCY: Final = "BTG"
"""HL7 v3 PurposeOfUse: break the glass."""
UNIT: Final = "unit/"
"""`about` of what concerns a whole unit: "unit/7A"."""
_ROLES: Final = frozenset(role.value for role in Role)
_ONLY_A_PATIENT: Final = frozenset({Role.PATIENT.value})
_NOWHERE: Final[frozenset[str]] = frozenset()
CARE: Final = frozenset({"whole house", "unit", "lately", "assigned"})
"""Relations of those who look after a patient."""


class Question(NamedTuple):
    """What Cedar is asked. Hashable: the key under which the answer is remembered."""

    action: str
    kind: str
    """"Patient", "Unit" or "House"."""
    roles: frozenset[str]
    person_units: tuple[str, ...] = ()
    program: bool = False
    bound: bool = False
    factors: int = 1
    units: frozenset[str] = _NOWHERE
    """Where the patient is, or the unit itself."""
    relations: frozenset[str] = _NOWHERE
    label: str = ""
    consent: Consent = ""
    purpose: str = "TREAT"
    fresh: bool = False
    scopes: str = ""
    in_emergency: bool = False

    def request(self) -> dict[str, Any]:
        return {
            "principal": {"type": "Person", "id": "asking"},
            "action": {"type": "Action", "id": self.action},
            "resource": {"type": self.kind, "id": "asked about"},
            "context": {
                "relations": sorted(self.relations), "label": self.label, "consent": self.consent, "purpose": self.purpose, "fresh": self.fresh,
                "scopes": self.scopes, "in_emergency": self.in_emergency,
            },
        }  # fmt: skip

    def entities(self) -> list[dict[str, Any]]:
        known = sorted(self.roles & _ROLES)
        roles = [{"type": "Role", "id": role} for role in (*known, *(("anybody",) if known else ()))]
        person = {"units": list(self.person_units), "program": self.program, "bound": self.bound, "factors": self.factors}
        place = {"units": sorted(self.units)} if self.kind != "House" else {}
        return [
            {"uid": {"type": "Person", "id": "asking"}, "attrs": person, "parents": roles},
            {"uid": {"type": self.kind, "id": "asked about"}, "attrs": place, "parents": []},
        ]


def question_of(who: Person, action: str, about: str, label: str, facts: Facts, covered: str) -> Question:
    """The question with the facts as they are now. `covered`: whether a program's scopes cover the action, "" where it has none."""
    question = Question(
        action, "House", who.roles, who.units, bool(who.client), bool(who.patient), who.factors, label=label, purpose=who.purpose,
        fresh=facts.is_fresh(who), scopes=covered, in_emergency=facts.is_in_emergency(who.id),
    )  # fmt: skip
    if not about:
        return question
    if about.startswith(UNIT):
        unit = frozenset({about.removeprefix(UNIT)})
        return question._replace(kind="Unit", units=unit, relations=_relations_to_unit(who, unit))
    record = facts.record(about)
    units = facts.units(record)
    relations = _relations(who, record, units, facts)
    asking = who._replace(purpose=EMERGENCY) if "emergency" in relations else who
    return question._replace(kind="Patient", units=units, relations=relations, consent=facts.consent(asking, action, record, label))


def _relations_to_unit(who: Person, unit: frozenset[str]) -> frozenset[str]:
    if not who.units:
        return frozenset({"whole house"})
    return frozenset({"unit"}) if unit.intersection(who.units) else _NOWHERE


def _relations(who: Person, record: str, units: frozenset[str], facts: Facts) -> frozenset[str]:
    """How somebody has to do with a patient. A patient's own sign-in looks after nobody."""
    if who.roles == _ONLY_A_PATIENT:
        return frozenset({"own record"}) if who.patient and facts.record(who.patient) == record else _NOWHERE
    found = {"bound"} if who.patient and facts.record(who.patient) == record else set()
    found |= _relations_to_unit(who, units)
    if who.units and not facts.left_lately(record).isdisjoint(who.units):
        found.add("lately")
    if facts.is_assigned(who, record):
        found.add("assigned")
    if facts.has_open(who.id, record):
        found.add("emergency")
    return frozenset(found)
