"""Glasgow-Blatchford: will this upper gastrointestinal bleed need blood, an endoscope or a surgeon?

Blatchford O, Murray WR, Blatchford M. Lancet 2000;356:1318-21 (citation not read here; an independent implementation agrees). 0 to 23;
patients with 0 were sent home in the studies that followed.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, given, has, hours, latest, sex
from wardline.core.diseases import HEART_FAILURE
from wardline.core.findings import Finding
from wardline.core.scoring import bands, choice, flag, points

HAEMOGLOBIN = {"M": bands((9.9, 6), (11.9, 3), (12.9, 1), above=0, step=0.1), "F": bands((9.9, 6), (11.9, 1), above=0, step=0.1)}  # g/dL
CHART = points(
    # Urea 6.5, 8, 10 and 25 mmol/L; urea nitrogen in mg/dL.
    urea_nitrogen=bands((18.1, 0), (22.3, 2), (27.9, 3), (69.9, 4), above=6, step=0.1),
    haemoglobin=choice("sex", HAEMOGLOBIN),
    systolic_pressure=bands((89, 3), (99, 2), (109, 1), above=0),
    pulse=bands((99, 0), above=1),
    melaena=flag(1),
    syncope=flag(2),
    liver_disease=flag(2),
    heart_failure=flag(2),
)


@dataclass(frozen=True)
class Bleed(Inputs):
    urea_nitrogen: float = latest(c.UREA_NITROGEN, within=hours(24))
    haemoglobin: float = latest(c.HAEMOGLOBIN, within=hours(24))
    sex: Literal["F", "M"] = sex()
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=hours(12), preliminary=True)
    pulse: float = latest(c.PULSE, within=hours(12), preliminary=True)
    melaena: bool = given()
    syncope: bool = given()
    liver_disease: bool = given()
    heart_failure: bool = has(HEART_FAILURE)


@capability(
    id="glasgow_blatchford",
    version="2000",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Blatchford et al., A risk score to predict need for treatment for upper-gastrointestinal haemorrhage, Lancet 2000;356:1318-21",
    not_for="children: made in adults (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="For bleeding from the upper gut. A first haemoglobin can be normal in a fresh bleed.",
    live=False,
)
def glasgow_blatchford(v: Bleed) -> Finding:
    score = CHART(v)
    return Finding(score.total, f"Glasgow-Blatchford {score.total} of 23", unit="{score}", because=score.rows)
