"""SAPS II: how severely ill is this adult on the first day in intensive care?

Le Gall JR, Lemeshow S, Saulnier F. A new Simplified Acute Physiology Score (SAPS II). JAMA 1993;270:2957-63 (citation not read here). Points
as table 2 of PMC5379500 reprints the original and as MIT-LCP mimic-code's sapsii.sql has them; both were read and agree. The worst of 24
hours counts. Oxygenation counts only under ventilation or CPAP; of several chronic diseases the heaviest.
"""

import math
from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, age_years, capability, given, has, hours, latest, series
from wardline.core.diseases import AIDS, HAEMATOLOGICAL_MALIGNANCY, METASTATIC_CANCER
from wardline.core.findings import Finding, Outcome
from wardline.core.quantities import rounded
from wardline.core.scoring import bands, codes, flag
from wardline.core.tally import Tally

MEASURED = (
    ("pulse", bands((39, 11), (69, 2), (119, 0), (159, 4), above=7)),
    ("systolic_pressure", bands((69, 13), (99, 5), (199, 0), above=2)),
    ("temperature", bands((38.9, 0), above=3, step=0.1)),
    ("urea_nitrogen", bands((27.9, 0), (83.9, 6), above=10, step=0.1)),
    ("leukocytes", bands((0.9, 12), (19.9, 0), above=3, step=0.1)),
    ("potassium", bands((2.9, 3), (4.9, 0), above=3, step=0.1)),
    ("sodium", bands((124, 5), (144, 0), above=1)),
    ("bicarbonate", bands((14.9, 6), (19.9, 3), above=0, step=0.1)),
    ("bilirubin", bands((3.9, 0), (5.9, 4), above=9, step=0.1)),
    ("glasgow_total", bands((5, 26), (8, 13), (10, 7), (13, 5), above=0)),
)
URINE = bands((499, 11), (999, 4), above=0)
OXYGENATION = bands((99, 11), (199, 9), above=6)
AGE = bands((39, 0), (59, 7), (69, 12), (74, 15), (79, 16), above=18)
CHRONIC = (("aids", flag(17)), ("haematological_malignancy", flag(10)), ("metastatic_cancer", flag(9)))
ADMISSION = codes({"scheduled surgery": 0, "medical": 6, "unscheduled surgery": 8})
CONSTANT, PER_POINT, PER_LOG = -7.7631, 0.0737, 0.9971
"""The paper's logit, as mimic-code has it."""


@dataclass(frozen=True)
class FirstDay(Inputs):
    age_years: int = age_years()
    pulse: tuple[Reading, ...] = series(c.PULSE, within=hours(24), preliminary=True)
    systolic_pressure: tuple[Reading, ...] = series(c.SYSTOLIC_PRESSURE, within=hours(24), preliminary=True)
    temperature: tuple[Reading, ...] = series(c.TEMPERATURE, within=hours(24), preliminary=True)
    ventilated: bool | None = given()
    arterial_oxygen: float | None = latest(c.ARTERIAL_OXYGEN, within=hours(24), required=False, together=hours(4))
    inspired_oxygen: float | None = latest(c.INSPIRED_OXYGEN, within=hours(24), required=False, preliminary=True, together=hours(4))
    urine_24_hours: float = latest(c.URINE_24_HOURS, within=hours(24))
    urea_nitrogen: tuple[Reading, ...] = series(c.UREA_NITROGEN, within=hours(24))
    leukocytes: tuple[Reading, ...] = series(c.LEUKOCYTES, within=hours(24))
    potassium: tuple[Reading, ...] = series(c.POTASSIUM, within=hours(24))
    sodium: tuple[Reading, ...] = series(c.SODIUM, within=hours(24))
    bicarbonate: tuple[Reading, ...] = series(c.BICARBONATE, within=hours(24))
    bilirubin: tuple[Reading, ...] = series(c.BILIRUBIN, within=hours(24))
    glasgow_total: tuple[Reading, ...] = series(c.GLASGOW_TOTAL, within=hours(24))
    aids: bool | None = has(AIDS, required=False)
    haematological_malignancy: bool | None = has(HAEMATOLOGICAL_MALIGNANCY, required=False)
    metastatic_cancer: bool | None = has(METASTATIC_CANCER, required=False)
    admission: Literal["scheduled surgery", "medical", "unscheduled surgery"] = given()


@capability(
    id="saps_ii",
    version="1993",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Le Gall et al., A new Simplified Acute Physiology Score (SAPS II), JAMA 1993;270:2957-63; table 2 of PMC5379500",
    not_for="under 18 years, burns, coronary care and heart surgery",
    ages=(18, None),
    unit="{score}",
    caution="Ask it as of the end of the first 24 hours. The death rate is that of 1993 and too high today; it is for groups of patients.",
    live=False,
)
def saps_ii(v: FirstDay) -> Outcome:
    tally = Tally()
    tally.row("age_years", v.age_years, AGE)
    for name, table in MEASURED:
        tally.worst(name, getattr(v, name), table)
    tally.row("urine_24_hours", v.urine_24_hours, URINE)
    _add_oxygenation(v, tally)
    tally.any_of(v, CHRONIC)
    tally.row("admission", v.admission, ADMISSION)
    answer = tally.outcome(lambda total: Finding(total, f"SAPS II {total} of 163", unit="{score}"))
    if isinstance(answer, Finding):
        return answer._replace(summary=f"{answer.summary}, {_death_rate(tally.total):.0f} % died in 1993's groups")
    return answer


def _add_oxygenation(v: FirstDay, tally: Tally) -> None:
    if v.ventilated is None:
        tally.left_open("oxygenation", OXYGENATION.most, missing="ventilated")
    elif not v.ventilated:
        tally.known("oxygenation", "not ventilated", 0)
    elif v.arterial_oxygen is None or v.inspired_oxygen is None:
        lacking = "arterial_oxygen" if v.arterial_oxygen is None else "inspired_oxygen"
        tally.left_open("oxygenation", OXYGENATION.most, least=OXYGENATION.least, value="ventilated", missing=lacking)
    else:
        tally.row("oxygenation", v.arterial_oxygen / (v.inspired_oxygen / 100), OXYGENATION)


def _death_rate(total: int) -> float:
    logit = CONSTANT + PER_POINT * total + PER_LOG * math.log(total + 1)
    return rounded(100 / (1 + math.exp(-logit)))
