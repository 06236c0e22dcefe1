"""Hyperkalaemia: how high is potassium, is it real, and what drives it?

UK Kidney Association, Clinical Practice Guidelines: Treatment of Acute Hyperkalaemia in Adults, 2020, updated 2023 (recalled, not read
here): mild 5.5 to 5.9, moderate 6.0 to 6.4, severe 6.5 mmol/L or more; an ECG at 6.0 or more. Whom to call at which value is the site's
table of critical limits, not this.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, hours, latest
from wardline.core.findings import Finding, Reasons, Severity, Suggestion
from wardline.core.quantities import rounded

MILD, MODERATE, SEVERE = 5.5, 6.0, 6.5  # mmol/L, from
ACIDAEMIA = 7.35  # pH, below
LOW_BICARBONATE = 22.0  # mmol/L, below: lower end of the textbook range 22 to 26
FAILING_KIDNEY = 30.0  # mL/min/1.73 m2: below it potassium is kept (KDIGO G4)
HIGH_GLUCOSE = 250.0  # mg/dL


@dataclass(frozen=True)
class Potassium(Inputs):
    potassium: float = latest(c.POTASSIUM, within=hours(24))
    haemolysed: bool | None = given(required=False)
    egfr: float | None = given(required=False)
    creatinine: float | None = latest(c.CREATININE, within=days(3), required=False)
    ph: float | None = latest(c.ARTERIAL_PH, c.VENOUS_PH, within=hours(24), required=False)
    bicarbonate: float | None = latest(c.BICARBONATE, c.ARTERIAL_BICARBONATE, within=hours(24), required=False)
    glucose: float | None = latest(c.GLUCOSE, within=hours(24), required=False)
    creatine_kinase: float | None = latest(c.CREATINE_KINASE, within=days(3), required=False)


@capability(
    id="hyperkalaemia",
    version="2023",
    standing="provisional",
    about="patient",
    reference="UK Kidney Association, Treatment of Acute Hyperkalaemia in Adults, 2020, updated 2023",
    not_for="under 18 years",
    ages=(18, None),
    live=False,
    caution="A haemolysed sample, a clenched fist or very many platelets raise potassium in the tube.",
)
def hyperkalaemia(v: Potassium) -> Finding:
    because = Reasons()
    shown = f"potassium {rounded(v.potassium, 1):g} mmol/L"
    grade = _grade(v.potassium)
    because.add("potassium", rounded(v.potassium, 1), band=grade)
    if grade == "none":
        return Finding("none", f"No hyperkalaemia: {shown}", because=tuple(because.lines))
    if v.haemolysed:
        because.add("haemolysed", "yes")
        repeat = Suggestion("Repeat the sample at once; look at the ECG meanwhile")
        return Finding(grade, f"{grade.capitalize()} hyperkalaemia in a haemolysed sample, {shown}", Severity.LOW, because=tuple(because.lines),
                       suggestions=(repeat,))  # fmt: skip
    drivers = _drivers(v, because)
    summary = f"{grade.capitalize()} hyperkalaemia, {shown}" + (f"; with {', '.join(drivers)}" if drivers else "")
    return Finding(grade, summary, Severity.LOW if grade == "mild" else Severity.MEDIUM, because=tuple(because.lines), suggestions=_next(grade))


def _grade(potassium: float) -> str:
    return "severe" if potassium >= SEVERE else "moderate" if potassium >= MODERATE else "mild" if potassium >= MILD else "none"


def _next(grade: str) -> tuple[Suggestion, ...]:
    drugs = Suggestion("Look for drugs that keep potassium: RAAS blockers, spironolactone, trimethoprim, heparin, NSAIDs")
    return (drugs,) if grade == "mild" else (Suggestion("12-lead ECG now"), Suggestion("Repeat potassium, in a blood gas if that is faster"), drugs)


def _drivers(v: Potassium, because: Reasons) -> list[str]:
    """What may be behind it, as far as the record shows; what nobody measured is a reason line without a value."""
    acid = (v.ph is not None and v.ph < ACIDAEMIA) or (v.bicarbonate is not None and v.bicarbonate < LOW_BICARBONATE)
    because.add("ph", v.ph)
    because.add("bicarbonate", v.bicarbonate)
    because.add("egfr", v.egfr)
    because.add("creatinine", rounded(v.creatinine, 2) if v.creatinine is not None else None)
    because.add("glucose", rounded(v.glucose, 0) if v.glucose is not None else None)
    because.add("creatine_kinase", v.creatine_kinase)
    signs = (
        (v.egfr is not None and v.egfr < FAILING_KIDNEY, "failing kidneys"), (acid, "acidosis"),
        (v.glucose is not None and v.glucose >= HIGH_GLUCOSE, "high glucose"),
        (v.creatine_kinase is not None and v.creatine_kinase >= 5000, "muscle breakdown"),
    )  # fmt: skip
    return [words for applies, words in signs if applies]
