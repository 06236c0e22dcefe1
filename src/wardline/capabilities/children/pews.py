"""PEWS, a paediatric early warning score: is this child getting worse?

There is no single PEWS: England, Scotland and Ireland each have their own charts by age, and none of them could be read and confirmed here. So the
chart is the hospital's, from its site table `pews_chart`, and without a signed one nothing is scored. What every one of them shares is built in: a
worried carer or nurse escalates whatever the score is.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.capabilities.children.pews_chart import TABLE, PewsChart, pews_chart
from wardline.core import concepts as c
from wardline.core.bedside import on_oxygen
from wardline.core.capability import Inputs, age_years, capability, given, hours, latest, site
from wardline.core.findings import AtLeast, Evidence, Finding, NotValid, Outcome, Severity, Unknown
from wardline.core.scoring import Score


@dataclass(frozen=True)
class Child(Inputs):
    pews_chart: PewsChart = site(TABLE, read=pews_chart)
    age_years: int = age_years()
    respiratory_rate: float | None = latest(c.RESPIRATORY_RATE, within=hours(12), required=False, preliminary=True)
    # How hard the child works to breathe.
    respiratory_distress: Literal["none", "mild", "moderate", "severe"] | None = given(required=False)
    oxygen_saturation: float | None = latest(c.OXYGEN_SATURATION, within=hours(12), required=False, preliminary=True)
    supplemental_oxygen: bool | None = latest(
        c.SUPPLEMENTAL_OXYGEN, c.INSPIRED_OXYGEN, c.OXYGEN_FLOW, within=hours(12), required=False, convert=on_oxygen, preliminary=True
    )
    pulse: float | None = latest(c.PULSE, within=hours(12), required=False, preliminary=True)
    systolic_pressure: float | None = latest(c.SYSTOLIC_PRESSURE, within=hours(12), required=False, preliminary=True)
    # Seconds.
    capillary_refill: float | None = given(required=False)
    temperature: float | None = latest(c.TEMPERATURE, within=hours(12), required=False, preliminary=True)
    consciousness: str | None = latest(c.CONSCIOUSNESS, within=hours(12), required=False, preliminary=True)
    carer_is_worried: bool | None = given(required=False)
    nurse_is_worried: bool | None = given(required=False)


@capability(
    id="pews",
    version="site",
    standing="provisional",
    about="encounter",
    reference="The hospital's own chart, named in the answer",
    not_for="adults; the ages of the chart decide",
    ages=(0, 17),
    unit="{score}",
    caution="Whether the carer is worried must be asked; it is not on any monitor.",
    live=False,
)
def pews(v: Child) -> Outcome:
    table = v.pews_chart
    if not table.is_signed:
        return Unknown((TABLE,), f"{table.title}, version {table.version}, is not signed")
    chart = table.of_age(v.age_years)
    if chart is None:
        return NotValid(f"{table.title} has no chart for {v.age_years} years")
    score = chart(v)
    is_worried = bool(v.carer_is_worried or v.nurse_is_worried)
    if len(score.missing) == len(score.rows) and not is_worried:
        return Unknown(score.missing)
    finding = _finding(v, table, score, is_worried)
    missing = (*score.missing, *(("carer_is_worried",) if v.carer_is_worried is None else ()))
    return AtLeast(finding, missing, score.at_most) if missing else finding


def _finding(v: Child, table: PewsChart, score: Score, is_worried: bool) -> Finding:
    severity = max(table.severity(score.total), Severity.MEDIUM if is_worried else Severity.NONE)
    worries = tuple(
        Evidence(name, "yes" if worried else "no", band="escalates whatever the score" if worried else "")
        for name, worried in (("carer_is_worried", v.carer_is_worried), ("nurse_is_worried", v.nurse_is_worried))
        if worried is not None
    )
    summary = f"{table.title} {score.total}{', and somebody who knows the child is worried' if is_worried else ''}"
    return Finding(score.total, summary, severity, "{score}", (*score.rows, *worries))
