"""Charlson: how heavily do this patient's other diseases weigh?

Charlson ME et al. J Chronic Dis 1987;40:373-83 (weights of 1987, with and without age) and Quan H et al. Am J Epidemiol 2011;173:676-82
(weights of 2011), on Quan's code lists of 2005 (see `charlson_groups`). What others leave open is fixed here: the severer of a pair
displaces the milder one (liver, diabetes, cancer); age adds nothing below 50, then one point for each ten years begun, four at most from 80.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from wardline.core.capability import Inputs, age_years, capability, conditions
from wardline.core.course import Condition
from wardline.core.findings import AtLeast, Evidence, Finding, Outcome
from wardline.core.scoring import bands
from wardline.science.comorbidity.charlson_groups import CHARLSON, SUPERSEDED, WEIGHTS_1987, WEIGHTS_2011
from wardline.science.comorbidity.groups import Grouped, grouped

AGE = bands((49, 0), (59, 1), (69, 2), (79, 3), above=4)
NAMES = {group.id: group.name for group in CHARLSON}


@dataclass(frozen=True)
class Burden(Inputs):
    conditions: tuple[Condition, ...] = conditions()
    age_years: int = age_years()


@capability(
    id="charlson",
    version="quan2005",
    standing="verified",
    about="patient",
    reference="Charlson et al., J Chronic Dis 1987;40:373-83; Quan et al., Med Care 2005;43:1130-9 and Am J Epidemiol 2011;173:676-82",
    not_for="children: made in adults (the limit of 18 years is ours)",
    ages=(18, None),
    unit="{score}",
    caution="As complete as the coded diagnoses: what nobody coded does not count. Diagnoses without an ICD code are not read.",
    live=False,
)
def charlson(v: Burden) -> tuple[Outcome, ...]:
    there = grouped(v.conditions, CHARLSON, SUPERSEDED)
    first, second = (_answer(key, there, weights) for key, weights in (("1987", WEIGHTS_1987), ("2011", WEIGHTS_2011)))
    return tuple(_known(answer, there.unread) for answer in (first, _with_age(first, v.age_years), second))


def _answer(key: str, there: Grouped, weights: Mapping[str, int]) -> Finding:
    total = sum(weights[id] for id in there.found)
    because = tuple(Evidence(id, condition.code, weights[id], NAMES[id], condition.event) for id, condition in there.found.items())
    return Finding(total, f"Charlson {total}, weights of {key}", unit="{score}", because=because, key=key)


def _with_age(answer: Finding, age: int) -> Finding:
    added, band = AGE.lookup(age)
    total = sum(line.points or 0 for line in answer.because) + added
    because = (*answer.because, Evidence("age_years", age, added, band))
    return Finding(total, f"Charlson {total} with age, weights of 1987", unit="{score}", because=because, key="1987_with_age")


def _known(answer: Finding, unread: int) -> Outcome:
    """Diagnoses that could not be read may add points."""
    if not unread:
        return answer
    said = Evidence("conditions", f"{unread} without an ICD code", band="not read")
    return AtLeast(answer._replace(because=(*answer.because, said)), ("icd_codes",))
