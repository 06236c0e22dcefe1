"""Mean arterial pressure: what pressure drives blood through the organs when only a cuff was used?

A third of the systolic and two thirds of the diastolic pressure: the usual estimate at resting pulse. A measured mean goes before it.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest, minutes
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded


@dataclass(frozen=True)
class Cuff(Inputs):
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=hours(12), preliminary=True, together=minutes(2))
    diastolic_pressure: float = latest(c.DIASTOLIC_PRESSURE, within=hours(12), preliminary=True, together=minutes(2))
    mean_pressure: float | None = latest(c.MEAN_PRESSURE, within=hours(12), required=False, preliminary=True)


@capability(
    id="mean_arterial_pressure",
    version="1",
    standing="verified",
    about="encounter",
    reference="The arithmetic of (systolic + 2 x diastolic) / 3, as textbooks of physiology and an independent implementation have it",
    unit="mm[Hg]",
    caution="Too low at a fast pulse. A measured mean pressure is better.",
    live=False,
)
def mean_arterial_pressure(v: Cuff) -> Outcome:
    if v.diastolic_pressure > v.systolic_pressure:
        return NotValid("the diastolic pressure is above the systolic: one of them is wrong")
    mean = rounded((v.systolic_pressure + 2 * v.diastolic_pressure) / 3)
    measured = f"; measured {v.mean_pressure:g}, prefer it" if v.mean_pressure is not None else ""
    because = tuple(Evidence(name, getattr(v, name)) for name in v.__dataclass_fields__ if getattr(v, name) is not None)
    return Finding(mean, f"Mean arterial pressure about {mean:g} mmHg{measured}", unit="mm[Hg]", because=because)
