"""STOPP/START against its structured rules: for every rule, made-up patients on whom it fires and on whom it just does not.

For each version of a rule and each code it names, one patient who has just what the version asks; and that patient with one part taken
away. The file's interpreter and the criteria of this house judge both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Final

from wardline.core import concepts as c
from wardline.core.capability import Reading
from wardline.core.concepts import Concept
from wardline.core.course import Condition
from wardline.core.errors import NotFound
from wardline.learning.evaluation import stopp_start_page
from wardline.learning.evaluation.stopp_start_page import Agreement, Compared
from wardline.learning.evaluation.structured_rules import Item, Limit, MadeUp, Part, Pattern, Rule, fires, rules
from wardline.science.criteria.facts import Drug, Facts
from wardline.science.medication.stopp_start.criterion import Criterion
from wardline.science.medication.stopp_start.start import START
from wardline.science.medication.stopp_start.stopp import STOPP

FILE: Final = "knowledge/stopp_start_v2/stoppstart.xml"
CRITERIA: Final = {**{f"STOPP {each.id}": each for each in STOPP}, **{f"START {each.id}": each for each in START}}
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_CONCEPTS: Final[dict[str, Concept]] = {
    "8867-4": c.PULSE, "8480-6": c.SYSTOLIC_PRESSURE, "8462-4": c.DIASTOLIC_PRESSURE, "2823-3": c.POTASSIUM, "11556-8": c.ARTERIAL_OXYGEN,
    "11557-6": c.ARTERIAL_CARBON_DIOXIDE, "20564-1": c.OXYGEN_SATURATION, "10230-1": c.EJECTION_FRACTION, "19925-7": c.FEV1_OF_PREDICTED,
    "38263-0": c.HIP_T_SCORE, "38267-1": c.SPINE_T_SCORE, "14956-7": c.URINE_ALBUMIN_CREATININE,
}  # fmt: skip
MISCODED: Final = "1996-8"
"""The file's code for potassium (B8, limit 3) and for sodium (B8 and D4, limit 130) alike."""
_USUAL: Final = {
    "8867-4": 75.0, "8480-6": 130.0, "8462-4": 80.0, "2823-3": 4.2, "11556-8": 90.0, "11557-6": 40.0, "20564-1": 97.0, "19925-7": 85.0,
    "38263-0": 0.0, "38267-1": 0.0, "14956-7": 5.0, "62238-1": 85.0, "47597-0": 2.3,
}  # fmt: skip
"""An unremarkable patient, but for what the rule asks."""
MMOL_OF_CALCIUM: Final = 4.008
_FILLED: Final = {1: "01AA01", 3: "AA01", 4: "A01", 5: "01"}


def run(reference: Path, out: Path) -> str:
    """Compare, write docs/evaluation/stopp-start.md, say what came out."""
    file = reference / FILE
    if not file.exists():
        raise NotFound(f"there is no {file}; name the folder of the reference data sets with WARDLINE_REFERENCE_DATA")
    results = compared(list(rules(file)))
    (out / "stopp-start.md").write_text(stopp_start_page.page(results), encoding="utf-8")
    return f"{stopp_start_page.in_one_line(results)}; written to {out / 'stopp-start.md'}"


def compared(all_rules: Sequence[Rule]) -> list[Compared]:
    return [_compare(rule, CRITERIA[rule.id]) for rule in all_rules if rule.id in CRITERIA]


def _compare(rule: Rule, criterion: Criterion) -> Compared:
    result = Compared(rule)
    for version in rule.versions:
        for place, pattern in _choices(version):
            patient = _made(version, place, pattern)
            if not fires(rule, patient):
                continue  # the file's own exception within a prefix
            agreement = _judge(criterion, patient, expected=True)
            result.fired[agreement] += 1
            result.codes += 1
            result.covered += agreement != "different"
            if agreement == "different":
                result.differences.append(f"fires there, not here: {_words(patient)}")
        for place in range(len(version)):
            patient = _without(version, place)
            if not fires(rule, patient):
                agreement = _judge(criterion, patient, expected=False)
                result.silent[agreement] += 1
                if agreement == "different":
                    result.differences.append(f"fires here, not there: {_words(patient)}")
    return result


def _choices(version: Sequence[Part]) -> Iterator[tuple[int, Pattern]]:
    """Each code of each part that must be present, once; at least one patient per version."""
    found = [(place, pattern) for place, part in enumerate(version) for pattern in part.wanted if not part.is_absent and part.kind != "measurement"]
    yield from found or [(-1, Pattern("", is_prefix=False))]


def _made(version: Sequence[Part], chosen: int, pattern: Pattern, without: int = -1) -> MadeUp:
    drugs: list[Item] = []
    episodes: list[Item] = []
    measured: dict[str, float | str] = dict(_USUAL)
    for place, part in enumerate(version):
        if place == without:
            continue
        wanted = pattern if place == chosen else part.wanted[0]
        if part.kind == "measurement":
            if part.result is not None or part.text:
                measured[part.wanted[0].text] = part.text if part.result is None else _allowed(part.result)
        elif not part.is_absent:
            item = Item(_code(wanted, part), _allowed(part.dose) if part.dose else None, _allowed(part.days) if part.days else 100.0)
            (drugs if part.kind == "medicine" else episodes).append(_another(item, drugs, part, wanted))
    return MadeUp(tuple(drugs), tuple(episodes), measured)


def _another(item: Item, drugs: Sequence[Item], part: Part, pattern: Pattern) -> Item:
    """Two drugs of one class, where a rule asks for the class twice, are different drugs."""
    if all(item.code != each.code for each in drugs):
        return item
    others = (item.code[:-1] + "2",) if pattern.is_prefix else (_code(other, part) for other in part.wanted)
    return next((item._replace(code=code) for code in others if code != item.code), item)


def _without(version: Sequence[Part], place: int) -> MadeUp:
    """The patient of this version with one part missing: a drug or disease less, a usual value, or the drug that must be absent."""
    part = version[place]
    patient = _made(version, -1, Pattern("", is_prefix=False), without=place)
    if part.is_absent:
        item = Item(_code(part.wanted[0], part), 1000.0, 1.0 if part.days else 100.0)
        return (
            replace(patient, drugs=(*patient.drugs, item)) if part.kind == "medicine" else replace(patient, episodes=(*patient.episodes, item))
        )  # fmt: skip
    return patient


def _code(pattern: Pattern, part: Part) -> str:
    if not pattern.is_prefix or part.kind == "episode" or len(pattern.text) > 5:
        return pattern.text
    ends = [_FILLED[len(pattern.text)], *(f"B{number:02d}"[-max(2, 7 - len(pattern.text)) :] for number in range(1, 9))]
    filled = [pattern.text + end for end in ends]
    return next((code for code in filled if not any(refused.matches(code) for refused in part.refused)), filled[0])


def _allowed(limit: Limit) -> float:
    """A value just on the right side."""
    step = 0.01 if abs(limit.number) < 1 else 0.1 if abs(limit.number) < 100 else 1
    return round(limit.number + {"<": -step, ">": step}.get(limit.operator, 0.0), 3)


# --- our side -----------------------------------------------------------------------------------------------------------------------


def _judge(criterion: Criterion, patient: MadeUp, *, expected: bool) -> Agreement:
    verdict = criterion.judged(_facts(patient, criterion))
    if verdict.met is not None:
        return "same" if verdict.met is expected else "different"
    return "asks" if verdict.missing == (criterion.ask,) and expected else "open"


def _facts(patient: MadeUp, criterion: Criterion) -> Facts:
    measured, findings = {}, {}
    for code, value in patient.measured.items():
        concept = _CONCEPTS.get(code) or (_meant(float(value)) if code == MISCODED else None)
        if concept is not None:
            measured[concept.id] = Reading(NOW, float(value))
    findings["egfr_ckd_epi_2021"] = float(patient.measured.get("62238-1", 85.0))
    findings["corrected_calcium"] = float(patient.measured["47597-0"]) * MMOL_OF_CALCIUM
    measured.setdefault(c.SODIUM.id, Reading(NOW, 140.0))
    vaccines = tuple(_drug(item) for item in patient.drugs if item.code.startswith("J07"))
    return Facts(
        age=_age(patient, criterion), sex={"Male": "M", "Female": "F"}.get(str(patient.measured.get("76689-9"))),
        conditions=tuple(Condition(item.code, "icd10", since=NOW - timedelta(days=item.days)) for item in patient.episodes),
        drugs=tuple(_drug(item) for item in patient.drugs if not item.code.startswith("J07")),
        vaccines=vaccines, measured=measured, findings=findings, moment=NOW,
    )  # fmt: skip


def _age(patient: MadeUp, criterion: Criterion) -> int | None:
    """The file has the limit of START A5 the wrong way round, over 85; that rule is compared on somebody of 75."""
    stated = patient.measured.get("30525-0")
    return 75 if criterion.id == "A5" else ceil(float(stated)) if stated is not None else None


def _meant(value: float) -> Concept:
    return c.POTASSIUM if value < 20 else c.SODIUM


def _drug(item: Item) -> Drug:
    return Drug(item.code, frozenset({item.code}), item.daily, NOW - timedelta(days=item.days))


def _words(patient: MadeUp) -> str:
    unusual = {code: value for code, value in patient.measured.items() if _USUAL.get(code) != value}
    items = [*(each.code for each in (*patient.drugs, *patient.episodes)), *(f"{code} {value}" for code, value in unusual.items())]
    return ", ".join(items) or "nothing"
