"""The patient's drugs made ready for checking: each order with its substances, its route and its dose of a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from wardline.core.course import Medication
from wardline.science.medication.amounts import Amount, daily_dose
from wardline.science.medication.recognising import substances_in
from wardline.science.medication.routes import WHOLE_BODY, Route, is_systemic, route_of
from wardline.science.medication.substance import Substance


@dataclass(frozen=True)
class Drug:
    """One order. Without substances it was not recognised, and nothing can be said about it."""

    medication: Medication
    substances: tuple[Substance, ...]
    weight_kg: float | None = None
    as_of: datetime | None = None

    @property
    def name(self) -> str:
        return "/".join(self.names) or self.medication.what

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(substance.name for substance in self.substances)

    @cached_property
    def route(self) -> Route:
        return route_of(self.medication.route, self.medication.what)

    @cached_property
    def is_systemic(self) -> bool:
        return is_systemic(self.medication.route, self.medication.what) or not WHOLE_BODY.isdisjoint(self.names)

    @cached_property
    def daily(self) -> Amount | None:
        """The dose of a day. Only of a drug of one substance: "960 mg" of a combination is nobody's dose."""
        if len(self.substances) != 1:
            return None
        return daily_dose(self.medication.dose, self.medication.frequency, weight_kg=self.weight_kg)

    @property
    def is_draft(self) -> bool:
        """Somebody is about to order it: it is in no record, and has not been taken for days already."""
        return self.medication.is_draft and not self.days

    @cached_property
    def days(self) -> int | None:
        """For how many whole days it has been running."""
        since = self.medication.since
        return max((self.as_of - since).days, 0) if self.as_of is not None and since is not None else None


@dataclass(frozen=True)
class Drugs:
    """All of them, with an index by substance: rules ask "is there one of these?", not "what about this pair?"."""

    all: tuple[Drug, ...]

    @cached_property
    def by_substance(self) -> dict[str, tuple[Drug, ...]]:
        """Of those that reach the blood."""
        found: dict[str, list[Drug]] = {}
        for drug in self.all:
            if drug.is_systemic:
                for name in drug.names:
                    found.setdefault(name, []).append(drug)
        return {name: tuple(drugs) for name, drugs in found.items()}

    @property
    def unrecognised(self) -> tuple[Drug, ...]:
        return tuple(drug for drug in self.all if not drug.substances)

    def of(self, names: frozenset[str]) -> Iterator[tuple[str, Drug]]:
        """Each order of one of these substances, by substance, always in the same order."""
        return ((name, drug) for name in sorted(names & self.by_substance.keys()) for drug in self.by_substance[name])

    def any_of(self, names: frozenset[str]) -> bool:
        return not names.isdisjoint(self.by_substance)


def drugs_of(medications: Iterable[Medication], *, weight_kg: float | None = None, as_of: datetime | None = None) -> Drugs:
    return Drugs(tuple(Drug(medication, substances_in(medication), weight_kg, as_of) for medication in medications))
