"""Gentamicin dosing: which interval lets this adult's trough fall far enough after one large daily dose?

A population model (Xuan 2004) says what to expect; every measured level moves it towards this patient. One dose of 7 mg/kg (or what the
asker says), as often as the trough before the next dose stays below 1 mg/L. The dose is a draft to sign.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, age_years, capability, days, doses, given, hours, latest, moment, series, sex
from wardline.core.course import Given
from wardline.core.findings import Draft, Evidence, Outcome, Unknown
from wardline.core.quantities import plain, rounded
from wardline.science.medication.pharmacokinetics.dosing import GENTAMICIN, estimated, grounds, reasons
from wardline.science.medication.pharmacokinetics.proposing import regimen

# Nicolau DP et al. Antimicrob Agents Chemother 1995;39:650-5: 7 mg/kg, every 24 to 48 hours; the trough limit of 1 mg/L is the usual one
# of once-daily dosing (British National Formulary). Both recalled, not read.
PER_KG: Final = 7.0
TROUGH: Final = 1.0
INTERVALS: Final = (24.0, 36.0, 48.0)
INFUSION: Final = 0.5
ROUNDED_TO: Final = 20.0


@dataclass(frozen=True)
class Gentamicin(Inputs):
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)
    creatinine: float = latest(c.CREATININE, within=hours(48))
    height: float | None = latest(c.HEIGHT, within=days(3650), required=False, preliminary=True)
    gentamicin_level: tuple[Reading, ...] | None = series(c.GENTAMICIN_LEVEL, within=days(10), required=False)
    doses: tuple[Given, ...] | None = doses(within=days(10), required=False)
    mg_per_kg: float = given(default=PER_KG)
    haemodialysis: bool | None = given(required=False)
    as_of: datetime | None = moment()


@capability(
    id="gentamicin_dosing",
    version="1",
    standing="provisional",
    about="patient",
    reference="Xuan D et al. Int J Antimicrob Agents 2004;23:291-5 (model); Nicolau DP et al. 1995 (dose); see the module",
    not_for="under 18 years, in pregnancy",
    ages=(18, None),
    pregnancy=False,
    unit="mg",
    caution="A draft to sign. Not for endocarditis, burns, ascites or cystic fibrosis, whose doses differ. Measure a level after the first dose.",
    live=False,
)
def gentamicin_dosing(v: Gentamicin) -> Outcome:
    if v.haemodialysis:
        return Unknown((), "on dialysis doses follow levels: ask a pharmacist")
    if v.gentamicin_level and not v.doses:
        return Unknown(("doses",), "a level says nothing without the doses before it")
    if not 1 <= v.mg_per_kg <= 10:
        return Unknown(("mg_per_kg",), "a dose of 1 to 10 mg/kg is expected")
    found = estimated(
        GENTAMICIN, age_years=v.age_years, sex=v.sex, weight=v.weight, height=v.height, creatinine=v.creatinine, on_dialysis=False,
        doses=v.doses, levels=v.gentamicin_level,
    )  # fmt: skip
    because = reasons(found, v.creatinine, "gentamicin_level")
    amount = round(v.mg_per_kg * found.weight / ROUNDED_TO) * ROUNDED_TO
    offered = [regimen(found.person, amount, every, INFUSION) for every in INTERVALS]
    fitting = next((each for each in offered if each.trough < TROUGH), None)
    if fitting is None:
        return Unknown((), f"even every 48 hours the trough would be {offered[-1].trough:.1f} mg/L: dose by levels, or choose another drug")
    because.lines += [
        Evidence("peak", rounded(fitting.peak, 1), band="end of the infusion, mg/L"),
        Evidence("trough", rounded(fitting.trough, 2), band="before the next dose, mg/L"),
    ]
    return Draft(
        f"Gentamicin {plain(amount)} mg every {plain(fitting.every)} hours over 30 min: expected peak {fitting.peak:.0f}, "
        f"trough {fitting.trough:.1f} mg/L; {grounds(found)}",
        tuple(because.lines),
    )  # fmt: skip
