"""Differential: which explanations fit these findings, and what should be asked next?

The presentations and their figures are in `wardline.science.diagnosis.published`, recalled and provisional; a site adds its own in
`presentations.yaml`. A finding nobody stated is unknown, never absent. Red flags are a capability of their own and come first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, conditions, days, given, hours, latest, moment, sex, site
from wardline.core.course import Condition
from wardline.core.errors import Refused
from wardline.core.findings import Answer, Evidence, Finding, Severity, Suggestion, Unknown
from wardline.science.diagnosis.charted import charted, said
from wardline.science.diagnosis.differential import Differential, Ranked, differential
from wardline.science.diagnosis.presentations import Presentation
from wardline.science.diagnosis.published.library import library
from wardline.science.diagnosis.red_flags import FINDINGS
from wardline.science.diagnosis.site_presentations import presentations_of

TABLE = "presentations"
NAMED = 3
"""So many explanations are named in the summary."""


@dataclass(frozen=True)
class Findings(Inputs):
    presentation: str = given()
    findings: dict[str, Any] | None = given(required=False)
    age: int | None = age_years(required=False)
    sex: str | None = sex(required=False)
    conditions: tuple[Condition, ...] | None = conditions(required=False)
    temperature: float | None = latest(c.TEMPERATURE, within=hours(24), required=False, preliminary=True)
    d_dimer_feu: float | None = latest(c.D_DIMER_FEU, within=days(2), required=False)
    as_of: datetime | None = moment()
    presentations: tuple[Presentation, ...] = site(TABLE, read=presentations_of, default=())


@capability(
    id="differential",
    version="1",
    standing="provisional",
    about="patient",
    live=False,
    reference="Likelihood ratios of published reviews, named beside each figure in science/diagnosis/published; not read again",
    caution="Only the listed explanations are weighed. It helps to think of them and to choose the next question; it does not diagnose.",
)
def weigh(v: Findings) -> Answer:
    picture = picture_of(v)
    if picture.not_enough:
        return Unknown((), f"not enough to go on: {picture.not_enough}. Ask next: {_next_words(picture)}")
    named = [each for each in picture.ranked if each.condition.code][:NAMED]
    leading = picture.leading
    return Finding(
        value=leading.condition.name if leading is not None else "None of the listed explanations",
        severity=Severity.LOW if any(each.condition.urgency == "emergency" and each.probability >= each.before for each in named) else Severity.NONE,
        summary=", ".join(f"{each.condition.name} {_percent(each.probability)}" for each in named),
        because=tuple(line for each in named for line in _lines(each)),
        suggestions=tuple(
            Suggestion(f"{'Test' if each.question.kind == 'test' else 'Ask or look'}: {each.question.ask}") for each in picture.next[:NAMED]
        ),
    )


def picture_of(v: Findings) -> Differential:
    """The whole differential behind the answer. Raises `Refused` for a presentation, question or answer there is not."""
    known = library(v.presentations)
    if not isinstance(v.presentation, str) or v.presentation not in known:
        raise Refused(f"presentation is one of {', '.join(known)}", where="presentation")
    return differential(known[v.presentation], answers_of(v), age=v.age, sex=v.sex)


def answers_of(v: Findings) -> dict[str, str]:
    """What the record answers, and on top of it what somebody says."""
    presentation = library(v.presentations)[v.presentation]
    values = {"temperature": v.temperature, "d_dimer_feu": v.d_dimer_feu}
    return charted(presentation, v.conditions or (), values, v.as_of) | _of_it(presentation, said(v.findings))


def of_the_site(site: Mapping[str, Any]) -> tuple[Presentation, ...]:
    """The site's own presentations, where it has some."""
    content = site.get(TABLE)
    return presentations_of(content) if content is not None else ()


def _of_it(presentation: Presentation, answers: dict[str, str]) -> dict[str, str]:
    """Without findings that only red flags ask for: both are asked with the same findings."""
    return {name: answer for name, answer in answers.items() if name in presentation.places or name not in FINDINGS}


def _lines(ranked: Ranked) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(each.question.id, each.answer, band=f"{ranked.condition.name}: {each.ratio:.2g} times as likely ({each.source})")
        for each in (*ranked.speaks_for, *ranked.speaks_against)
    )


def _next_words(picture: Differential) -> str:
    return "; ".join(each.question.ask for each in picture.next[:NAMED])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"
