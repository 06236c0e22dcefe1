"""Deauville scale: how hot is what is left of a lymphoma, beside the person's own blood and liver?"""

from dataclasses import dataclass
from typing import Any

from wardline.core.capability import Inputs, capability, given, site
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding, Unknown


def markedly(content: Any) -> float:
    """How many times liver is markedly more: config/site/deauville_markedly.yaml, 2 to 3. Raises `Refused`."""
    if isinstance(content, bool) or not isinstance(content, int | float) or not 2 <= content <= 3:
        raise Refused("deauville_markedly is a number from 2 to 3, how many times the liver is markedly more", code="site")
    return float(content)


@dataclass(frozen=True)
class Hottest(Inputs):
    uptake_above_surroundings: bool = given()
    lesion: float | None = given(required=False)
    blood_pool: float = given()
    liver: float = given()
    new_lesion: bool = given()
    markedly: float = site("deauville_markedly", read=markedly, default=2.0)


@capability(
    id="deauville", version="2010", about="patient", live=False, standing="verified", unit="{score}",
    reference="Barrington et al., Eur J Nucl Med Mol Imaging 2010; 37:1824 (not read here; two independent reprints agree)",
    caution="Blood pool and lesion in the same SUV, liver its highest value. The scale is visual; grade 3 is read by the clinical context.",
)  # fmt: skip
def deauville(v: Hottest) -> Finding | Unknown:
    from wardline.science.imaging.response.deauville import deauville as grade

    if v.uptake_above_surroundings and v.lesion is None:
        return Unknown(missing=("lesion",))
    if min(v.blood_pool, v.liver, v.lesion if v.lesion is not None else v.liver) <= 0:
        return Unknown(reason="an uptake is above 0")
    lesion = v.lesion if v.uptake_above_surroundings else None
    found = grade(lesion, blood_pool=v.blood_pool, liver=v.liver, new_lesion=v.new_lesion, markedly=v.markedly)
    return Finding(found.score, f"Deauville {found.score}", unit="{score}", because=(Evidence("hottest lesion", lesion, None, found.because),))
