"""Maintenance fluids: how much fluid an hour does this body lose and need back?

Holliday MA, Segar WE. Pediatrics 1957;19:823-32, as the 4-2-1 rule: 4 mL/kg/h for the first 10 kg, 2 for the next 10, 1 for each further kg
(citation not read here; an independent implementation agrees).
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, latest
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded

STEPS = ((10.0, 4.0), (10.0, 2.0))  # kg, mL/kg/h
BEYOND = 1.0


@dataclass(frozen=True)
class Size(Inputs):
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)


@capability(
    id="maintenance_fluids",
    version="1957",
    standing="verified",
    about="patient",
    reference="Holliday and Segar, The maintenance need for water in parenteral fluid therapy, Pediatrics 1957;19:823-32",
    unit="mL/h",
    caution="For the usual losses of a resting body: not for newborns, burns, heart or kidney failure, or losses that must be replaced.",
    live=False,
)
def maintenance_fluids(v: Size) -> Finding:
    rate, left = 0.0, v.weight
    for kilograms, per_kilogram in STEPS:
        rate += min(left, kilograms) * per_kilogram
        left = max(left - kilograms, 0.0)
    rate = rounded(rate + left * BEYOND, 1)
    return Finding(rate, f"Maintenance fluids {rate:g} mL/h", unit="mL/h", because=(Evidence("weight", v.weight, band="4, 2 and 1 mL/kg/h"),))
