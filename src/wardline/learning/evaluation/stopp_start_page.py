"""The page docs/evaluation/stopp-start.md: how far the criteria agree with the structured rules, and every difference explained."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from wardline.learning.evaluation.structured_rules import Rule

Agreement = Literal["same", "asks", "open", "different"]
"""The same; the same once a person has answered the criterion's question; something else is missing; another answer."""
INTRODUCTION: Final = """
Written by `wardline evaluate stopp-start`; run it again instead of editing the page.

STOPP/START version 2 (O'Mahony D et al., Age Ageing 2015;44:213-8) exists as structured, computable rules: 112 of them (Huibers CJA et
al., Int J Med Inform 2019;125:110; data set `stopp_start_v2`). The criteria of this house (`stopp`, `start`) are written anew, on
substances, problems and measurements. This page holds the two against each other.

For every version of a rule and every code it names, a made-up patient has just what the rule asks for; and the same patient with one
part taken away, on whom the rule must be silent. The file's rules are read by an interpreter of their own.

- **same**: both fire, or both are silent.
- **asks**: the rule fires; the criterion is met but for a question that its text poses and no record answers (is it the first choice? is
  it severe?). It is answered as undecided, with the question, and counts as agreement once a person has answered it.
- **open**: the criterion lacks a measurement that its text names and the rule does not ask for.
- **different**: one fires and the other does not. Each such rule is explained below.

This is agreement between two readings of one text. It says nothing about whether following a criterion helps a patient.
"""
EXPLAINED: Final = {
    "START A5": "The text excludes people over 85; the rule asks for an age **over** 85. We follow the text.",
    "START F1": "The rule reads albumin of a 24-hour urine (LOINC 14956-7) from 29 mg on; the criterion says over 30 mg, and we read the "
    "albumin/creatinine ratio from 30 mg/g on.",
    "STOPP B1": "The text is about heart failure with normal systolic function: both parts. The rule fires on either of them alone.",
    "STOPP B12": "The text is about potassium that is not watched. The rule fires on the combination of drugs alone, and again on any potassium; "
    "ours fires on potassium above 5 or recorded hyperkalaemia and is undecided where no potassium of the last 90 days is known.",
    "STOPP C3": "The rule counts stroke not specified as haemorrhage or infarction (I64) as a bleeding risk. The text does not.",
    "STOPP C4": "The text is about preventing another stroke. One version of the rule fires without any stroke.",
    "STOPP G2": "The text is about COPD. The rule does not ask for it and fires on any systemic corticosteroid without an inhaled one.",
    "STOPP H8": "The rule counts two corticosteroids (N02CB01, H02BX01) as NSAIDs.",
}
MISCODED: Final = """
The file gives potassium (B8) and sodium (B8, D4) the LOINC code 1996-8, which is neither; they are compared by the limit: 3 is
potassium, 130 is sodium. START I1 and I2 are judged on vaccinations given, not on drugs taken.
"""


@dataclass(slots=True)
class Compared:
    """What came out for one rule."""

    rule: Rule
    fired: Counter[Agreement] = field(default_factory=Counter)
    silent: Counter[Agreement] = field(default_factory=Counter)
    codes: int = 0
    covered: int = 0
    differences: list[str] = field(default_factory=list)


def page(results: Sequence[Compared]) -> str:
    return "\n".join(_lines(results))


def in_one_line(results: Sequence[Compared]) -> str:
    fired, silent = _totals(results)
    agreed = fired["same"] + fired["asks"] + silent["same"]
    total = fired.total() + silent.total()
    different = sum(1 for each in results if each.differences)
    return f"{len(results)} rules, {total:,} made-up patients: {agreed / total:.1%} agree; {different} rules differ"


def _lines(results: Sequence[Compared]) -> Iterator[str]:
    fired, silent = _totals(results)
    whole = [each for each in results if not each.differences and not each.fired["open"]]
    yield "# STOPP/START version 2 against its structured rules"
    yield INTRODUCTION
    yield "## In short\n"
    yield "| | rules | patients | same | asks | open | different |\n|---|---:|---:|---:|---:|---:|---:|"
    yield f"| the rule fires | {len(results)} | {fired.total():,} | {_shares(fired)} |"
    yield f"| one part taken away | {len(results)} | {silent.total():,} | {_shares(silent)} |\n"
    yield f"- **{len(results)} of 112 rules** have a criterion here; {len(whole)} of them agree on every patient."
    codes, covered = sum(each.codes for each in results), sum(each.covered for each in results)
    yield f"- **{covered:,} of {codes:,}** codes and code prefixes (drugs and diseases) that the rules name are known to the criteria."
    left_out = sum(each.rule.left_out for each in results)
    yield f"- {left_out} versions of the rules were not read: the same rules in ICPC and ICD-9, and those about drugs a patient took formerly."
    yield "- Of the 114 published criteria, the file lacks STOPP A1, A2 and G4; START E3 is two rules. They are not here either.\n"
    yield "## Where they differ, and why\n"
    yield from (f"- **{each.rule.id}** ({each.fired['different'] + each.silent['different']} patients): {_why(each)}" for each in _different(results))
    yield MISCODED
    yield "## Rule by rule\n"
    yield "| rule | fires: same | asks | open | different | silent: same | open | different |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    yield from (f"| {each.rule.id} | {_row(each)} |" for each in results)
    yield ""


def _totals(results: Sequence[Compared]) -> tuple[Counter[str], Counter[str]]:
    fired: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    for each in results:
        fired.update(each.fired)
        silent.update(each.silent)
    return fired, silent


def _shares(counted: Counter[str]) -> str:
    return " | ".join(f"{counted[name]:,} ({counted[name] / counted.total():.1%})" for name in ("same", "asks", "open", "different"))


def _different(results: Sequence[Compared]) -> Iterator[Compared]:
    return (each for each in results if each.differences or each.fired["open"])


def _why(each: Compared) -> str:
    return EXPLAINED.get(each.rule.id, f"not explained yet: {'; '.join(each.differences[:3])}")


def _row(each: Compared) -> str:
    fired = [each.fired[name] for name in ("same", "asks", "open", "different")]
    silent = [each.silent[name] for name in ("same", "open", "different")]
    return " | ".join(str(number) if number else "" for number in (*fired, *silent))
