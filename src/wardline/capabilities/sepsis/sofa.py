"""SOFA, the Sequential Organ Failure Assessment of 1996: how many of this adult's organs are failing, and how badly?

Vincent JL et al. Intensive Care Med 1996;22:707-10, as table 1 of Singer M et al. (Sepsis-3, JAMA 2016;315:801-10; PMC4968574, read for the
reference) prints it. The worst of 24 hours counts for each organ. Without respiratory support the lungs give 2 at most. A bilirubin of 1.95
lies between two printed bands and falls into the lower one; 12.0 gives 4.
"""

from dataclasses import dataclass

from wardline.capabilities.sepsis.blood_gases import worst_ratio
from wardline.capabilities.sepsis.blood_pressure import lowest_mean
from wardline.capabilities.sepsis.vasopressors import support_of
from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, capability, doses, finding, hours, latest, medications, readings, series
from wardline.core.concepts import Concept
from wardline.core.course import Given, Medication
from wardline.core.events import Found
from wardline.core.findings import Finding, Outcome, Severity
from wardline.core.quantities import rounded
from wardline.core.scoring import bands
from wardline.core.tally import Tally

PLATELETS = bands((19, 4), (49, 3), (99, 2), (149, 1), above=0)
BILIRUBIN = bands((1.19, 0), (1.99, 1), (5.99, 2), (11.99, 3), above=4, step=0.01)
MEAN_PRESSURE = bands((69.9, 1), above=0, step=0.1)
COMA = bands((5, 4), (9, 3), (12, 2), (14, 1), above=0)
CREATININE = bands((1.19, 0), (1.99, 1), (3.49, 2), (4.99, 3), above=4, step=0.01)
URINE = bands((199, 4), (499, 3), above=0)
RATIOS = (400, 300, 200, 100)
"""PaO2 / FiO2 below each gives one point more; the last two only under respiratory support."""
UNSUPPORTED = 2
DYSFUNCTION = 2


def is_supported(value: float, concept: Concept) -> bool:
    """Positive end-expiratory pressure is only there where a machine helps to breathe."""
    return value > 0


@dataclass(frozen=True)
class Organs(Inputs):
    # The newest twelve of each, so that a monitor's minutes do not hold up the ward: on a ward that is a day, in intensive care half of one.
    blood_gases: dict[str, tuple[Reading, ...]] | None = readings(c.ARTERIAL_OXYGEN, c.INSPIRED_OXYGEN, within=hours(24), last=12)
    respiratory_support: bool | None = latest(c.END_EXPIRATORY_PRESSURE, within=hours(24), required=False, convert=is_supported, preliminary=True)
    platelets: tuple[Reading, ...] = series(c.PLATELETS, within=hours(24))
    bilirubin: tuple[Reading, ...] = series(c.BILIRUBIN, within=hours(24))
    pressures: dict[str, tuple[Reading, ...]] | None = readings(c.MEAN_PRESSURE, c.SYSTOLIC_PRESSURE, c.DIASTOLIC_PRESSURE, within=hours(24), last=12)
    doses: tuple[Given, ...] | None = doses(within=hours(24), required=False)
    medications: tuple[Medication, ...] | None = medications(required=False)
    glasgow_coma_scale: Found = finding("glasgow_coma_scale")
    creatinine: tuple[Reading, ...] = series(c.CREATININE, within=hours(24))
    urine_24_hours: float | None = latest(c.URINE_24_HOURS, within=hours(24), required=False)


@capability(
    id="sofa",
    version="1996",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Vincent et al., Intensive Care Med 1996;22:707-10; Singer et al., JAMA 2016;315:801-10, table 1",
    not_for="under 18 years: the table is for adults",
    ages=(18, None),
    unit="{score}",
    # A day of gases and pressures is too long a look for every message; who asks gets it at any moment.
    live=False,
    caution="Chronic organ disease scores as well: what counts is the rise. Sedation lowers the Glasgow coma scale.",
)
def sofa(v: Organs) -> Outcome:
    tally = Tally()
    _add_lungs(v, tally)
    tally.worst("platelets", v.platelets, PLATELETS)
    tally.worst("bilirubin", v.bilirubin, BILIRUBIN)
    _add_circulation(v, tally)
    tally.row("glasgow_coma_scale", _coma(v.glasgow_coma_scale), COMA)
    _add_kidneys(v, tally)
    return tally.outcome(_finding)


def _finding(total: int) -> Finding:
    return Finding(total, f"SOFA {total} of 24", Severity.LOW if total >= DYSFUNCTION else Severity.NONE, "{score}")


def _coma(found: Found | None) -> float | None:
    return float(found.value) if found is not None and isinstance(found.value, int | float) else None


def _add_lungs(v: Organs, tally: Tally) -> None:
    ratio = worst_ratio(v.blood_gases or {})
    if ratio is None:
        tally.left_open("blood_gases", len(RATIOS))
        return
    points = sum(ratio < limit for limit in RATIOS)
    shown = rounded(ratio)
    if points > UNSUPPORTED and v.respiratory_support is None:
        tally.left_open("blood_gases", points, least=UNSUPPORTED, value=shown, band="PaO₂/FiO₂", missing="respiratory_support")
    else:
        tally.known("blood_gases", shown, points if v.respiratory_support else min(points, UNSUPPORTED), "PaO₂/FiO₂")


def _add_circulation(v: Organs, tally: Tally) -> None:
    """Drugs weigh more than pressure. No drug on record means none was given only where doses or orders are on record at all."""
    pressure = lowest_mean(v.pressures or {})
    least, band = (0, "") if pressure is None else MEAN_PRESSURE.lookup(pressure)
    shown = None if pressure is None else rounded(pressure, 1)
    supports = support_of((*(v.doses or ()), *(v.medications or ())))
    strongest = max(supports, key=lambda each: (each.most, each.least), default=None)
    if strongest is not None and strongest.most > 0:
        told, least = f"{strongest.drug} {strongest.dose}".strip(), max(least, *(each.least for each in supports))
        if strongest.most > least:
            tally.left_open("circulation", strongest.most, least=least, value=told, missing="doses")
        else:
            tally.known("circulation", told, least)
    elif v.doses is None and v.medications is None:
        tally.left_open("pressures", 4, least=least, value=shown, band=band, missing="pressures" if pressure is None else "doses")
    elif pressure is None:
        tally.left_open("pressures", MEAN_PRESSURE.most)
    else:
        tally.known("pressures", shown, least, f"{band}, no vasopressor on record")


def _add_kidneys(v: Organs, tally: Tally) -> None:
    """Creatinine or urine, whichever is worse. Urine that nobody collected for a day is not missing; creatinine is."""
    by_urine, urine_band = URINE.lookup(v.urine_24_hours) if v.urine_24_hours is not None else (0, "")
    if not v.creatinine:
        tally.left_open("creatinine", CREATININE.most, least=by_urine)
        return
    creatinine = max(reading.value for reading in v.creatinine)
    by_creatinine, band = CREATININE.lookup(creatinine)
    if by_urine > by_creatinine:
        tally.known("urine_24_hours", v.urine_24_hours, by_urine, urine_band)
    else:
        tally.known("creatinine", rounded(creatinine, 2), by_creatinine, band)
