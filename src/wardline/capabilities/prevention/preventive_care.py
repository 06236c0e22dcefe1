"""Preventive care: which checks does the task force recommend for a person of this age and sex?

A list to talk about, not an order: what was already done elsewhere, and what does not apply, only a person knows. Services that need more
than age and sex say what.
"""

from dataclasses import dataclass
from typing import Final

from wardline.core.capability import Inputs, age_years, capability, given, sex
from wardline.core.findings import Evidence, Finding, Outcome
from wardline.science.prevention.recommendations import RECOMMENDATIONS, Recommendation

GRADES: Final = {"A": "strongly recommended", "B": "recommended"}


@dataclass(frozen=True)
class Somebody(Inputs):
    age_years: int = age_years()
    sex: str = sex()
    done: str | None = given(required=False)
    """Ids of services already done in time, with spaces between."""


@capability(
    id="preventive_care",
    version="2025",
    standing="provisional",
    about="patient",
    live=False,
    ages=(15, None),
    not_for="children under 15",
    reference="US Preventive Services Task Force, grade A and B recommendations 2018-2025 (recalled, not read again)",
    caution="For people without symptoms and at average risk. Ages and grades are to be compared with the task force's page before use.",
)
def preventive_care(v: Somebody) -> Outcome:
    done = set((v.done or "").split())
    due = [each for each in RECOMMENDATIONS if each.ages[0] <= v.age_years <= each.ages[1] and each.sex in ("", v.sex) and each.id not in done]
    because = tuple(Evidence("age_years", each.service, band=_words(each)) for each in due)
    names = ", ".join(each.service.lower() for each in due)
    return Finding(
        len(due), f"{len(due)} preventive services to talk about: {names}" if due else "No preventive service by age and sex", because=because
    )


def _words(each: Recommendation) -> str:
    last = "and over" if each.ages[1] > 100 else f"to {each.ages[1]}"
    often = "" if each.every_years is None else f", every {each.every_years:g} years" if each.every_years != 1 else ", every year"
    return f"grade {each.grade} ({GRADES[each.grade]}), {each.year}, {each.ages[0]} {last} years{often}{'; if ' + each.also if each.also else ''}"
