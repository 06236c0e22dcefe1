"""Delta ratio: does the raised anion gap explain all of the bicarbonate that is lost?

(Anion gap - 12) / (24 - bicarbonate), with 12 and 24 mmol/L for normal. Below 1 more bicarbonate is lost than the gap explains, from 1 to 2 the
gap explains it, above 2 there was more bicarbonate to begin with (three teaching pages, read). Other pages part at 0.4 and 0.8, and each
laboratory's normal gap is its own; a patient's usual values would be better. So it is provisional.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, hours, latest
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

NORMAL_GAP, NORMAL_BICARBONATE = 12.0, 24.0  # mmol/L
NORMAL_ALBUMIN, HIDDEN_BY_ALBUMIN = 4.0, 2.5  # g/dL, mmol/L per g/dL: Figge 1998, as in the anion gap
PURE_FROM, PURE_TO = 1.0, 2.0


@dataclass(frozen=True)
class Sample(Inputs):
    # One draw; the half hour is our choice.
    sodium: float = latest(c.SODIUM, within=hours(12), together=hours(0.5))
    chloride: float = latest(c.CHLORIDE, within=hours(12), together=hours(0.5))
    bicarbonate: float = latest(c.BICARBONATE, within=hours(12), together=hours(0.5))
    albumin: float | None = latest(c.ALBUMIN, within=days(4), required=False)


@capability(
    id="delta_ratio",
    version="1",
    standing="provisional",
    about="patient",
    reference="Delta ratio with a normal anion gap of 12 and a normal bicarbonate of 24 mmol/L",
    not_for="a bicarbonate of 24 mmol/L or more: none is lost",
    unit="{ratio}",
    caution="Only in metabolic acidosis with a raised anion gap; a blood gas says more (blood_gas_interpretation).",
    live=False,
)
def delta_ratio(v: Sample) -> Outcome:
    gap = v.sodium - v.chloride - v.bicarbonate
    if v.albumin is not None:
        gap += HIDDEN_BY_ALBUMIN * (NORMAL_ALBUMIN - v.albumin)
    more, lost = gap - NORMAL_GAP, NORMAL_BICARBONATE - v.bicarbonate
    if lost <= 0:
        return NotValid("Bicarbonate is not below 24 mmol/L: none is lost")
    ratio = rounded(more / lost, 2)
    return Finding(
        value=ratio,
        unit="{ratio}",
        summary=f"Delta ratio {ratio:.2f}, {_meaning(more, ratio)}",
        because=(
            Evidence("sodium", v.sodium),
            Evidence("chloride", v.chloride),
            Evidence("bicarbonate", rounded(v.bicarbonate, 1)),
            Evidence("albumin", v.albumin),
            Evidence("delta_gap", rounded(more, 2), band="corrected for albumin" if v.albumin is not None else "not corrected for albumin"),
        ),
    )


def _meaning(more: float, ratio: float) -> str:
    if more <= 0:
        return "the anion gap is not raised"
    if ratio < PURE_FROM:
        return "acidosis with a normal gap as well"
    return "metabolic alkalosis as well" if ratio > PURE_TO else "the gap explains the acidosis"
