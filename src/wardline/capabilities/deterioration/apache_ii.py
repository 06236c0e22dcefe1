"""APACHE II: how severely ill is this adult in intensive care?

Knaus WA et al. APACHE II: a severity of disease classification system. Crit Care Med 1985;13:818-29 (citation not read here; two independent
implementations agree on 2000 random patients, one of which was read). The worst of 24 hours counts in each row. The points for a venous
bicarbonate in place of the arterial pH were not confirmed and are left out; so is the predicted death rate, which needs the diagnosis.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, age_years, capability, given, hours, latest, series
from wardline.core.findings import Finding, Outcome
from wardline.core.scoring import bands, codes
from wardline.core.tally import Tally

PHYSIOLOGY = (
    ("temperature", bands((29.9, 4), (31.9, 3), (33.9, 2), (35.9, 1), (38.4, 0), (38.9, 1), (40.9, 3), above=4, step=0.1)),
    ("mean_pressure", bands((49, 4), (69, 2), (109, 0), (129, 2), (159, 3), above=4)),
    ("pulse", bands((39, 4), (54, 3), (69, 2), (109, 0), (139, 2), (179, 3), above=4)),
    ("respiratory_rate", bands((5, 4), (9, 2), (11, 1), (24, 0), (34, 1), (49, 3), above=4)),
    ("arterial_ph", bands((7.14, 4), (7.24, 3), (7.32, 2), (7.49, 0), (7.59, 1), (7.69, 3), above=4, step=0.01)),
    ("sodium", bands((110, 4), (119, 3), (129, 2), (149, 0), (154, 1), (159, 2), (179, 3), above=4)),
    ("potassium", bands((2.4, 4), (2.9, 2), (3.4, 1), (5.4, 0), (5.9, 1), (6.9, 3), above=4, step=0.1)),
    ("haematocrit", bands((19.9, 4), (29.9, 2), (45.9, 0), (49.9, 1), (59.9, 2), above=4, step=0.1)),
    ("leukocytes", bands((0.9, 4), (2.9, 2), (14.9, 0), (19.9, 1), (39.9, 2), above=4, step=0.1)),
    ("glasgow_total", bands(*((coma, 15 - coma) for coma in range(3, 15)), above=0)),
)
ARTERIAL_OXYGEN = bands((54, 4), (60, 3), (70, 1), above=0)
GRADIENT = bands((199, 0), (349, 2), (499, 3), above=4)
GRADIENT_FROM = 50  # % inspired oxygen: from here the gradient counts, below it the arterial pressure
CREATININE = bands((0.5, 2), (1.4, 0), (1.9, 2), (3.4, 3), above=4, step=0.1)
AGE = bands((44, 0), (54, 2), (64, 3), (74, 5), above=6)
CHRONIC = codes({"none": 0, "elective postoperative": 2, "nonoperative or emergency postoperative": 5})


@dataclass(frozen=True)
class FirstDay(Inputs):
    temperature: tuple[Reading, ...] = series(c.TEMPERATURE, within=hours(24), preliminary=True)
    mean_pressure: tuple[Reading, ...] = series(c.MEAN_PRESSURE, within=hours(24), preliminary=True)
    pulse: tuple[Reading, ...] = series(c.PULSE, within=hours(24), preliminary=True)
    respiratory_rate: tuple[Reading, ...] = series(c.RESPIRATORY_RATE, within=hours(24), preliminary=True)
    # One blood gas: the pressures and the fraction at which it was drawn.
    inspired_oxygen: float | None = latest(c.INSPIRED_OXYGEN, within=hours(24), preliminary=True, together=hours(4))
    arterial_oxygen: float | None = latest(c.ARTERIAL_OXYGEN, within=hours(24), together=hours(4))
    arterial_carbon_dioxide: float | None = latest(c.ARTERIAL_CARBON_DIOXIDE, within=hours(24), required=False, together=hours(4))
    arterial_ph: tuple[Reading, ...] = series(c.ARTERIAL_PH, within=hours(24))
    sodium: tuple[Reading, ...] = series(c.SODIUM, within=hours(24))
    potassium: tuple[Reading, ...] = series(c.POTASSIUM, within=hours(24))
    creatinine: tuple[Reading, ...] = series(c.CREATININE, within=hours(24))
    acute_renal_failure: bool | None = given()
    haematocrit: tuple[Reading, ...] = series(c.HAEMATOCRIT, within=hours(24))
    leukocytes: tuple[Reading, ...] = series(c.LEUKOCYTES, within=hours(24))
    glasgow_total: tuple[Reading, ...] = series(c.GLASGOW_TOTAL, within=hours(24))
    age_years: int = age_years()
    # Severe organ failure or immune deficiency before this stay, as the paper defines it.
    chronic_health: Literal["none", "elective postoperative", "nonoperative or emergency postoperative"] = given()


@capability(
    id="apache_ii",
    version="1985",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Knaus et al., APACHE II: a severity of disease classification system, Crit Care Med 1985;13:818-29",
    not_for="children (the limit of 16 years is ours)",
    ages=(16, None),
    unit="{score}",
    caution="Made for the first 24 hours in intensive care: ask it as of their end. It compares groups of patients, it does not decide about one.",
    live=False,
)
def apache_ii(v: FirstDay) -> Outcome:
    tally = Tally()
    for name, table in PHYSIOLOGY:
        tally.worst(name, getattr(v, name), table)
    _add_oxygenation(v, tally)
    _add_creatinine(v, tally)
    tally.row("age_years", v.age_years, AGE)
    tally.row("chronic_health", v.chronic_health, CHRONIC)
    return tally.outcome(lambda total: Finding(total, f"APACHE II {total} of 71", unit="{score}"))


def _add_oxygenation(v: FirstDay, tally: Tally) -> None:
    if v.inspired_oxygen is None or v.arterial_oxygen is None:
        tally.left_open("oxygenation", GRADIENT.most, missing="inspired_oxygen" if v.inspired_oxygen is None else "arterial_oxygen")
    elif v.inspired_oxygen < GRADIENT_FROM:
        tally.row("arterial_oxygen", v.arterial_oxygen, ARTERIAL_OXYGEN)
    elif v.arterial_carbon_dioxide is None:
        tally.left_open("alveolar_arterial_gradient", GRADIENT.most, missing="arterial_carbon_dioxide")
    else:
        # Sea level, as the chart has it: 713 mm Hg of dry gas, respiratory quotient 0.8.
        gradient = v.inspired_oxygen / 100 * 713 - v.arterial_carbon_dioxide / 0.8 - v.arterial_oxygen
        tally.row("alveolar_arterial_gradient", gradient, GRADIENT)


def _add_creatinine(v: FirstDay, tally: Tally) -> None:
    """Its points count twice in acute renal failure."""
    if not v.creatinine:
        tally.left_open("creatinine", 2 * CREATININE.most)
        return
    worst = max((reading.value for reading in v.creatinine), key=lambda value: CREATININE.lookup(value)[0])
    given_points, band = CREATININE.lookup(worst)
    if v.acute_renal_failure is None:
        tally.left_open("creatinine", 2 * given_points, least=given_points, value=worst, band=band, missing="acute_renal_failure")
    else:
        tally.known("creatinine", worst, given_points * (2 if v.acute_renal_failure else 1), band)
