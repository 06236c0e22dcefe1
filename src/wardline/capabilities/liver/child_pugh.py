"""Child-Pugh: how far has this cirrhosis gone?

Pugh RN, Murray-Lyon IM, Dawson JL, Pietroni MC, Williams R. Br J Surg 1973;60:646-9 (citation not read here; two implementations agree
on every edge). 5-6 points are class A, 7-9 B, 10-15 C. Ascites and encephalopathy are a doctor's judgement. In primary biliary
cholangitis other bilirubin limits apply, which are not used here.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, latest
from wardline.core.findings import Finding
from wardline.core.scoring import bands, codes, points

CHART = points(
    bilirubin=bands((1.9, 1), (3.0, 2), above=3, step=0.1),  # mg/dL
    albumin=bands((2.7, 3), (3.5, 2), above=1, step=0.1),  # g/dL
    inr=bands((1.6, 1), (2.3, 2), above=3, step=0.1),
    ascites=codes({"none": 1, "mild": 2, "moderate": 3}, {"mild": "mild, or controlled by drugs", "moderate": "moderate, or not controlled"}),
    encephalopathy=codes({"none": 1, "grade 1-2": 2, "grade 3-4": 3}),
)
CLASSES = bands((6, 1), (9, 2), above=3)
LETTERS = "ABC"


@dataclass(frozen=True)
class Cirrhosis(Inputs):
    bilirubin: float = latest(c.BILIRUBIN, within=days(7))
    albumin: float = latest(c.ALBUMIN, within=days(7))
    inr: float = latest(c.INR, within=days(7))
    ascites: Literal["none", "mild", "moderate"] = given()
    encephalopathy: Literal["none", "grade 1-2", "grade 3-4"] = given()


@capability(
    id="child_pugh",
    version="1973",
    standing="verified",
    about="patient",
    additive=True,
    reference="Pugh et al., Transection of the oesophagus for bleeding oesophageal varices, Br J Surg 1973;60:646-9",
    not_for="patients without cirrhosis; primary biliary cholangitis, which has its own bilirubin limits",
    chart=CHART,
    unit="{score}",
    caution="Anticoagulants raise INR without liver disease.",
    live=False,
)
def child_pugh(v: Cirrhosis) -> Finding:
    score = CHART(v)
    letter = LETTERS[CLASSES.lookup(score.total)[0] - 1]
    return Finding(score.total, f"Child-Pugh {score.total}, class {letter}", unit="{score}", because=score.rows)
