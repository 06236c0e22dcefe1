"""Body surface area: how large is this body, for doses and flows that go by it?

Mosteller RD. Simplified calculation of body-surface area. N Engl J Med 1987;317:1098: the square root of height (cm) x weight (kg) / 3600
(citation not read here; an independent implementation agrees).
"""

from dataclasses import dataclass
from math import sqrt

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, latest
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded


@dataclass(frozen=True)
class Size(Inputs):
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)
    height: float = latest(c.HEIGHT, within=days(3650), preliminary=True)


@capability(
    id="body_surface_area",
    version="1987",
    standing="verified",
    about="patient",
    reference="Mosteller, Simplified calculation of body-surface area, N Engl J Med 1987;317:1098",
    unit="m2",
    caution="Other formulas give other areas; a protocol says which one it means. Check the age of the weight.",
    live=False,
)
def body_surface_area(v: Size) -> Finding:
    area = rounded(sqrt(v.height * v.weight / 3600), 2)
    return Finding(
        area, f"Body surface area {area:.2f} m² (Mosteller)", unit="m2", because=(Evidence("weight", v.weight), Evidence("height", v.height))
    )
