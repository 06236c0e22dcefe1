"""HOMA-IR: does this body need too much insulin for its sugar?

Fasting glucose (mg/dL) x fasting insulin (mIU/L) / 405. Matthews DR et al. Diabetologia 1985;28:412-9 (citation not read here; the constant
is 22.5 in mmol/L times 18). Which value is too high depends on the insulin assay and the population, so no limit is set here.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, given, hours, latest
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

DIVISOR = 405.0


@dataclass(frozen=True)
class Fasting(Inputs):
    glucose: float = latest(c.GLUCOSE, within=hours(24))
    insulin: float = given()
    """mIU/L, of the same fasting sample."""
    fasting: bool = given()


@capability(
    id="homa_ir",
    version="1985",
    standing="provisional",
    about="patient",
    reference="Matthews et al., Homeostasis model assessment, Diabetologia 1985;28:412-9",
    not_for="blood that was not taken fasting",
    unit="1",
    caution="Insulin assays differ; compare only values of one laboratory. Means nothing on insulin treatment.",
    live=False,
)
def homa_ir(v: Fasting) -> Outcome:
    if v.insulin <= 0:
        raise Refused("insulin is a number above zero, in mIU/L")
    if not v.fasting:
        return NotValid("HOMA-IR needs blood that was taken fasting")
    index = rounded(v.glucose * v.insulin / DIVISOR, 2)
    return Finding(index, f"HOMA-IR {index:.2f}", unit="1", because=(Evidence("glucose", rounded(v.glucose, 1)), Evidence("insulin", v.insulin)))
