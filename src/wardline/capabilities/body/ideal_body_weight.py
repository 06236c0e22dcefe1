"""Ideal and adjusted body weight: which weight do doses go by when somebody is heavy or light for their height?

Devine BJ. Drug Intell Clin Pharm 1974;8:650-5: 50 kg (women 45.5 kg) and 2.3 kg for each inch over 60. Adjusted: ideal and 0.4 of what
the body weighs more. Citations not read here; an independent implementation agrees. Below 60 inches (152.4 cm) the line is only
drawn on, which the answer says.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, latest, sex
from wardline.core.findings import Evidence, Finding, Outcome, Unknown
from wardline.core.quantities import rounded

BASE = {"F": 45.5, "M": 50.0}  # kg at 60 inches
PER_INCH = 2.3
INCH = 2.54
FROM = 60.0
SHARE_OF_EXCESS = 0.4


@dataclass(frozen=True)
class Size(Inputs):
    height: float = latest(c.HEIGHT, within=days(3650), preliminary=True)
    sex: Literal["F", "M"] = sex()
    weight: float | None = latest(c.WEIGHT, within=days(30), required=False, preliminary=True)


@capability(
    id="ideal_body_weight",
    version="1974",
    standing="verified",
    about="patient",
    reference="Devine, Gentamicin therapy, Drug Intell Clin Pharm 1974;8:650-5",
    not_for="under 18 years: made for adults (the limit is ours)",
    ages=(18, None),
    unit="kg",
    caution="Neither is a weight to aim for. A drug's own text says by which weight it is dosed.",
    live=False,
)
def ideal_body_weight(v: Size) -> Outcome:
    ideal = BASE[v.sex] + PER_INCH * (v.height / INCH - FROM)
    if ideal <= 0:
        return Unknown((), "at this height the formula gives no weight")
    because = [Evidence("height", v.height), Evidence("sex", v.sex)]
    summary = f"Ideal body weight {rounded(ideal, 1):.1f} kg"
    if v.height < FROM * INCH:
        summary += ", outside the heights the formula was made for"
    if v.weight is not None:
        adjusted = rounded(ideal + SHARE_OF_EXCESS * (v.weight - ideal), 1)
        because += [Evidence("weight", v.weight), Evidence("adjusted_weight", adjusted, band="ideal and 0.4 of the difference")]
        summary += f", adjusted {adjusted:.1f} kg"
    return Finding(rounded(ideal, 1), summary, unit="kg", because=tuple(because))
