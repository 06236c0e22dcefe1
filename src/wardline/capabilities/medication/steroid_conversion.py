"""Glucocorticoid equivalents: which dose of one steroid does as much as this dose of another?

Anti-inflammatory equivalents of 20 mg hydrocortisone as pharmacology texts print them (recalled, one independent implementation has the
same; betamethasone is printed as 0.6 and as 0.75 mg, this is 0.75). For doses by mouth or vein; says nothing about injections into
joints, mineralocorticoid effect or how long a dose lasts.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from wardline.core.capability import Inputs, capability, given
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import plain, rounded

EQUIVALENT = {
    "hydrocortisone": 20.0, "cortisone": 25.0, "prednisone": 5.0, "prednisolone": 5.0, "methylprednisolone": 4.0, "triamcinolone": 4.0,
    "dexamethasone": 0.75, "betamethasone": 0.75,
}  # fmt: skip
"""Milligrams that do as much as 20 mg of hydrocortisone."""
Steroid: TypeAlias = Literal[
    "hydrocortisone", "cortisone", "prednisone", "prednisolone", "methylprednisolone", "triamcinolone", "dexamethasone", "betamethasone"
]


@dataclass(frozen=True)
class Dose(Inputs):
    steroid: Steroid = given()
    dose: float = given()
    """mg"""
    to: Steroid = given()


@capability(
    id="steroid_conversion",
    version="1",
    standing="provisional",
    about="patient",
    reference="Equivalent doses of glucocorticoids as pharmacology textbooks print them (recalled)",
    unit="mg",
    caution="A starting point for changing the steroid. Duration and mineralocorticoid effect differ.",
    live=False,
)
def steroid_conversion(v: Dose) -> Finding:
    if v.dose <= 0:
        raise Refused("dose is a number of milligrams above zero")
    dose = rounded(v.dose * EQUIVALENT[v.to] / EQUIVALENT[v.steroid], 2)
    return Finding(
        value=dose,
        unit="mg",
        summary=f"{plain(v.dose)} mg {v.steroid} do about as much as {plain(dose)} mg {v.to}",
        because=(Evidence("steroid", v.steroid, band=f"{EQUIVALENT[v.steroid]:g} mg"), Evidence("dose", v.dose), Evidence("to", v.to)),
    )
