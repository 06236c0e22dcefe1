"""What the checks of the medication know of a patient: age, kidneys, laboratory, diagnoses, allergies; None where nobody has said.

Not knowing is never taken for normal: a rule about a value that is missing says so, or says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from wardline.core.capability import Reading
from wardline.core.concepts import Concept
from wardline.core.concepts.chemistry import CREATININE
from wardline.core.course import Allergy, Condition
from wardline.core.diseases import Disease
from wardline.science.medication.kidney import creatinine_clearance, egfr


@dataclass(frozen=True)
class Patient:
    """`results`: concept id -> its values, oldest first, as a `readings` need delivers them."""

    as_of: datetime | None = None
    age_years: int | None = None
    sex: str | None = None
    weight_kg: float | None = None
    is_pregnant: bool | None = None
    is_breastfeeding: bool | None = None
    results: Mapping[str, tuple[Reading, ...]] | None = None
    conditions: tuple[Condition, ...] | None = None
    allergies: tuple[Allergy, ...] | None = None

    def values(self, concept: Concept) -> tuple[Reading, ...]:
        return (self.results or {}).get(concept.id, ())

    def latest(self, concept: Concept, within: timedelta | None = None) -> Reading | None:
        """Its newest exact value, not older than `within`."""
        for reading in reversed(self.values(concept)):
            if within is not None and self.as_of is not None and self.as_of - reading.at > within:
                return None
            if not reading.comparator:
                return reading
        return None

    def has(self, *diseases: Disease) -> Condition | None:
        """The stated condition that names one of the diseases; None also where nothing was stated."""
        for condition in self.conditions or ():
            if not condition.is_resolved and any(disease.includes(condition.code, condition.system) for disease in diseases):
                return condition
        return None

    @cached_property
    def egfr(self) -> float | None:
        """CKD-EPI 2021, mL/min/1.73 m2, from the newest creatinine of the last 90 days; adults only."""
        value = self._creatinine
        if value is None or self.sex not in ("F", "M") or self.age_years is None or self.age_years < 18:
            return None
        return egfr(value, self.age_years, self.sex)

    @cached_property
    def creatinine_clearance(self) -> float | None:
        """Cockcroft-Gault, mL/min, with the actual weight; adults only."""
        value = self._creatinine
        if value is None or self.weight_kg is None or self.sex not in ("F", "M") or self.age_years is None or self.age_years < 18:
            return None
        return creatinine_clearance(value, self.age_years, self.sex, self.weight_kg)

    @cached_property
    def _creatinine(self) -> float | None:
        newest = self.latest(CREATININE, timedelta(days=90))
        return newest.value if newest is not None else None
