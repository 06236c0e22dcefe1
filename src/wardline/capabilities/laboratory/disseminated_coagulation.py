"""ISTH score of overt DIC: is clotting running wild in the whole body?

Taylor FB et al. Towards definition, clinical and laboratory criteria, and a scoring system for disseminated intravascular coagulation.
Thromb Haemost 2001;86:1327-30 (recalled, not read here): platelets above 100 0, 50 to 100 1, below 50 2; fibrin-related marker no increase 0,
moderate 2, strong 3; prothrombin time prolonged by less than 3 s 0, 3 to 6 s 1, more than 6 s 2; fibrinogen above 1 g/L 0, otherwise 1. 5 or more is
compatible with overt DIC. Only for patients with a disease known to cause it. What is a moderate or strong increase of D-dimer depends on
the assay: the laboratory says it.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, given, hours, latest
from wardline.core.findings import Finding, Severity, Suggestion
from wardline.core.scoring import bands, codes, points

PLATELETS = bands((49, 2), (100, 1), above=0)  # 10*9/L
FIBRIN_MARKER = codes({"none": 0, "moderate": 2, "strong": 3})
PROLONGATION = bands((2.9, 0), (6, 1), above=2, step=0.1)  # s above the upper limit of normal
FIBRINOGEN = bands((100, 1), above=0)  # mg/dL
CHART = points(platelets=PLATELETS, fibrin_marker=FIBRIN_MARKER, prothrombin_prolongation=PROLONGATION, fibrinogen=FIBRINOGEN)
OVERT = 5


@dataclass(frozen=True)
class Clotting(Inputs):
    platelets: float | None = latest(c.PLATELETS, within=hours(24))
    # The increase of D-dimer as the laboratory defines it for its assay; prothrombin time in seconds above the upper limit of normal.
    fibrin_marker: Literal["none", "moderate", "strong"] | None = given()
    prothrombin_prolongation: float | None = given()
    fibrinogen: float | None = latest(c.FIBRINOGEN, within=hours(24))


@capability(
    id="disseminated_coagulation",
    version="2001",
    standing="provisional",
    about="patient",
    reference="Taylor et al., Thromb Haemost 2001;86:1327-30",
    additive=True,
    chart=CHART,
    unit="{score}",
    live=False,
    caution="Only where a disease is present that causes DIC; repeat daily, it changes quickly.",
)
def disseminated_coagulation(v: Clotting) -> Finding:
    score = CHART(v)
    overt = score.total >= OVERT
    return Finding(
        value=score.total,
        unit="{score}",
        severity=Severity.MEDIUM if overt else Severity.NONE,
        summary=f"ISTH DIC score {score.total}, {'compatible with overt DIC' if overt else 'not overt'}",
        because=score.rows,
        suggestions=(Suggestion("Repeat the score", hours(24)),),
    )
