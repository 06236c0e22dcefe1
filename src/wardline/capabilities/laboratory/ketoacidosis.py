"""Diabetic ketoacidosis: are ketones making the blood acid, and how badly?

Umpierrez GE et al. Hyperglycaemic crises in adults with diabetes: a consensus report. Diabetes Care 2024;47:1257-75 (recalled, not read
here): diabetes known or glucose 200 mg/dL (11.1 mmol/L) or more; beta-hydroxybutyrate 3.0 mmol/L or more; pH below 7.30 or bicarbonate below 18
mmol/L. Mild pH above 7.25 to 7.30 or bicarbonate 15 to 18, moderate pH 7.00 to 7.25 or bicarbonate 10 to below 15, severe pH below 7.00 or
bicarbonate below 10. The British criteria (JBDS 02) ask for bicarbonate below 15; both are named in the answer where they differ.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core import diseases as d
from wardline.core.capability import Inputs, capability, has, hours, latest
from wardline.core.findings import Finding, Outcome, Reasons, Severity, Suggestion, Unknown
from wardline.core.quantities import rounded

GLUCOSE = 200.0  # mg/dL, from
KETONES = 3.0  # mmol/L, from
ACID_PH, ACID_BICARBONATE = 7.30, 18.0  # below
MODERATE_PH, MODERATE_BICARBONATE = 7.25, 15.0  # up to; below
SEVERE_PH, SEVERE_BICARBONATE = 7.00, 10.0  # below
JBDS_BICARBONATE = 15.0  # mmol/L, below


@dataclass(frozen=True)
class Crisis(Inputs):
    ketones: float = latest(c.BETA_HYDROXYBUTYRATE, within=hours(12))
    diabetes: bool | None = has(d.DIABETES, required=False)
    glucose: float | None = latest(c.GLUCOSE, within=hours(12), required=False)
    ph: float | None = latest(c.VENOUS_PH, c.ARTERIAL_PH, within=hours(12), required=False)
    bicarbonate: float | None = latest(c.BICARBONATE, c.ARTERIAL_BICARBONATE, within=hours(12), required=False)


@capability(
    id="ketoacidosis",
    version="2024",
    standing="provisional",
    about="patient",
    reference="Umpierrez et al., Diabetes Care 2024;47:1257-75; Joint British Diabetes Societies, JBDS 02",
    not_for="under 18 years: children have criteria of their own",
    ages=(18, None),
    live=False,
    caution="SGLT2 inhibitors cause ketoacidosis with a normal glucose. Alcohol and starvation make ketones, too.",
)
def ketoacidosis(v: Crisis) -> Outcome:
    because = Reasons()
    because.add("ketones", rounded(v.ketones, 1), band=f"{KETONES:g} mmol/L or more" if v.ketones >= KETONES else f"below {KETONES:g} mmol/L")
    if v.ketones < KETONES:
        return Finding("none", f"No ketoacidosis: ketones {rounded(v.ketones, 1):g} mmol/L", because=tuple(because.lines))
    if v.ph is None and v.bicarbonate is None:
        return Unknown(("ph", "bicarbonate"), "ketones are high; a blood gas is needed to tell ketosis from ketoacidosis")
    because.add("ph", v.ph)
    because.add("bicarbonate", v.bicarbonate)
    if not _is_below(v.ph, ACID_PH) and not _is_below(v.bicarbonate, ACID_BICARBONATE):
        again = Suggestion("Measure ketones again", hours(2))
        return Finding("ketosis", "Ketosis without acidosis", Severity.LOW, because=tuple(because.lines), suggestions=(again,))
    return _acid(v, because)


def _acid(v: Crisis, because: Reasons) -> Outcome:
    because.add("glucose", rounded(v.glucose, 0) if v.glucose is not None else None)
    because.add("diabetes", "yes" if v.diabetes else None)
    if not v.diabetes and v.glucose is None:
        return Unknown(("diabetes", "glucose"), "ketones and acidosis; whether it is diabetic needs glucose or a known diabetes")
    if not v.diabetes and v.glucose is not None and v.glucose < GLUCOSE:
        words = "Ketoacidosis, diabetes not known and glucose below 200 mg/dL: think of alcohol and starvation"
        return Finding("ketoacidosis, not diabetic", words, Severity.MEDIUM, because=tuple(because.lines))
    grade = _grade(v.ph, v.bicarbonate)
    normal = " with near-normal glucose" if v.glucose is not None and v.glucose < GLUCOSE else ""
    by_both = _is_below(v.ph, ACID_PH) or _is_below(v.bicarbonate, JBDS_BICARBONATE)
    differs = "" if by_both else "; not by JBDS 02, which asks for bicarbonate below 15"
    steps = (
        Suggestion("Follow the hospital's protocol for ketoacidosis; measure potassium before insulin"),
        Suggestion("Repeat blood gas", hours(2)),
    )
    return Finding(grade, f"Diabetic ketoacidosis{normal}, {grade}{differs}", Severity.MEDIUM, because=tuple(because.lines), suggestions=steps)


def _grade(ph: float | None, bicarbonate: float | None) -> str:
    """The worse of the two counts."""
    if _is_below(ph, SEVERE_PH) or _is_below(bicarbonate, SEVERE_BICARBONATE):
        return "severe"
    if (ph is not None and ph <= MODERATE_PH) or _is_below(bicarbonate, MODERATE_BICARBONATE):
        return "moderate"
    return "mild"


def _is_below(value: float | None, limit: float) -> bool:
    return value is not None and value < limit
