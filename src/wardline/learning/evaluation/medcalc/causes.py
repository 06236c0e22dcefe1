"""Why answers differ: each cause is checked on the case by working out what the set's rule would give, never by a list of cases.

A case that no cause explains stays "unexplained" on the page.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import exp, log
from typing import Any, Final, NamedTuple

from wardline.core.concepts import ALBUMIN
from wardline.learning.evaluation.medcalc.measuring import Compared

RACE_FACTOR: Final = 1.212
KEPT: Final = ("age_years", "operation", "medical_patient_at_bed_rest", "in_bed_over_72_hours")
DIABETES: Final = "Diabetes mellitus criteria for CCI rule"
PER_MMOL: Final = 38.665  # mg/dL of cholesterol, by the molar mass the set uses


class Cause(NamedTuple):
    """A reason, of which calculators, and a check that it accounts for the whole difference."""

    calculators: Sequence[str]
    is_theirs: bool
    """Whether the set is wrong; else both can be meant, and ours is a decision."""
    text: str
    explains: Callable[[Compared], bool]


def _theirs(each: Compared) -> float:
    return float(each.patient.answer)


def _race(each: Compared) -> bool:
    return each.patient.known.get("Race") == "Black" and bool(abs(each.ours * RACE_FACTOR / _theirs(each) - 1) < 0.02)


def _ascites(each: Compared) -> bool:
    bilirubin = each.points("bilirubin") if each.patient.known["Bilirubin"] == [2.0, "mg/dL"] else 0
    return bool(each.ours - each.points("ascites") - bilirubin == _theirs(each))


def _cerebrovascular(each: Compared) -> bool:
    return each.patient.said("History of cerebrovascular disease") and bool(each.ours - each.points("cerebrovascular_disease") == _theirs(each))


def _white_cells(each: Compared) -> bool:
    breathing = min(each.points("respiratory_rate") + each.points("arterial_carbon_dioxide"), 1)
    return bool(2 + breathing == _theirs(each))


def _haemoglobin_of_twelve(each: Compared) -> bool:
    return each.patient.sex == "F" and each.patient.plain("Hemoglobin") == 12 and bool(each.ours + 1 == _theirs(each))


def _grades(each: Compared) -> bool:
    """The set gives one point for every grade of diabetes (none of it too) and liver disease and for a tumour, and adds leukaemia to it."""
    known = each.patient.known
    diabetes = {"None or diet-controlled": 1, "None or Diet-controlled": 1, "End-organ damage": -1}.get(str(known.get(DIABETES, "")), 0)
    liver = {"Severe": -2, "Moderate to Severe": -2}.get(str(known.get("Liver disease severity", "")), 0)
    tumour = -1 if known.get("Solid tumor") is True else 0
    twice = 2 * (sum(map(each.patient.said, ("Solid tumor", "Leukemia", "Lymphoma"))) - 1) if tumour else 0
    return bool(each.ours + diabetes + liver + tumour + max(twice, 0) == _theirs(each))


def _twice_converted(each: Compared) -> bool:
    return bool(each.patient.known["Temperature"][1] == "degrees celsisus" and each.ours + 15 - each.points("temperature") == _theirs(each))


def _apache(each: Compared) -> bool:
    """Converted twice the temperature counts 4, white cells in the wrong unit 4, and the Glasgow scale itself instead of 15 less it."""
    patient = each.patient
    lost = each.points("temperature", "leukocytes", "glasgow_total")
    if 7.25 <= patient.plain("pH") < 7.33:
        lost += each.points("arterial_ph")
    if not patient.said("Acute renal failure") and not patient.said("Chronic Renal Failure"):
        lost += each.points("creatinine")
    if not patient.has("Surgery Type"):
        lost += each.points("chronic_health")
    return bool(each.ours - lost + 4 + 4 + patient.plain("Glasgow Coma Score") == _theirs(each))


def _sofa(each: Compared) -> bool:
    """Lungs 4 on a ventilator and 0 on CPAP, circulation 2 for any dobutamine whatever else runs, kidneys left out."""
    lungs = 4 if each.patient.said("On mechanical ventilation") else 0 if each.patient.said("Continous positive airway pressure") else None
    kept = each.ours - each.points("circulation", "creatinine", "urine_24_hours") + 2
    return bool((kept if lungs is None else kept - each.points("blood_gases") + lungs) == _theirs(each))


def _millimoles(each: Compared) -> bool:
    """The set puts mmol/L into an equation made for mg/dL (the exponent changes with the logarithm of the factor) and prints a share in tenths."""
    factor, age = log(PER_MMOL), log(each.patient.age)
    man = each.patient.sex == "M"
    survival = 0.9402 if man else 0.98767
    change = -factor * ((20.014077 - 4.605038 * age - 0.905964) if man else (22.465206 - 5.060998 * age - 1.187731))
    ours = log(1 - each.ours / 100) / log(survival)
    return bool(abs(1 - survival ** (ours * exp(change)) - _theirs(each)) < 0.06)


def _sums_lost(each: Compared) -> bool:
    return bool(each.points(*KEPT) == _theirs(each))


def _cycle(each: Compared) -> bool:
    month, day, year = (int(part) for part in each.patient.answer.split("/"))
    first_day = date.fromisoformat(each.patient.day("Last menstrual date"))
    return first_day + timedelta(days=14) == date(year, month, day) and each.patient.known["cycle length"] != 28


def _calcium(each: Compared) -> bool:
    albumin = each.patient.measured("Albumin", ALBUMIN)
    return abs(_mass(each, "Calcium", 40.08) + 0.8 * (4 - albumin) - _theirs(each)) < 0.05


def _lipids(each: Compared) -> bool:
    whole, hdl = _mass(each, "Total cholesterol", 386.65), _mass(each, "high-density lipoprotein cholesterol", 386.65)
    return abs(whole - hdl - _mass(each, "Triglycerides", 861.338) / 5 - _theirs(each)) < 0.05


def _mass(each: Compared, name: str, molar_mass: float) -> float:
    """mg/dL as the set makes it of mmol/L: the moles in a litre are rounded to thousandths on the way."""
    value, unit = each.patient.known[name]
    return round(round(value / 1000, 3) * molar_mass, 3) * 100 if unit == "mmol/L" else float(value)


CAUSES: Final = (
    Cause(("MDRD GFR Equation",), False, "the set multiplies by 1.212 for \"Black\" patients; ours has no race in it", _race),
    Cause(("Child-Pugh Score for Cirrhosis Mortality",), True,
          "the set gives no points for ascites, not even the one for its absence, nor for a bilirubin of exactly 2.0", _ascites),
    Cause(("Revised Cardiac Risk Index for Pre-Operative Risk",), True,
          "the set overlooks the stroke it lists itself, because it looks for it under another name", _cerebrovascular),
    Cause(("SIRS Criteria",), True,
          "the set compares white cells per cubic metre with 12,000, which every count exceeds, and then writes 2 whatever was met", _white_cells),
    Cause(("Glasgow-Blatchford Bleeding Score (GBS)",), True, "a woman's haemoglobin of 12.0 gets a point; the table begins below 12.0",
          _haemoglobin_of_twelve),
    Cause(("Charlson Comorbidity Index (CCI)",), True,
          "the set gives one point for any grade of diabetes (even \"none\") and liver disease, one for a tumour, and adds leukaemia",
          _grades),
    Cause(("PSI Score: Pneumonia Severity Index for CAP",), True, "the set takes 38 \"degrees celsisus\" for Fahrenheit and gives 15 points for cold",
          _twice_converted),
    Cause(("APACHE II Score",), True,
          "the set takes Celsius for Fahrenheit and white cells for a thousand times as many, adds the Glasgow scale instead of 15 less it, and "
          "leaves out a pH of 7.25 to 7.32, creatinine without renal failure and chronic illness without an operation", _apache),
    Cause(("Sequential Organ Failure Assessment (SOFA) Score",), True,
          "the set gives the lungs 4 on a ventilator and 0 on CPAP, counts dobutamine, overlooks norepinephrine and leaves out the kidneys", _sofa),
    Cause(("Framingham Risk Score for Hard Coronary Heart Disease",), True,
          "the set puts mmol/L into an equation made for mg/dL and prints the share that comes out as a percentage", _millimoles),
    Cause(("Caprini Score for Venous Thromboembolism (2005)",), True,
          "the set adds up age, operation and mobility only: the points of the other items are printed and lost", _sums_lost),
    Cause(("Estimated of Conception",), False, "ours moves conception with the length of the cycle, as the due date; the set moves only the due date",
          _cycle),
    Cause(("Calcium Correction for Hypoalbuminemia",), True, "the set rounds 2.6 mmol to 0.003 mol on the way to mg/dL", _calcium),
    Cause(("LDL Calculated",), True, "the set rounds moles to thousandths on the way to mg/dL, so 1.03 and 1.09 mmol/L become 1", _lipids),
)  # fmt: skip


def cause_of(each: Compared) -> Cause | None:
    """What accounts for the difference; None where nothing does."""
    return next((cause for cause in CAUSES if each.patient.calculator in cause.calculators and _check(cause, each)), None)


def _check(cause: Cause, each: Compared) -> Any:
    return each.verdict == "differs" and cause.explains(each)
