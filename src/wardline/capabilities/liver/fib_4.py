"""FIB-4: how likely is this liver to be scarred?

Age x AST / (platelets x square root of ALT). Sterling RK et al. Hepatology 2006;43:1317-25 (citation not read here; 600 random vectors
agree between two implementations). Below 1.3 (2.0 from 65 years on) advanced fibrosis is unlikely, above 2.67 likely.
"""

from dataclasses import dataclass
from math import sqrt

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, latest
from wardline.core.findings import Evidence, Finding, Outcome, Unknown
from wardline.core.quantities import rounded

LOW = 1.3
LOW_FROM_65 = 2.0
HIGH = 2.67


@dataclass(frozen=True)
class Fibrosis(Inputs):
    age_years: int = age_years()
    ast: float = latest(c.AST, within=days(90), together=days(2))
    alt: float = latest(c.ALT, within=days(90), together=days(2))
    platelets: float = latest(c.PLATELETS, within=days(90))


@capability(
    id="fib_4",
    version="2006",
    standing="verified",
    about="patient",
    reference="Sterling et al., Development of a simple noninvasive index to predict significant fibrosis, Hepatology 2006;43:1317-25",
    not_for="under 35 years, where it misleads",
    ages=(35, None),
    unit="1",
    caution="Acute hepatitis raises it without scars.",
    live=False,
)
def fib_4(v: Fibrosis) -> Outcome:
    if v.alt <= 0 or v.platelets <= 0:
        return Unknown((), "ALT and platelets must be above zero to divide by them")
    index = rounded(v.age_years * v.ast / (v.platelets * sqrt(v.alt)), 2)
    low = LOW_FROM_65 if v.age_years >= 65 else LOW
    meaning = f"below {low:g}: advanced fibrosis unlikely" if index < low else "indeterminate"
    if index > HIGH:
        meaning = f"above {HIGH:g}: advanced fibrosis likely"
    because = (Evidence("age_years", v.age_years), Evidence("ast", v.ast), Evidence("alt", v.alt), Evidence("platelets", v.platelets))
    return Finding(index, f"FIB-4 {index:.2f}, {meaning}", unit="1", because=because)
