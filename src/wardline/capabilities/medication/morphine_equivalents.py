"""Morphine milligram equivalents: how much opioid does this patient take in a day, all of them together?

Dowell D et al. CDC Clinical Practice Guideline for Prescribing Opioids for Pain. MMWR Recomm Rep 2022;71(3):1-95, table of conversion
factors (the table was read). Others, fentanyl but for patches among them, have no factor there and are refused rather than guessed.
"""

from dataclasses import dataclass
from typing import Any

from wardline.core.capability import Inputs, capability, given
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import plain, rounded

FACTORS = {
    "codeine": 0.15, "fentanyl patch": 2.4, "hydrocodone": 1.0, "hydromorphone": 5.0, "methadone": 4.7, "morphine": 1.0, "oxycodone": 1.5,
    "oxymorphone": 3.0, "tapentadol": 0.4, "tramadol": 0.2,
}  # fmt: skip
"""By mouth, for each mg a day; the patch for each ug/h."""


@dataclass(frozen=True)
class Opioids(Inputs):
    opioids: dict[str, float] = given()
    """Each opioid with what is taken of it in a day, in mg; a fentanyl patch with its ug/h."""


@capability(
    id="morphine_equivalents",
    version="cdc2022",
    standing="verified",
    about="patient",
    reference="Dowell et al., CDC Clinical Practice Guideline for Prescribing Opioids for Pain, MMWR Recomm Rep 2022;71(3):1-95",
    unit="mg/d",
    caution="Measures exposure. Never the dose to change to: a new opioid starts substantially lower. Methadone and patches are the least certain.",
    live=False,
)
def morphine_equivalents(v: Opioids) -> Finding:
    doses = _doses(v.opioids)
    equal = {name: dose * FACTORS[name] for name, dose in doses.items()}
    because = tuple(Evidence(name, dose, band=f"{plain(rounded(equal[name], 2))} mg of morphine") for name, dose in doses.items())
    total = rounded(sum(equal.values()), 1)
    return Finding(total, f"Opioids equal to {plain(total)} mg of morphine a day", unit="mg/d", because=because)


def _doses(said: Any) -> dict[str, float]:
    if not isinstance(said, dict) or not said:
        raise Refused('opioids is an object such as {"oxycodone": 40}: mg in a day, for a fentanyl patch ug/h')
    for name, dose in said.items():
        if name not in FACTORS:
            raise Refused(f"the guideline has no factor for {name!r}; it has {', '.join(FACTORS)}")
        if isinstance(dose, bool) or not isinstance(dose, int | float) or not 0 <= dose < 100_000:
            raise Refused(f"opioids.{name} is a number")
    return {name: float(said[name]) for name in FACTORS if name in said}
