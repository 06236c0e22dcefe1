"""HOSPITAL: how likely is this patient to come back, avoidably, within thirty days of leaving?

Donze J et al. JAMA Intern Med 2013;173:632-8 (citation not read here; items as in three transcriptions). Haemoglobin, Oncology, Sodium,
Procedure, Index type, admissions, Length of stay: 0 to 13, low to 4, high from 7. Two codings of the admissions of the last year are
in print, 0 / 1-5 / more than 5 and 0-1 / 2-5 / more than 5; which one the paper has was not read, so the site chooses, and the score is
provisional.
"""

from dataclasses import dataclass
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, latest, site
from wardline.core.errors import Refused
from wardline.core.findings import Finding
from wardline.core.scoring import bands, choice, flag, points

CUTS = {1: bands((0, 0), (5, 2), above=5), 2: bands((1, 0), (5, 2), above=5)}
"""By the number of admissions from which points are given."""
CHART = points(
    haemoglobin=bands((11.9, 1), above=0, step=0.1),  # g/dL, at discharge
    oncology_service=flag(2),
    sodium=bands((134, 1), above=0),  # mmol/L, at discharge
    procedure=flag(1),
    non_elective=flag(1),
    admissions_last_year=choice("hospital_admissions_from", CUTS),
    length_of_stay=bands((4, 0), above=2),  # days
)
HIGH, INTERMEDIATE = 7, 5


def first_counted(content: Any) -> int:
    """From how many admissions of the last year on points are given."""
    if type(content) is not int or content not in CUTS:
        raise Refused("hospital_admissions_from is 1 or 2: the number of admissions in the last year from which points are given", code="site-table")
    return int(content)


@dataclass(frozen=True)
class GoingHome(Inputs):
    haemoglobin: float = latest(c.HAEMOGLOBIN, within=days(7))
    oncology_service: bool = given()
    sodium: float = latest(c.SODIUM, within=days(7))
    procedure: bool = given()
    """Any coded procedure during the stay."""
    non_elective: bool = given()
    admissions_last_year: float = given()
    length_of_stay: float = given()
    hospital_admissions_from: int = site("hospital_admissions_from", read=first_counted)


@capability(
    id="hospital_readmission",
    version="2013",
    standing="provisional",
    about="encounter",
    additive=True,
    reference="Donze et al., Potentially avoidable 30-day hospital readmissions in medical patients, JAMA Intern Med 2013;173:632-8",
    not_for="under 18 years; surgical stays",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="Which coding of earlier admissions counts is the site's decision.",
    live=False,
)
def hospital_readmission(v: GoingHome) -> Finding:
    score = CHART(v)
    risk = "high" if score.total >= HIGH else "intermediate" if score.total >= INTERMEDIATE else "low"
    return Finding(score.total, f"HOSPITAL {score.total} of 13, {risk}", unit="{score}", because=score.rows)
