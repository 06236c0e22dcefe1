"""Wells score for deep vein thrombosis: how likely is a thrombosis of the leg before any test?

Wells PS et al. Evaluation of D-dimer in the diagnosis of suspected deep-vein thrombosis. N Engl J Med 2003;349:1227-35 (citation not read
here; two independent implementations agree on 600 random patients, one of which was read). Two points or more: likely. One item takes points
away, so without it there is no "at least".
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, capability, given, has
from wardline.core.diseases import VENOUS_THROMBOEMBOLISM
from wardline.core.findings import Finding, Outcome, Severity, Suggestion, Unknown
from wardline.core.scoring import flag, points
from wardline.core.tally import Tally

CHART = points(
    active_cancer=flag(1), paralysis_or_cast=flag(1), bedridden_or_operated=flag(1), tender_deep_veins=flag(1), whole_leg_swollen=flag(1),
    calf_swollen=flag(1), pitting_oedema=flag(1), collateral_veins=flag(1), earlier_thrombosis=flag(1), alternative_as_likely=flag(-2),
)  # fmt: skip
LIKELY = 2


@dataclass(frozen=True)
class Leg(Inputs):
    # Treated now or in the last six months, or palliative.
    active_cancer: bool = given()
    # Paralysis, paresis or a recent cast of the leg.
    paralysis_or_cast: bool = given()
    # In bed for three days or more, or a major operation in the last twelve weeks.
    bedridden_or_operated: bool = given()
    tender_deep_veins: bool = given()
    whole_leg_swollen: bool = given()
    # More than 3 cm wider than the other calf, 10 cm below the tibial tuberosity.
    calf_swollen: bool = given()
    # Only in the symptomatic leg.
    pitting_oedema: bool = given()
    # Superficial veins that are not varicose.
    collateral_veins: bool = given()
    earlier_thrombosis: bool = has(VENOUS_THROMBOEMBOLISM)
    alternative_as_likely: bool = given()


@capability(
    id="wells_deep_vein_thrombosis",
    version="2003",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Wells et al., N Engl J Med 2003;349:1227-35",
    not_for="children (the limit of 18 years is ours); pregnancy, for which it was not made",
    ages=(18, None),
    pregnancy=False,
    chart=CHART,
    unit="{score}",
    caution="Only for somebody in whom a thrombosis is suspected. The record's thromboembolism may have been one of the lung.",
    live=False,
)
def wells_deep_vein_thrombosis(v: Leg) -> Outcome:
    score = CHART(v)
    if "alternative_as_likely" in score.missing:
        return Unknown(score.missing, "without the item that takes points away the score may be lower than the rest")
    tally = Tally()
    tally.chart(score)
    return tally.outcome(_finding)


def _finding(total: int) -> Finding:
    if total >= LIKELY:
        next_step = Suggestion("Ultrasound of the proximal leg veins")
        return Finding(total, f"Wells {total}, deep vein thrombosis likely", Severity.MEDIUM, "{score}", suggestions=(next_step,))
    next_step = Suggestion("D-dimer; ultrasound only if it is raised")
    return Finding(total, f"Wells {total}, deep vein thrombosis unlikely", Severity.NONE, "{score}", suggestions=(next_step,))
