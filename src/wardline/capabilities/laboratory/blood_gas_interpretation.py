"""Blood gas interpretation: what disturbs this patient's acidity, and does the body answer as expected?

In the order in which it is taught: acidity, the side that explains it, the expected answer of the other side, the anion gap and its ratio to
the bicarbonate lost. Limits: pH 7.35 to 7.45 and PaCO2 35 to 45 mm Hg (MSD Manual), bicarbonate 22 to 26 mmol/L; anion gap up to 12 mmol/L
and delta ratio 0.8 to 2 as most teaching pages have them. Sources differ on the factors of compensation and on the ratio, so it is provisional.
"""

import math
from dataclasses import dataclass

from wardline.capabilities.laboratory import compensation
from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest, minutes
from wardline.core.findings import Evidence, Finding, NotValid, Outcome, Severity
from wardline.core.quantities import rounded

ACID, ALKALINE = 7.35, 7.45
LOW_CARBON_DIOXIDE, HIGH_CARBON_DIOXIDE = 35.0, 45.0
LOW_BICARBONATE, HIGH_BICARBONATE = 22.0, 26.0
HIGH_GAP = 12.0
PURE_FROM, PURE_TO = 0.8, 2.0
ALBUMIN, PER_ALBUMIN = 4.0, 2.5  # g/dL; mmol/L per g/dL: Figge 1998
APART = 0.1  # pH; further from Henderson-Hasselbalch the values are not of one sample. Our choice.

METABOLIC_ACIDOSIS, METABOLIC_ALKALOSIS = "metabolic acidosis", "metabolic alkalosis"
RESPIRATORY_ACIDOSIS, RESPIRATORY_ALKALOSIS = "respiratory acidosis", "respiratory alkalosis"


@dataclass(frozen=True)
class BloodGas(Inputs):
    # One blood gas with the electrolytes of the same half hour, our choice.
    arterial_ph: float = latest(c.ARTERIAL_PH, within=hours(12), together=minutes(30))
    arterial_carbon_dioxide: float = latest(c.ARTERIAL_CARBON_DIOXIDE, within=hours(12), together=minutes(30))
    bicarbonate: float = latest(c.ARTERIAL_BICARBONATE, c.BICARBONATE, within=hours(12), together=minutes(30))
    sodium: float | None = latest(c.SODIUM, within=hours(12), required=False, together=minutes(30))
    chloride: float | None = latest(c.CHLORIDE, within=hours(12), required=False, together=minutes(30))
    albumin: float | None = latest(c.ALBUMIN, within=hours(96), required=False)


@capability(
    id="blood_gas_interpretation",
    version="1",
    standing="provisional",
    about="patient",
    reference="Narins and Emmett, Medicine (Baltimore) 1980;59:161-87; Winters 1967; MSD Manual; see laboratory/compensation.py",
    caution="Three disorders at once, and chronic lung disease without its usual values, can look like fewer.",
    live=False,
)
def blood_gas_interpretation(v: BloodGas) -> Outcome:
    fits = 6.1 + math.log10(v.bicarbonate / (0.0307 * v.arterial_carbon_dioxide))
    if abs(fits - v.arterial_ph) > APART:
        return NotValid(f"pH, PaCO₂ and bicarbonate are not of one sample: with these two the pH would be {fits:.2f}")
    disorders, answer = _primary(v)
    gap_reasons, hidden = _gap(v)
    disorders += [each for each in hidden if each not in disorders]
    because = (
        Evidence("arterial_ph", v.arterial_ph, band="acidaemia" if v.arterial_ph < ACID else "alkalaemia" if v.arterial_ph > ALKALINE else "normal"),
        Evidence("arterial_carbon_dioxide", rounded(v.arterial_carbon_dioxide, 1), band=_lungs(v)),
        Evidence("bicarbonate", rounded(v.bicarbonate, 1), band=_kidneys(v)),
        Evidence("compensation", answer),
        *gap_reasons,
    )
    named = " and ".join(disorders) or "no disorder"
    severity = Severity.MEDIUM if len(disorders) > 1 else Severity.LOW if disorders else Severity.NONE
    return Finding(named, f"{named[0].upper()}{named[1:]}: {answer}", severity, because=because)


def _side(value: float, low: float, high: float) -> str:
    return "low" if value < low else "high" if value > high else "normal"


def _lungs(v: BloodGas) -> str:
    return _side(v.arterial_carbon_dioxide, LOW_CARBON_DIOXIDE, HIGH_CARBON_DIOXIDE)


def _kidneys(v: BloodGas) -> str:
    return _side(v.bicarbonate, LOW_BICARBONATE, HIGH_BICARBONATE)


def _primary(v: BloodGas) -> tuple[list[str], str]:
    """The disorders that acidity and the two sides show, and how well one answers the other."""
    lungs, kidneys = _lungs(v), _kidneys(v)
    if v.arterial_ph < ACID:
        return _acidaemia(v, lungs, kidneys)
    if v.arterial_ph > ALKALINE:
        return _alkalaemia(v, lungs, kidneys)
    if lungs == "high" and kidneys == "high":
        return [RESPIRATORY_ACIDOSIS, METABOLIC_ALKALOSIS], "they cancel out, or one is fully compensated"
    if lungs == "low" and kidneys == "low":
        return [RESPIRATORY_ALKALOSIS, METABOLIC_ACIDOSIS], "they cancel out, or one is fully compensated"
    return [], "pH is normal and so is at least one side"


def _acidaemia(v: BloodGas, lungs: str, kidneys: str) -> tuple[list[str], str]:
    if lungs == "high" and kidneys == "low":
        return [METABOLIC_ACIDOSIS, RESPIRATORY_ACIDOSIS], "neither side answers the other"
    if lungs == "high":
        acute, chronic = compensation.bicarbonate_in_respiratory_acidosis(v.arterial_carbon_dioxide)
        return _respiratory(RESPIRATORY_ACIDOSIS, v.bicarbonate, least=acute.least, most=chronic.most, is_acute=v.bicarbonate <= acute.most)
    expected = compensation.carbon_dioxide_in_acidosis(v.bicarbonate)
    return _metabolic(METABOLIC_ACIDOSIS, v.arterial_carbon_dioxide, expected)


def _alkalaemia(v: BloodGas, lungs: str, kidneys: str) -> tuple[list[str], str]:
    if lungs == "low" and kidneys == "high":
        return [METABOLIC_ALKALOSIS, RESPIRATORY_ALKALOSIS], "neither side answers the other"
    if lungs == "low":
        acute, chronic = compensation.bicarbonate_in_respiratory_alkalosis(v.arterial_carbon_dioxide)
        return _respiratory(RESPIRATORY_ALKALOSIS, v.bicarbonate, least=chronic.least, most=acute.most, is_acute=v.bicarbonate >= acute.least)
    return _metabolic(METABOLIC_ALKALOSIS, v.arterial_carbon_dioxide, compensation.carbon_dioxide_in_alkalosis(v.bicarbonate))


def _metabolic(disorder: str, carbon_dioxide: float, expected: compensation.Expected) -> tuple[list[str], str]:
    told = f"PaCO₂ {carbon_dioxide:.0f}, expected {expected.least:.0f} to {expected.most:.0f} mm Hg"
    if carbon_dioxide > expected.most:
        return [disorder, RESPIRATORY_ACIDOSIS], told
    return ([disorder, RESPIRATORY_ALKALOSIS], told) if carbon_dioxide < expected.least else ([disorder], f"compensated as expected, {told}")


def _respiratory(disorder: str, bicarbonate: float, *, least: float, most: float, is_acute: bool) -> tuple[list[str], str]:
    told = f"bicarbonate {bicarbonate:.0f}, expected {least:.0f} (acute) to {most:.0f} (chronic) mmol/L"
    if disorder == RESPIRATORY_ALKALOSIS:
        told = f"bicarbonate {bicarbonate:.0f}, expected {most:.0f} (acute) to {least:.0f} (chronic) mmol/L"
    if bicarbonate > most:
        return [disorder, METABOLIC_ALKALOSIS], told
    if bicarbonate < least:
        return [disorder, METABOLIC_ACIDOSIS], told
    return [disorder], f"{'acute' if is_acute else 'chronic, or on the way there'}, {told}"


def _gap(v: BloodGas) -> tuple[list[Evidence], list[str]]:
    """The anion gap, and in a high one what its ratio to the lost bicarbonate hides."""
    if v.sodium is None or v.chloride is None:
        return [Evidence("anion_gap", band="not known without sodium and chloride of the same time")], []
    hidden_by_albumin = 0.0 if v.albumin is None else PER_ALBUMIN * (ALBUMIN - v.albumin)
    gap = rounded(v.sodium - v.chloride - v.bicarbonate + hidden_by_albumin, 1)
    corrected = "not corrected for albumin" if v.albumin is None else "corrected for albumin"
    lost = compensation.NORMAL_BICARBONATE - v.bicarbonate
    if gap <= HIGH_GAP or v.bicarbonate >= LOW_BICARBONATE:
        return [Evidence("anion_gap", gap, band=f"{'high' if gap > HIGH_GAP else 'not high'}, {corrected}")], []
    ratio = rounded((gap - HIGH_GAP) / lost, 2)
    if ratio > PURE_TO:
        meaning, hidden = "more gap than bicarbonate lost: metabolic alkalosis as well", [METABOLIC_ALKALOSIS]
    elif ratio < PURE_FROM:
        meaning, hidden = "less gap than bicarbonate lost: acidosis with a normal gap as well", []
    else:
        meaning, hidden = "the gap explains the acidosis", []
    return [Evidence("anion_gap", gap, band=f"high, {corrected}"), Evidence("delta_ratio", ratio, band=meaning)], hidden
