"""Radiation dose and image quality of computed tomography: the limits of the ALARA measures for adults.

A scan counts against the hospital when its image noise, or its dose for the patient's size, is above what its kind of examination
needs. The kinds are those of LOINC 96914-7.
"""

from typing import Final, NamedTuple

from wardline.core.quantities import plain
from wardline.science.quality.reading import Resource, codes_of

CATEGORY: Final = "96914-7"
"""LOINC: CT dose and image quality category."""
NOISE, DOSE = "96912-1", "96913-9"
"""LOINC: calculated CT global noise, calculated CT size-adjusted dose."""
NOISE_UNIT, DOSE_UNIT = "[hnsf'U]", "mGy.cm"
FULL_BODY: Final = "LA31771-1"
LIMITS: Final = {
    # AlaraCommonFunctions 1.6 (read): kind of examination -> noise in Hounsfield units, size-adjusted dose in mGy.cm
    "LA31752-1": ("abdomen and pelvis, low dose", 64, 598),
    "LA31753-9": ("abdomen and pelvis, routine dose", 29, 644),
    "LA31754-7": ("abdomen and pelvis, high dose", 29, 1260),
    "LA31755-4": ("cardiac, low dose", 55, 93),
    "LA31756-2": ("cardiac, routine dose", 32, 576),
    "LA31758-8": ("chest, low dose", 55, 377),
    "LA31759-6": ("chest, routine dose", 49, 377),
    "LA31761-2": ("cardiac or chest, high dose", 49, 1282),
    "LA31762-0": ("head, low dose", 115, 582),
    "LA31763-8": ("head, routine dose", 115, 1025),
    "LA31764-6": ("head, high dose", 115, 1832),
    "LA31765-3": ("extremity", 73, 320),
    "LA31766-1": ("neck or cervical spine", 25, 1260),
    "LA31767-9": ("thoracic or lumbar spine", 25, 1260),
    "LA31768-7": ("chest with abdomen and pelvis", 29, 1637),
    "LA31769-5": ("head and neck, routine dose", 25, 2285),
    "LA31770-3": ("head and neck, high dose", 25, 3092),
    "LA31851-1": ("thoracic and lumbar spine", 25, 2520),
}  # fmt: skip


class Scan(NamedTuple):
    """One scan as its observation states it; None where a value is not there in its unit."""

    label: str
    kinds: frozenset[str]
    """Codes of what was examined; none where the observation says nothing."""
    noise: float | None
    dose: float | None

    @property
    def is_complete(self) -> bool:
        return bool(self.kinds) and self.noise is not None and self.dose is not None

    @property
    def is_full_body(self) -> bool:
        return FULL_BODY in self.kinds

    @property
    def words(self) -> str:
        """What was examined, as far as the measure knows it."""
        return next((LIMITS[kind][0] for kind in sorted(self.kinds) if kind in LIMITS), "kind of examination")

    def fault(self) -> str:
        """What is wrong with the scan; "" where nothing is, or where the measure sets no limits for its kind."""
        if self.noise is None or self.dose is None:
            return ""
        for kind in sorted(self.kinds & set(LIMITS)):
            words, noise, dose = LIMITS[kind]
            faults = [f"noise {plain(self.noise)}, limit {noise} [hnsf'U]"] if self.noise >= noise else []
            faults += [f"size-adjusted dose {plain(self.dose)}, limit {dose} mGy.cm"] if self.dose >= dose else []
            if faults:
                return f"{words}: {'; '.join(faults)}"
        return ""


def scan_of(observation: Resource) -> Scan | None:
    """The scan of an observation; None where it is about something else."""
    if CATEGORY not in codes_of(observation.get("code")):
        return None
    noise, dose = _component(observation, NOISE, NOISE_UNIT), _component(observation, DOSE, DOSE_UNIT)
    return Scan(f"Observation/{observation.get('id', '?')}", codes_of(observation.get("valueCodeableConcept")), noise, dose)


def _component(observation: Resource, code: str, unit: str) -> float | None:
    """The one value with this code and unit. Two would contradict each other."""
    values = [
        quantity["value"]
        for part in observation.get("component", ())
        if code in codes_of(part.get("code"))
        and unit in ((quantity := part.get("valueQuantity", {})).get("unit"), quantity.get("code"))
        and isinstance(quantity.get("value"), int | float)
    ]
    return float(values[0]) if len(values) == 1 else None
