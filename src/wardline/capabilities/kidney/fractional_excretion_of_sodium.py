"""Fractional excretion of sodium: do the kidneys still hold on to salt?

(urine sodium x serum creatinine) / (serum sodium x urine creatinine) x 100. Espinel CH. The FENa test. JAMA 1976;236:579-81 (citation not
read here; the MSD Manual's calculator, read, has the same formula and limits): below 1 % before the kidney, above 2 % in it, between them
either. Diuretics drive sodium out and make it mean nothing.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, given, hours, latest
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

BEFORE_KIDNEY, IN_KIDNEY = 1.0, 2.0  # %


@dataclass(frozen=True)
class SpotUrine(Inputs):
    # Urine and blood of the same hours; six are our choice.
    urine_sodium: float = latest(c.URINE_SODIUM, within=hours(24), together=hours(6))
    urine_creatinine: float = latest(c.URINE_CREATININE, within=hours(24), together=hours(6))
    sodium: float = latest(c.SODIUM, within=hours(24), together=hours(6))
    creatinine: float = latest(c.CREATININE, within=hours(24), together=hours(6))
    on_diuretics: bool | None = given(required=False)


@capability(
    id="fractional_excretion_of_sodium",
    version="1976",
    standing="verified",
    about="patient",
    reference="Espinel, The FENa test, JAMA 1976;236:579-81",
    not_for="patients on diuretics",
    unit="%",
    caution="Only means something in acute kidney injury with little urine. Low values also come with glomerulonephritis and contrast media.",
    live=False,
)
def fractional_excretion_of_sodium(v: SpotUrine) -> Outcome:
    if v.on_diuretics:
        return NotValid("Diuretics drive sodium out: its excretion means nothing under them")
    excreted = rounded(v.urine_sodium * v.creatinine / (v.sodium * v.urine_creatinine) * 100, 2)
    unchecked = "" if v.on_diuretics is False else "; whether diuretics were given is not known"
    names = ("urine_sodium", "urine_creatinine", "sodium", "creatinine")
    return Finding(
        value=excreted,
        unit="%",
        summary=f"FENa {excreted:.1f} %, {_meaning(excreted)}{unchecked}",
        because=tuple(Evidence(name, rounded(getattr(v, name), 2)) for name in names),
    )


def _meaning(excreted: float) -> str:
    if excreted < BEFORE_KIDNEY:
        return "as when too little blood reaches the kidney"
    return "as in damage of the kidney itself" if excreted > IN_KIDNEY else "between the two limits"
