"""The words of the grammar. Each says of a patient's facts: met, not met, or undecided because something is missing.

A disease that a kept problem list does not name counts as not recorded, which is "not met"; where there is no list at all, it is
undecided.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple

from wardline.core.capability import Reading
from wardline.core.concepts import Concept
from wardline.core.course import condition_naming
from wardline.core.diseases import Disease
from wardline.core.findings import Evidence
from wardline.core.quantities import plain
from wardline.science.criteria.facts import Drug, Facts
from wardline.science.criteria.logic import Verdict

_UNITS: Final = {"mm[Hg]": "mmHg", "10*9/L": "×10⁹/L", "Cel": "°C", "mg/g{creat}": "mg/g"}
"""UCUM units as a person reads them, where the two differ."""
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)
"""Where neither the moment nor any date is known: no state that passes can have passed."""


class Group(NamedTuple):
    """Drugs that a criterion names together: ATC codes by their beginning, and those beginning so that are not meant."""

    name: str
    codes: tuple[str, ...]
    but: tuple[str, ...] = ()

    def includes(self, drug: Drug) -> bool:
        return any(code.startswith(self.codes) and not (self.but and code.startswith(self.but)) for code in drug.codes)


@dataclass(frozen=True, slots=True)
class Takes:
    """At least `count` drugs of the group, where said more than `above_mg` a day, or for longer than `days`."""

    group: Group
    above_mg: float | None = None
    days: int | None = None
    count: int = 1

    @property
    def text(self) -> str:
        dose = f" over {plain(self.above_mg)} mg a day" if self.above_mg is not None else ""
        since = f" for more than {self.days} days" if self.days is not None else ""
        return f"takes {'two or more of ' if self.count > 1 else ''}{self.group.name}{dose}{since}"

    def judged(self, facts: Facts) -> Verdict:
        if facts.drugs is None:
            return Verdict(None, (), ("medications",))
        taken = [drug for drug in facts.drugs if self.group.includes(drug)]
        sure = [drug for drug in taken if self._exceeds(drug, facts)]
        if len({drug.name for drug in sure}) >= self.count:
            return Verdict(True, tuple(Evidence("medications", drug.name, band=self.group.name, event=drug.event) for drug in sure))
        open_ones = [drug for drug in taken if self._exceeds(drug, facts) is None]
        if len({drug.name for drug in (*sure, *open_ones)}) >= self.count:
            lacking = "dose" if any(self.above_mg is not None and drug.daily is None for drug in open_ones) else "start"
            seen = tuple(Evidence("medications", drug.name, band=self.group.name, event=drug.event) for drug in open_ones)
            return Verdict(None, seen, (f"{lacking} of {open_ones[0].name}",))
        return Verdict(False)

    def _exceeds(self, drug: Drug, facts: Facts) -> bool | None:
        """Whether dose and duration are what is asked; None where they are not known."""
        over = None if drug.daily is None else drug.daily > (self.above_mg or 0)
        long = None
        if drug.since is not None and facts.moment is not None:
            long = facts.moment - drug.since > timedelta(days=self.days or 0)
        answers = [answer for asked, answer in ((self.above_mg, over), (self.days, long)) if asked is not None]
        return False if False in answers else None if None in answers else True


@dataclass(frozen=True, slots=True)
class Has:
    """One of the diseases is on the problem list, where said noted within or before so many days."""

    diseases: tuple[Disease, ...]
    within_days: int | None = None
    over_days: int | None = None

    @property
    def text(self) -> str:
        since = f", noted within {self.within_days} days" if self.within_days is not None else ""
        since += f", noted over {self.over_days} days ago" if self.over_days is not None else ""
        return " or ".join(disease.name.lower() if not disease.name.isupper() else disease.name for disease in self.diseases) + since

    def judged(self, facts: Facts) -> Verdict:
        if facts.conditions is None:
            return Verdict(None, (), ("conditions",))
        kept = tuple(each for each in facts.conditions if self._in_time(each.since, facts))
        dates = [each.since for each in kept if each.since is not None]
        named = condition_naming(kept, self.diseases, facts.moment or max(dates, default=_LONG_AGO))
        if named is None:
            return Verdict(False)
        return Verdict(True, (Evidence("conditions", named.text or named.code, event=named.event),))

    def _in_time(self, since: datetime | None, facts: Facts) -> bool:
        if self.within_days is None and self.over_days is None:
            return True
        if since is None or facts.moment is None:
            return False
        age = facts.moment - since
        is_new = self.within_days is None or age <= timedelta(days=self.within_days)
        return is_new and (self.over_days is None or age > timedelta(days=self.over_days))


@dataclass(frozen=True, slots=True)
class Vaccinated:
    """A vaccine of the group was given, where said within so many days."""

    group: Group
    within_days: int | None = None

    @property
    def text(self) -> str:
        return f"{self.group.name} given" + (f" within {self.within_days} days" if self.within_days is not None else "")

    def judged(self, facts: Facts) -> Verdict:
        if facts.vaccines is None or (self.within_days is not None and facts.moment is None):
            return Verdict(None, (), ("vaccinations",))
        for dose in facts.vaccines:
            is_past = self.within_days is not None and facts.moment is not None and _days(facts.moment, dose.since) > self.within_days
            if self.group.includes(dose) and not is_past:
                return Verdict(True, (Evidence("vaccinations", dose.name, band=self.group.name, event=dose.event),))
        return Verdict(False)


@dataclass(frozen=True, slots=True)
class Measured:
    """The newest value of a concept lies below, at most, at least or above a limit, in the concept's unit."""

    concept: Concept
    below: float | None = None
    above: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    within_hours: float | None = None
    """How old the value may be; where nothing is said, whoever gathered the facts has decided."""

    @property
    def text(self) -> str:
        unit = "" if self.concept.unit.startswith(("{", "[")) else f" {_UNITS.get(self.concept.unit, self.concept.unit)}"
        limits = ((self.below, "below"), (self.above, "above"), (self.at_least, "at least"), (self.at_most, "at most"))
        said = " and ".join(f"{word} {plain(limit)}{unit}" for limit, word in limits if limit is not None)
        return f"{self.concept.name} {said or 'known'}"

    def judged(self, facts: Facts) -> Verdict:
        reading = facts.measured.get(self.concept.id)
        if reading is None or self._is_old(reading, facts):
            return Verdict(None, (), (self.concept.id,))
        value = reading.value
        met = (
            (self.below is None or value < self.below) and (self.above is None or value > self.above)
            and (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)
        )  # fmt: skip
        return Verdict(met, (Evidence(self.concept.id, value, band=self.text, event=reading.event),))

    def _is_old(self, reading: Reading, facts: Facts) -> bool:
        return self.within_hours is not None and facts.moment is not None and facts.moment - reading.at > timedelta(hours=self.within_hours)


@dataclass(frozen=True, slots=True)
class Found:
    """A capability of the house answers with at least, or below, this value, or with one of these words."""

    capability: str
    at_least: float | None = None
    below: float | None = None
    among: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        limits = ((self.at_least, "at least"), (self.below, "below"))
        said = [f"{word} {plain(limit)}" for limit, word in limits if limit is not None] or [" or ".join(self.among)]
        return f"{self.capability.replace('_', ' ')} {' and '.join(said)}"

    def judged(self, facts: Facts) -> Verdict:
        value = facts.findings.get(self.capability)
        least = facts.at_least.get(self.capability)
        if value is None and least is not None and self.at_least is not None and self.below is None and least >= self.at_least:
            return Verdict(True, (Evidence(self.capability, least, band=f"at least; {self.text}"),))
        if isinstance(value, bool) or value is None or isinstance(value, str) is not bool(self.among):
            return Verdict(None, (), (self.capability,))
        if isinstance(value, str):
            met = value in self.among
        else:
            met = (self.at_least is None or value >= self.at_least) and (self.below is None or value < self.below)
        return Verdict(met, (Evidence(self.capability, value, band=self.text),))


@dataclass(frozen=True, slots=True)
class Aged:
    """Completed years, from and to, both included."""

    at_least: int | None = None
    at_most: int | None = None

    @property
    def text(self) -> str:
        limits = ((self.at_least, "at least"), (self.at_most, "at most"))
        return f"age {' and '.join(f'{word} {limit}' for limit, word in limits if limit is not None)} years"

    def judged(self, facts: Facts) -> Verdict:
        if facts.age is None:
            return Verdict(None, (), ("age_years",))
        met = (self.at_least is None or facts.age >= self.at_least) and (self.at_most is None or facts.age <= self.at_most)
        return Verdict(met, (Evidence("age_years", facts.age),))


@dataclass(frozen=True, slots=True)
class OfSex:
    """Female or male."""

    sex: Literal["F", "M"]

    @property
    def text(self) -> str:
        return "a woman" if self.sex == "F" else "a man"

    def judged(self, facts: Facts) -> Verdict:
        return Verdict(None, (), ("sex",)) if facts.sex is None else Verdict(facts.sex == self.sex, (Evidence("sex", facts.sex),))


@dataclass(frozen=True, slots=True)
class Asked:
    """What no record answers and a person must say. `key` names the answer among those given."""

    key: str
    question: str

    @property
    def text(self) -> str:
        return self.question

    def judged(self, facts: Facts) -> Verdict:
        said = facts.judged.get(self.key)
        if said is None:
            return Verdict(None, (), (self.question,))
        return Verdict(said, (Evidence(self.key, "yes" if said else "no", band=self.question),))


def _days(moment: datetime, since: datetime | None) -> float:
    return (moment - (since or _LONG_AGO)) / timedelta(days=1)
