"""Bishop score: is the cervix ready for labour to be induced?

Bishop EH. Pelvic scoring for elective induction. Obstet Gynecol 1964;24:266-8, as the University of Washington's page prints it (read for the
reference). Effacement is binned 0-30, 40-50, 60-70, 80 % and more, in tens as it is examined; another table in use bins 31-50, 51-80, above
80 and gives other totals. 8 and more is favourable.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core.capability import Inputs, capability, given
from wardline.core.findings import Finding
from wardline.core.scoring import bands, codes, points

CHART = points(
    dilation=bands((0, 0), (2, 1), (4, 2), above=3),
    effacement=bands((30, 0), (50, 1), (70, 2), above=3, step=10),
    station=bands((-3, 0), (-2, 1), (0, 2), above=3),
    consistency=codes({"firm": 0, "medium": 1, "soft": 2}),
    position=codes({"posterior": 0, "mid": 1, "anterior": 2}),
)
FAVOURABLE = 8


@dataclass(frozen=True)
class Cervix(Inputs):
    # Centimetres; 0 is closed.
    dilation: float = given()
    # Per cent.
    effacement: float = given()
    # Of the head against the spines, -3 to +2.
    station: Literal[-3, -2, -1, 0, 1, 2] = given()
    consistency: Literal["firm", "medium", "soft"] = given()
    position: Literal["posterior", "mid", "anterior"] = given()


@capability(
    id="bishop",
    version="1964",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Bishop, Pelvic scoring for elective induction, Obstet Gynecol 1964;24:266-8",
    chart=CHART,
    unit="{score}",
    caution="Says how ready the cervix is, not whether labour should be induced.",
    live=False,
)
def bishop(v: Cervix) -> Finding:
    score = CHART(v)
    is_favourable = score.total >= FAVOURABLE
    return Finding(
        score.total, f"Bishop {score.total} of 13{', favourable' if is_favourable else ', not favourable'}", unit="{score}", because=score.rows
    )
