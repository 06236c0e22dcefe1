"""Wells score for pulmonary embolism: how likely is an embolism before any test?

Wells PS et al. Derivation of a simple clinical model to categorize patients probability of pulmonary embolism. Thromb Haemost
2000;83:416-20 (citation not read here; two independent implementations agree on 600 random patients, one of which was read).
More than 4 points: likely.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, given, has, hours, latest
from wardline.core.diseases import VENOUS_THROMBOEMBOLISM
from wardline.core.findings import AtLeast, Evidence, Finding, Outcome, Severity, Suggestion, Unknown
from wardline.core.quantities import plain

POINTS = {
    "signs_of_deep_vein_thrombosis": 3.0, "no_likelier_diagnosis": 3.0, "pulse": 1.5, "immobile_or_operated": 1.5, "earlier_thromboembolism": 1.5,
    "haemoptysis": 1.0, "active_cancer": 1.0,
}  # fmt: skip
FAST = 100  # /min, exceeded
LIKELY = 4


@dataclass(frozen=True)
class Suspicion(Inputs):
    # Leg swelling and pain on pressing the deep veins at least.
    signs_of_deep_vein_thrombosis: bool | None = given(required=False)
    no_likelier_diagnosis: bool | None = given(required=False)
    pulse: float | None = latest(c.PULSE, within=hours(12), required=False, preliminary=True)
    # In bed for three days or more, or an operation in the last four weeks.
    immobile_or_operated: bool | None = given(required=False)
    earlier_thromboembolism: bool | None = has(VENOUS_THROMBOEMBOLISM, required=False)
    haemoptysis: bool | None = given(required=False)
    # Treated now or in the last six months, or palliative: the record's "cancer" alone does not say so.
    active_cancer: bool | None = given(required=False)


@capability(
    id="wells_pulmonary_embolism",
    version="2000",
    standing="verified",
    about="encounter",
    reference="Wells et al., Thromb Haemost 2000;83:416-20",
    not_for="children (the limit of 18 years is ours); pregnancy, for which it was not made",
    ages=(18, None),
    pregnancy=False,
    unit="{score}",
    caution="Only for somebody in whom an embolism is suspected; whether another diagnosis is likelier is the clinician's judgement.",
    live=False,
)
def wells_pulmonary_embolism(v: Suspicion) -> Outcome:
    answers = {name: getattr(v, name) for name in POINTS}
    missing = tuple(name for name, answered in answers.items() if answered is None)
    if len(missing) == len(POINTS):
        return Unknown(missing)
    met = {name: answered > FAST if name == "pulse" else bool(answered) for name, answered in answers.items() if answered is not None}
    total = sum(POINTS[name] for name, is_met in met.items() if is_met)
    finding = _finding(total, tuple(_row(name, answers[name], met.get(name)) for name in POINTS))
    return AtLeast(finding, missing, total + sum(POINTS[name] for name in missing)) if missing else finding


def _row(name: str, answered: float | None, is_met: bool | None) -> Evidence:
    return Evidence(name, answered, band="" if is_met is None else f"{plain(POINTS[name] if is_met else 0)} points")


def _finding(total: float, because: tuple[Evidence, ...]) -> Finding:
    if total > LIKELY:
        next_step = Suggestion("Imaging of the pulmonary arteries without waiting for a D-dimer")
        return Finding(total, f"Wells {plain(total)}, pulmonary embolism likely", Severity.MEDIUM, "{score}", because, suggestions=(next_step,))
    next_step = Suggestion("D-dimer; imaging only if it is raised")
    return Finding(total, f"Wells {plain(total)}, pulmonary embolism unlikely", Severity.NONE, "{score}", because, suggestions=(next_step,))
