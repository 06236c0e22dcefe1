"""Body mass index: how heavy is this person for their height?

Weight in kg divided by the square of the height in m. The bands for adults are those of WHO Technical Report Series 894 (2000): under
18.5 underweight, from 25 overweight, from 30 obese (citation not read here; the bands are general knowledge, the arithmetic is exact).
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, latest
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded
from wardline.core.scoring import bands

ADULT = 18
BANDS = bands((18.4, 0), (24.9, 1), (29.9, 2), above=3, step=0.1)
NAMES = ("underweight", "normal weight", "overweight", "obesity")


@dataclass(frozen=True)
class Size(Inputs):
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)
    height: float = latest(c.HEIGHT, within=days(3650), preliminary=True)
    age_years: int = age_years()


@capability(
    id="body_mass_index",
    version="2000",
    standing="verified",
    about="patient",
    reference="WHO, Obesity: preventing and managing the global epidemic, Technical Report Series 894, 2000",
    unit="kg/m2",
    caution="Oedema, pregnancy and amputations make it say something else. In children it means nothing without its centile.",
    live=False,
)
def body_mass_index(v: Size) -> Finding:
    index = rounded(v.weight / (v.height / 100) ** 2, 1)
    meaning = f", {NAMES[BANDS.lookup(index)[0]]}" if v.age_years >= ADULT else ""
    because = (Evidence("weight", v.weight), Evidence("height", v.height), Evidence("age_years", v.age_years))
    return Finding(index, f"BMI {index:.1f} kg/m²{meaning}", unit="kg/m2", because=because)
