"""Morse Fall Scale: how likely is this patient to fall?

Morse JM, Morse RM, Tylko SJ. Can J Aging 1989;8:366-77 (citation not read here; three transcriptions agree; one published page has two of
the weights the wrong way round). Only the arithmetic: the scale's own texts are its authors'. 0 to 125. From which score on a ward acts
is each institution's decision; without the site's limits no level of risk is claimed.
"""

from dataclasses import dataclass
from typing import Any, Literal

from wardline.core.capability import Inputs, capability, given, site
from wardline.core.errors import Refused
from wardline.core.findings import Finding
from wardline.core.scoring import codes, flag, points

CHART = points(
    fall_history=flag(25),
    secondary_diagnosis=flag(15),
    walking_aid=codes({"none": 0, "crutch": 15, "furniture": 30}),
    intravenous_access=flag(20),
    gait=codes({"normal": 0, "weak": 10, "impaired": 20}),
    overestimates_ability=flag(15),
)
HIGHEST = 125


def limits(content: Any) -> tuple[float, float]:
    """The site's two limits: from the first on the risk is moderate, from the second on high."""
    known: dict[str, Any] = content if isinstance(content, dict) else {}
    numbers = [each for name in ("moderate", "high") if isinstance(each := known.get(name), int | float)]
    if len(known) != 2 or len(numbers) != 2 or not 0 < numbers[0] < numbers[1] <= HIGHEST:
        raise Refused("morse_limits is two rising scores such as {moderate: 25, high: 45}", code="site-table")
    return float(numbers[0]), float(numbers[1])


@dataclass(frozen=True)
class Assessment(Inputs):
    fall_history: bool = given()
    secondary_diagnosis: bool = given()
    walking_aid: Literal["none", "crutch", "furniture"] = given()
    intravenous_access: bool = given()
    gait: Literal["normal", "weak", "impaired"] = given()
    overestimates_ability: bool = given()
    # Nobody's limits hold everywhere: without them the number stands alone.
    morse_limits: tuple[float, float] = site("morse_limits", read=limits, default=())


@capability(
    id="morse",
    version="1989",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Morse et al., Development of a scale to identify the fall-prone patient, Can J Aging 1989;8:366-77",
    not_for="children: made for adults (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="From which score on something is done is for the institution to calibrate.",
    live=False,
)
def morse(v: Assessment) -> Finding:
    score = CHART(v)
    return Finding(score.total, f"Morse {score.total} of 125{_level(score.total, v.morse_limits)}", unit="{score}", because=score.rows)


def _level(total: int, site_limits: tuple[float, ...]) -> str:
    if not site_limits:
        return ""
    moderate, high = site_limits
    return ", high" if total >= high else ", moderate" if total >= moderate else ", low"
