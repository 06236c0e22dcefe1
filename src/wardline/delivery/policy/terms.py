"""What an alert policy says: which answers become alerts, how loud they are, whom they tell, and who is told next."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Final, Literal, TypeAlias

from wardline.core.events import Found
from wardline.core.findings import Severity

EVERYWHERE: Final = "*"
OVERDUE: Final = "overdue"
"""The capability under which an alert about something overdue stands; its key says what is overdue."""
CRITICAL_REPORT: Final = "critical_report"
"""The same for a signed report whose author has asked that it is read at once; its key is the report."""

DrivenBy: TypeAlias = Literal["rule", "model"]


class Tier(StrEnum):
    """How loud an alert is. AL-1: there are three tiers only."""

    PAGE = "page"
    WORKLIST = "worklist"
    CHIP = "chip"


@dataclass(frozen=True, slots=True)
class Limit:
    """From where on an answer is bad enough. Exactly one of the three is set."""

    severity: Severity | None = None
    at_least: float | None = None
    at_most: float | None = None

    def is_met_by(self, found: Found) -> bool:
        """A score with inputs missing is at least what it says: it can meet a lower limit, never an upper one."""
        if self.severity is not None:
            return found.severity >= self.severity
        if not isinstance(found.value, int | float):
            return False
        if self.at_least is not None:
            return found.value >= self.at_least
        return found.outcome == "finding" and self.at_most is not None and found.value <= self.at_most


@dataclass(frozen=True, slots=True)
class Clear:
    """From where on, and for how many readings in a row, the alert is over. AL-3: lower than where it was raised."""

    severity_below: Severity | None = None
    below: float | None = None
    above: float | None = None
    readings: int = 1

    def is_met_by(self, found: Found) -> bool:
        """Only a complete answer can say that all is well: with inputs missing the truth may be worse."""
        if found.outcome != "finding":
            return False
        if self.severity_below is not None:
            return found.severity < self.severity_below
        if not isinstance(found.value, int | float):
            return False
        if self.below is not None:
            return found.value < self.below
        return self.above is not None and found.value > self.above


@dataclass(frozen=True, slots=True)
class Wait:
    """Do not page for one reading: wait for a second one, but not for ever."""

    after: timedelta
    at_latest: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """When nobody has answered for so long since the last people were told, these roles are told."""

    after: timedelta
    tell: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is told next. AL-7: the end is a person who answers, again and again, never silence."""

    steps: tuple[Step, ...]
    repeat: timedelta

    def step(self, number: int) -> Step:
        """Step 1 is the first after those who were told at once; beyond the last one the last roles are told again."""
        if number <= len(self.steps):
            return self.steps[number - 1]
        return Step(self.repeat, self.steps[-1].tell if self.steps else ())


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the policy: such an answer makes such an alert."""

    id: str
    capability: str
    raises: Limit
    clears: Clear
    severity: Severity
    tier: Tier
    tell: tuple[str, ...]
    owner_role: str = ""
    action: str = ""
    key: str = EVERYWHERE
    band: str = ""
    driven_by: DrivenBy = "rule"
    refractory: timedelta = timedelta()
    stale_after: timedelta = timedelta(hours=1)
    second_reading: Wait | None = None
    grace: timedelta = timedelta()
    """How long something may be overdue before it is more than a mark on the board."""
    ladder: Ladder | None = None
    quiet: tuple[str, ...] = ()
    """Codes of the reasons for which a person may keep it quiet."""
    units: tuple[str, ...] = (EVERYWHERE,)
    line: int = 0
    """Where it stands in the document."""

    def concerns(self, key: str, unit: str) -> bool:
        return fnmatchcase(key, self.key) and any(fnmatchcase(unit, pattern) for pattern in self.units)


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """A role that can be told. `contact` is a name in the site's list of channels; a unit may name another."""

    name: str
    title: str
    contact: str = ""
    answered_by_a_person: bool = False
    """Somebody always answers: a bleep through the switchboard, a response team."""


@dataclass(frozen=True, slots=True)
class UnitTerms:
    """What the site says about its units: `pattern` is a name or a pattern such as "ITU*"."""

    pattern: str
    on_call: tuple[tuple[str, str], ...] = ()
    nurses: int | None = None
    """Nurses on duty at one time; None: not known."""
    intensive_care: bool = False


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """Why a person may decide that an alert needs no action (AL-8)."""

    code: str
    label: str
    needs_comment: bool = False
    needs_until: bool = False
    opens_incident: bool = False
    """ "The data are wrong" is not the end of it: somebody must look at the data."""


@dataclass(frozen=True, slots=True)
class QuietReason:
    """Why a person may keep alerts of a patient from interrupting, and for how long at most (AL-4)."""

    code: str
    label: str
    longest: timedelta
    whole_patient: bool = False
    crosses_shifts: bool = False
    """False: it ends with the shift, and the next one decides anew (AL-10)."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many pages models may cause (AL-2). It never binds a rule that is not driven by a model (AL-5)."""

    patient_days_per_page: float
    pages_per_nurse: float
    nurse_hours: float
    over_days: float


@dataclass(frozen=True, slots=True)
class Shifts:
    """When shifts begin, in the local time of the site."""

    zone: str
    starts: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A whole policy, as one document says it."""

    version: str
    title: str
    rules: tuple[Rule, ...]
    overdue: tuple[Rule, ...]
    roles: tuple[RoleTerms, ...]
    units: tuple[UnitTerms, ...]
    unowned_role: str
    ladder: Ladder
    override_reasons: tuple[OverrideReason, ...]
    quiet_reasons: tuple[QuietReason, ...]
    shifts: Shifts
    headline: str
    headline_title: str
    budget: Budget | None
    bundle: timedelta
    undo: timedelta
    one_reading: timedelta
    """Answers closer together than this are one reading: vital signs charted one by one do not count as several."""
    acknowledged_after: timedelta
    """What a simulation assumes where the log holds no acknowledgement."""
    show_place: bool
    text: str = ""
    file: str = ""

    @cached_property
    def _by_capability(self) -> dict[str, tuple[Rule, ...]]:
        """The rules on each capability, the most severe first."""
        ladders: dict[str, list[Rule]] = {}
        for rule in self.rules:
            ladders.setdefault(rule.capability, []).append(rule)
        return {capability: tuple(sorted(rules, key=lambda rule: -rule.severity)) for capability, rules in ladders.items()}

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in (*self.rules, *self.overdue)}

    def watches(self, capability: str) -> bool:
        return capability in self._by_capability

    def rule(self, id: str) -> Rule | None:
        return self._by_id.get(id)

    def rule_for(self, found: Found, unit: str) -> Rule | None:
        """The most severe rule whose limit the answer meets."""
        for rule in self._by_capability.get(found.capability, ()):
            if rule.raises.is_met_by(found) and rule.concerns(found.key, unit):
                return rule
        return None

    def rule_for_overdue(self, what: str, unit: str) -> Rule | None:
        return next((rule for rule in self.overdue if rule.concerns(what, unit)), None)

    def ladder_of(self, rule: Rule | None) -> Ladder:
        return rule.ladder if rule is not None and rule.ladder is not None else self.ladder

    def unit(self, name: str) -> UnitTerms | None:
        """What is said about a unit: its own entry before a pattern's."""
        exact = next((unit for unit in self.units if unit.pattern == name), None)
        return exact or next((unit for unit in self.units if fnmatchcase(name, unit.pattern)), None)

    def contact(self, role: str, unit: str) -> str:
        """How to reach a role for a unit: whoever the unit has on call, else the role's own contact; "" for nobody."""
        terms = self.unit(unit)
        on_call = dict(terms.on_call).get(role, "") if terms is not None else ""
        return on_call or next((known.contact for known in self.roles if known.name == role), "")

    def override_reason(self, code: str) -> OverrideReason | None:
        return next((reason for reason in self.override_reasons if reason.code == code), None)

    def quiet_reason(self, code: str) -> QuietReason | None:
        return next((reason for reason in self.quiet_reasons if reason.code == code), None)
