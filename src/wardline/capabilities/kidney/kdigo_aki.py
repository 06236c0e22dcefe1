"""KDIGO AKI: are the kidneys suddenly failing, and at which stage?

KDIGO Clinical Practice Guideline for Acute Kidney Injury. Kidney Int Suppl 2012;2:1-138, section 2, table 2 (read in the MSD Manual, in
QxMD and in the MIT-LCP mimic-code queries, which agree). Stage 3 of children by eGFR is not worked out here. The baseline and its
order are explained in `creatinine_change`; the answer names the baseline it used.
"""

from dataclasses import dataclass

from wardline.capabilities.kidney.creatinine_change import change_of, reaches
from wardline.capabilities.kidney.urine_rate import urine_rates
from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, capability, days, given, hours, latest, series
from wardline.core.findings import AtLeast, Finding, Outcome, Reasons, Severity, Unknown
from wardline.core.quantities import plain, rounded

OLIGURIA = 0.5  # mL/kg/h: over 6 hours stage 1, over 12 hours stage 2
SEVERE_OLIGURIA = 0.3  # mL/kg/h over 24 hours: stage 3; so is no urine at all over 12 hours

# Stages are no emergencies of their own in the guideline: stages 2 and 3 are for the worklist, not for the pager.
SEVERITIES = (Severity.NONE, Severity.LOW, Severity.MEDIUM, Severity.MEDIUM)


@dataclass(frozen=True)
class Kidneys(Inputs):
    # 365 days before a newest value that may itself be 7 days old.
    creatinine: tuple[Reading, ...] | None = series(c.CREATININE, within=days(372), newest=days(7), required=False)
    urine_output: tuple[Reading, ...] | None = series(c.URINE_OUTPUT, within=hours(48), newest=hours(6), required=False, preliminary=True)
    weight: float | None = latest(c.WEIGHT, within=days(30), required=False, preliminary=True)
    renal_replacement: bool | None = given(required=False)


@capability(
    id="kdigo_aki",
    version="2012",
    standing="verified",
    about="patient",
    reference="KDIGO Clinical Practice Guideline for Acute Kidney Injury, Kidney Int Suppl 2012;2:1-138",
    not_for="under 18 years: their stage 3 also follows from eGFR, which is not worked out here",
    ages=(18, None),
    unit="{stage}",
    caution="Dialysis makes it stage 3, and the record does not state dialysis. One creatinine alone cannot show a change.",
)
def kdigo_aki(k: Kidneys) -> Outcome:
    because = Reasons()
    by_creatinine, missing = _by_creatinine(k.creatinine, because)
    by_urine = _by_urine(k.urine_output, k.weight, because)
    by_dialysis = _by_dialysis(k.renal_replacement, because)
    stages = [stage for stage in (by_creatinine, by_urine, by_dialysis) if stage is not None]
    if not stages:
        return Unknown(missing, "no creatinine of the last 365 days to compare with" if k.creatinine else "")
    finding = _finding(max(stages), by_urine is not None, because)
    return AtLeast(finding, missing, at_most=3) if missing and max(stages) < 3 else finding


def _finding(stage: int, urine_known: bool, because: Reasons) -> Finding:
    # Urine is seldom measured by the hour outside intensive care, and the guideline asks for either sign. What was not looked at is said.
    unseen = "" if urine_known else ", urine output not known"
    named = f"AKI stage {stage}" if stage else "No AKI by creatinine" if unseen else "No AKI"
    deciding = next((f": {line.band}" for line in because.lines if stage and line.points == stage), "")
    return Finding(stage, f"{named}{deciding}{unseen}", SEVERITIES[stage], "{stage}", tuple(because.lines))


def _by_creatinine(readings: tuple[Reading, ...] | None, because: Reasons) -> tuple[int | None, tuple[str, ...]]:
    """The stage, or what is missing for it."""
    if not readings:
        because.add("creatinine")
        return None, ("creatinine",)
    change = change_of(readings)
    because.add("creatinine", rounded(change.newest.value, 2), points=change.stage, band=change.why, event=change.newest.event)
    if change.baseline is None:
        return None, ("earlier_creatinine",)
    because.add("baseline", rounded(change.baseline.value, 2), band=change.baseline.name, event=change.baseline.event)
    return change.stage, ()


def _by_urine(charted: tuple[Reading, ...] | None, weight: float | None, because: Reasons) -> int | None:
    if not charted or weight is None:
        because.add("urine_output", band="weight not known" if charted else "not charted")
        return None
    rates = {window: rate.per_kg_hour for window, rate in urine_rates(charted, weight, (6, 12, 24)).items()}
    if not rates:
        because.add("urine_output", band="not charted without a gap over 6 hours")
        return None
    stage, window = _urine_stage(rates)
    shown = rounded(rates[window], 2)
    because.add("urine_output", shown, points=stage, band=f"{plain(shown)} mL/kg/h over {window} hours", event=charted[-1].event)
    because.add("weight", weight)
    return stage


def _urine_stage(rates: dict[int, float]) -> tuple[int, int]:
    """The stage and the window that shows it; the shortest known window where nothing is low."""
    if _is_below(rates.get(24), SEVERE_OLIGURIA):
        return 3, 24
    if rates.get(12) == 0:
        return 3, 12
    if _is_below(rates.get(12), OLIGURIA):
        return 2, 12
    return (1, 6) if _is_below(rates.get(6), OLIGURIA) else (0, min(rates))


def _is_below(rate: float | None, limit: float) -> bool:
    return rate is not None and not reaches(rate, limit, 0.0001)


def _by_dialysis(replaced: bool | None, because: Reasons) -> int | None:
    if not replaced:
        return None
    because.add("renal_replacement", "yes", points=3, band="renal replacement therapy")
    return 3
