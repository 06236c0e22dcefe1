"""FeverPAIN: how likely are streptococci in this sore throat, by the British rule?

Little P et al. BMJ 2013;347:f5806 (citation not read here; an independent implementation agrees). One point each: fever in the last 24
hours, purulence, attending within three days, inflamed tonsils, no cough or cold.
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, capability, given
from wardline.core.findings import Finding
from wardline.core.scoring import flag, points

CHART = points(fever_last_day=flag(1), purulent_tonsils=flag(1), within_three_days=flag(1), severe_inflammation=flag(1), no_cough_or_cold=flag(1))


@dataclass(frozen=True)
class Throat(Inputs):
    fever_last_day: bool = given()
    purulent_tonsils: bool = given()
    within_three_days: bool = given()
    severe_inflammation: bool = given()
    no_cough_or_cold: bool = given()


@capability(
    id="fever_pain",
    version="2013",
    standing="verified",
    about="patient",
    additive=True,
    reference="Little et al., Clinical score and rapid antigen detection test to guide antibiotic use for sore throats (PRISM), BMJ 2013;347:f5806",
    not_for="under 3 years",
    ages=(3, None),
    chart=CHART,
    unit="{score}",
    caution="Says how likely streptococci are, not how ill the patient is.",
    live=False,
)
def fever_pain(v: Throat) -> Finding:
    score = CHART(v)
    return Finding(score.total, f"FeverPAIN {score.total} of 5", unit="{score}", because=score.rows)
