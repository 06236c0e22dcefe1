"""Centor, modified by McIsaac: how likely are streptococci in this sore throat?

Centor RM et al. Med Decis Making 1981;1:239-46; McIsaac WJ et al. CMAJ 1998;158:75-83 (citations not read here; an independent
implementation agrees). One point each for temperature above 38, no cough, tender nodes, exudate; one more from 3 to 14 years, one less
from 45.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, given, hours, latest
from wardline.core.findings import Finding
from wardline.core.scoring import bands, flag, points

CHART = points(
    age_years=bands((14, 1), (44, 0), above=-1),
    temperature=bands((38.0, 0), above=1, step=0.1),
    no_cough=flag(1),
    tender_nodes=flag(1),
    tonsil_exudate=flag(1),
)


@dataclass(frozen=True)
class Throat(Inputs):
    age_years: int = age_years()
    temperature: float = latest(c.TEMPERATURE, within=hours(24), preliminary=True)
    no_cough: bool = given()
    tender_nodes: bool = given()
    """At the front of the neck."""
    tonsil_exudate: bool = given()


@capability(
    id="centor",
    version="1998",
    standing="verified",
    about="patient",
    reference="McIsaac et al., A clinical score to reduce unnecessary antibiotic use in patients with sore throat, CMAJ 1998;158:75-83",
    not_for="under 3 years",
    ages=(3, None),
    unit="{score}",
    caution="Says who to test, not who to treat.",
    live=False,
)
def centor(v: Throat) -> Finding:
    score = CHART(v)
    return Finding(score.total, f"Centor {score.total} of 5 (McIsaac)", unit="{score}", because=score.rows)
