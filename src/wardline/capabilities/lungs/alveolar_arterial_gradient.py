"""Alveolar-arterial oxygen gradient: does oxygen pass from this patient's lungs into the blood as it should?

Alveolar oxygen = inspired fraction x (barometric pressure - 47) - PaCO2 / 0.8; the gradient is what of it does not arrive. Expected on room
air about age / 4 + 4 mm Hg. Both formulas as a textbook page and three independent calculators print them (read here). At sea level the
pressure is 760 mm Hg; a site above it enters its own, or every gradient comes out too wide.
"""

from dataclasses import dataclass
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, hours, latest, minutes, site
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded

SEA_LEVEL = 760.0  # mm Hg
WATER_VAPOUR = 47.0  # mm Hg at 37 Cel
RESPIRATORY_QUOTIENT = 0.8
ROOM_AIR = 21.0  # %


def pressure(content: Any) -> float:
    """The site's barometric pressure in mm Hg."""
    if isinstance(content, bool) or not isinstance(content, int | float) or not 400 <= content <= 820:
        raise Refused("barometric_pressure is the usual pressure at the site, 400 to 820 mm Hg", code="site-table")
    return float(content)


@dataclass(frozen=True)
class BloodGas(Inputs):
    # One blood gas; the half hour is our choice. The inspired oxygen stays set for longer.
    arterial_oxygen: float = latest(c.ARTERIAL_OXYGEN, within=hours(12), together=minutes(30))
    arterial_carbon_dioxide: float = latest(c.ARTERIAL_CARBON_DIOXIDE, within=hours(12), together=minutes(30))
    inspired_oxygen: float = latest(c.INSPIRED_OXYGEN, within=hours(12), preliminary=True)
    age_years: int | None = age_years(required=False)
    # The formula's own default is sea level.
    barometric_pressure: float = site("barometric_pressure", read=pressure, default=SEA_LEVEL)


@capability(
    id="alveolar_arterial_gradient",
    version="1",
    standing="verified",
    about="encounter",
    reference="Alveolar gas equation with a respiratory quotient of 0.8; expected gradient age / 4 + 4 mm Hg",
    unit="mm[Hg]",
    caution="The expected value holds on room air; the gradient widens with the inspired oxygen in healthy lungs, too.",
    live=False,
)
def alveolar_arterial_gradient(v: BloodGas) -> Finding:
    alveolar = v.inspired_oxygen / 100 * (v.barometric_pressure - WATER_VAPOUR) - v.arterial_carbon_dioxide / RESPIRATORY_QUOTIENT
    gradient = rounded(alveolar - v.arterial_oxygen, 1)
    return Finding(
        value=gradient,
        unit="mm[Hg]",
        summary=f"A-a gradient {rounded(gradient):.0f} mm Hg{_expected(v)}",
        because=(
            Evidence("arterial_oxygen", rounded(v.arterial_oxygen, 1)),
            Evidence("arterial_carbon_dioxide", rounded(v.arterial_carbon_dioxide, 1)),
            Evidence("inspired_oxygen", v.inspired_oxygen),
            Evidence("barometric_pressure", v.barometric_pressure),
            Evidence("alveolar_oxygen", rounded(alveolar, 1)),
        ),
    )


def _expected(v: BloodGas) -> str:
    if v.age_years is None or v.inspired_oxygen > ROOM_AIR:
        return ""
    return f", expected about {rounded(v.age_years / 4 + 4):.0f} at {v.age_years} years on air"
