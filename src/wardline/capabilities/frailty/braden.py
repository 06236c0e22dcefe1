"""Braden: how likely is this skin to break down under pressure?

Bergstrom N, Braden BJ, Laguzza A, Holman V. Nurs Res 1987;36:205-10 (citation not read here). Only the sum of the six charted items: the
scale and its texts are copyrighted (Braden and Bergstrom 1988), and its use needs permission. 6 to 23, the lower the worse. From which
score on a ward acts is each institution's decision.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding

SHIFT = hours(24)


@dataclass(frozen=True)
class Skin(Inputs):
    braden_sensory: float = latest(c.BRADEN_SENSORY, within=SHIFT)
    braden_moisture: float = latest(c.BRADEN_MOISTURE, within=SHIFT)
    braden_activity: float = latest(c.BRADEN_ACTIVITY, within=SHIFT)
    braden_mobility: float = latest(c.BRADEN_MOBILITY, within=SHIFT)
    braden_nutrition: float = latest(c.BRADEN_NUTRITION, within=SHIFT)
    braden_friction: float = latest(c.BRADEN_FRICTION, within=SHIFT)


@capability(
    id="braden",
    version="1987",
    standing="verified",
    about="encounter",
    reference="Bergstrom et al., The Braden Scale for Predicting Pressure Sore Risk, Nurs Res 1987;36:205-10",
    not_for="under 5 years (Braden Q is used instead)",
    ages=(5, None),
    unit="{score}",
    caution="The sum only; item texts need the permission of the copyright holders. Lower is worse.",
    live=False,
)
def braden(v: Skin) -> Finding:
    items = {name: getattr(v, name) for name in v.__dataclass_fields__}
    halves = [name for name, value in items.items() if value != int(value)]
    if halves:
        raise Refused(f"{halves[0]} is a whole number")
    because = tuple(Evidence(name, value, int(value)) for name, value in items.items())
    total = int(sum(items.values()))
    return Finding(total, f"Braden {total} of 23, the lower the worse", unit="{score}", because=because)
