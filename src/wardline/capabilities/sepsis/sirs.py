"""SIRS criteria: does the whole body show inflammation?

Bone RC et al. Definitions for sepsis and organ failure. Chest 1992;101:1644-55 (citation not read here; the criteria are those of the
MIT-LCP mimic-code query, which was read). Two of four are positive. A missing value is missing: it is never taken for normal.
Respiration and white cells have two ways to be met; a blood gas or a differential count nobody asked for is not missing.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.findings import AtLeast, Evidence, Finding, Outcome, Severity, Unknown
from wardline.core.scoring import Bands, bands

TEMPERATURE = bands((35.9, 1), (38.0, 0), above=1, step=0.1)
PULSE = bands((90, 0), above=1)
RESPIRATION = bands((20, 0), above=1)
CARBON_DIOXIDE = bands((31.9, 1), above=0, step=0.1)
LEUKOCYTES = bands((3.99, 1), (12.0, 0), above=1, step=0.01)
BAND_FORMS = bands((10.0, 0), above=1, step=0.1)

CRITERIA: tuple[tuple[tuple[str, Bands], ...], ...] = (
    (("temperature", TEMPERATURE),),
    (("pulse", PULSE),),
    (("respiratory_rate", RESPIRATION), ("arterial_carbon_dioxide", CARBON_DIOXIDE)),
    (("leukocytes", LEUKOCYTES), ("band_forms", BAND_FORMS)),
)
"""Each criterion is met when any of its tables gives the point. Without the first of them it stays open, unless the other meets it."""

POSITIVE = 2


@dataclass(frozen=True)
class Inflammation(Inputs):
    temperature: float | None = latest(c.TEMPERATURE, within=hours(12), required=False, preliminary=True)
    pulse: float | None = latest(c.PULSE, within=hours(12), required=False, preliminary=True)
    respiratory_rate: float | None = latest(c.RESPIRATORY_RATE, within=hours(12), required=False, preliminary=True)
    arterial_carbon_dioxide: float | None = latest(c.ARTERIAL_CARBON_DIOXIDE, within=hours(12), required=False)
    leukocytes: float | None = latest(c.LEUKOCYTES, within=hours(24), required=False)
    band_forms: float | None = latest(c.BAND_FORMS, within=hours(24), required=False)


@capability(
    id="sirs",
    version="1992",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Bone et al., Definitions for sepsis and organ failure, Chest 1992;101:1644-55",
    not_for="children, who have limits by age (the limit of 18 years is ours)",
    ages=(18, None),
    unit="{score}",
    caution="Not only infection meets the criteria.",
)
def sirs(v: Inflammation) -> Outcome:
    rows: list[Evidence] = []
    met, missing = 0, []
    for tables in CRITERIA:
        is_met = _add_rows(v, tables, rows)
        first = tables[0][0]
        if is_met:
            met += 1
        elif getattr(v, first) is None:
            missing.append(first)
    if len(missing) == len(CRITERIA):
        return Unknown(tuple(missing))
    positive = met >= POSITIVE
    finding = Finding(
        value=met,
        unit="{score}",
        # Unspecific by nature: a hint, never a reason to interrupt somebody.
        severity=Severity.LOW if positive else Severity.NONE,
        summary=f"SIRS: {met} of 4 criteria{', positive' if positive else ''}",
        because=tuple(rows),
    )
    return AtLeast(finding, tuple(missing), met + len(missing)) if missing else finding


def _add_rows(v: Inflammation, tables: tuple[tuple[str, Bands], ...], rows: list[Evidence]) -> bool:
    """Write down what each input gave; whether the criterion is met. A criterion gives one point, however it is met."""
    is_met = False
    for name, table in tables:
        value = getattr(v, name)
        if value is None:
            rows.append(Evidence(name))
            continue
        given, band = table.lookup(value)
        rows.append(Evidence(name, value, 0 if is_met else given, band))
        is_met = is_met or given > 0
    return is_met
