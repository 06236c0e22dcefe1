"""Insulin correction: how many units of rapid-acting insulin bring this glucose back to target?

The correction factor is 1,800 divided by the units of insulin a day: how far one unit lowers glucose, in mg/dL. Insulin of the last
4 hours still works and is taken off. The dose is a draft to sign.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Final

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, doses, finding, given, hours, latest, medications, moment
from wardline.core.course import Given, Medication
from wardline.core.errors import Refused
from wardline.core.events import Found
from wardline.core.findings import Draft, Finding, Outcome, Reasons, Severity, Suggestion, Unknown
from wardline.core.quantities import plain, rounded
from wardline.science.medication.amounts import amount_of
from wardline.science.medication.recognising import substances_in, substances_of

RULE: Final = 1800.0  # Davidson PC et al. Endocr Pract 2008;14:1095-101 discusses the rules 1500 to 1800; recalled, not read.
TARGET: Final = 140.0
CORRECT_FROM: Final = 180.0  # American Diabetes Association, Standards of Care (diabetes in hospital): treat from 180 mg/dL; recalled, not read.
LOW: Final = 70.0
ACTION: Final = timedelta(hours=4)
LARGEST: Final = 20.0
# Umpierrez GE et al. Diabetes Care 2007;30:2181-6 (RABBIT 2): 0.4 units/kg a day, 0.5 above 200 mg/dL; 2011: 0.3 in the old or with poor kidneys.
PER_KG, PER_KG_HIGH, PER_KG_CAREFUL = 0.4, 0.5, 0.3
OLD, POOR_KIDNEYS, HIGH = 70, 60.0, 200.0
RAPID: Final = frozenset({"insulin lispro", "insulin aspart", "insulin glulisine", "insulin human"})


@dataclass(frozen=True)
class Glucose(Inputs):
    age_years: int = age_years()
    glucose: float = latest(c.GLUCOSE, within=hours(1), preliminary=True)
    weight: float | None = latest(c.WEIGHT, within=days(30), required=False, preliminary=True)
    units_a_day: float | None = given(required=False)
    doses: tuple[Given, ...] | None = doses(within=hours(24), required=False)
    medications: tuple[Medication, ...] | None = medications(required=False)
    egfr_ckd_epi_2021: Found | None = finding("egfr_ckd_epi_2021", required=False)
    as_of: datetime | None = moment()


@capability(
    id="insulin_correction",
    version="1",
    standing="provisional",
    about="patient",
    reference="1800 rule (Davidson 2008) and insulin by weight (Umpierrez 2007, RABBIT 2); see the module",
    not_for="under 18 years, in pregnancy",
    ages=(18, None),
    pregnancy=False,
    unit="{units}",
    caution="A draft to sign. Not for ketoacidosis, whose insulin is an infusion. Only beside a basal insulin where one is needed.",
    live=False,
)
def insulin_correction(v: Glucose) -> Outcome:
    because = Reasons()
    because.add("glucose", rounded(v.glucose, 0), band="mg/dL, newest of the last hour")
    if v.glucose < LOW:
        treat = Suggestion("Treat hypoglycaemia, measure again", timedelta(minutes=15))
        return Finding(0, "Glucose is low: no insulin", Severity.MEDIUM, "{units}", tuple(because.lines), suggestions=(treat,))
    if v.glucose < CORRECT_FROM:
        return Finding(0, f"No correction below {plain(CORRECT_FROM)} mg/dL", Severity.NONE, "{units}", tuple(because.lines))
    daily = _units_a_day(v, because)
    if daily is None:
        return Unknown(("units_a_day", "weight"), "how much insulin the patient needs in a day is not known")
    factor = RULE / daily
    because.add("correction_factor", rounded(factor, 0), band="mg/dL that one unit lowers")
    wanted = (v.glucose - TARGET) / factor
    working = _still_working(v, because)
    if working is None:
        return Unknown(("as_of",), "how much of the insulin given still works is not known")
    units = min(floor(max(wanted - working, 0)), LARGEST)
    if units < 1:
        return Finding(0, "No correction: insulin given in the last 4 hours still works", Severity.NONE, "{units}", tuple(because.lines))
    largest = "; more than that needs a prescriber's own order" if units == LARGEST else ""
    dose = f"{plain(units)} unit{'s' if units != 1 else ''}"
    text = f"Rapid-acting insulin {dose} subcutaneously for a glucose of {v.glucose:.0f} mg/dL; measure again in 2 hours{largest}"
    return Draft(text, tuple(because.lines))


def _units_a_day(v: Glucose, because: Reasons) -> float | None:
    if v.units_a_day is not None:
        if not 4 <= v.units_a_day <= 300:
            raise Refused("units_a_day is 4 to 300 units of insulin", where="units_a_day")
        because.add("units_a_day", v.units_a_day, band="as said")
        return v.units_a_day
    if v.weight is None:
        return None
    egfr = v.egfr_ckd_epi_2021.value if v.egfr_ckd_epi_2021 is not None else None
    is_careful = v.age_years >= OLD or (isinstance(egfr, int | float) and egfr < POOR_KIDNEYS)
    per_kg = PER_KG_CAREFUL if is_careful else PER_KG_HIGH if v.glucose > HIGH else PER_KG
    because.add("weight", v.weight, band=f"{plain(per_kg)} units/kg a day{', old or poor kidneys' if is_careful else ''}")
    return per_kg * v.weight


def _still_working(v: Glucose, because: Reasons) -> float | None:
    """Units of rapid-acting insulin that still work, falling evenly over 4 hours; None where times cannot be told."""
    rapid = [dose for dose in v.doses or () if RAPID & {substance.name for substance in substances_of(dose.what, dose.codings)}]
    if rapid and v.as_of is None:
        return None
    working = 0.0
    for dose in rapid:
        amount = amount_of(dose.dose)
        if amount is None or amount.unit != "unit":
            raise Refused(f"the dose {dose.dose!r} of {dose.what} is no amount in units", where="doses")
        left = 1 - (v.as_of - dose.at) / ACTION if v.as_of is not None else 0.0
        working += amount.value * min(max(left, 0), 1)
    if working:
        because.add("doses", rounded(working, 1), band="units of the last 4 hours that still work")
    if any(substance.name in RAPID for each in v.medications or () for substance in substances_in(each)) and v.doses is None:
        because.add("medications", "rapid-acting insulin", band="ordered; no dose of the last day is recorded")
    return working
