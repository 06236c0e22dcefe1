"""The page about MedCalc-Bench: agreement by calculator, and why answers differ. Case numbers only; no row of the set is in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Final

from wardline.core.capability import Capability
from wardline.learning.evaluation.medcalc.causes import cause_of
from wardline.learning.evaluation.medcalc.measuring import CALCULATORS, Compared

INTRODUCTION: Final = """
What notes say of patients goes in, the value of our capability comes out and is compared with the answer of the set, within the set's own limits
(5 % for most formulas, exact for scores and days) and half a step of the precision in which we answer. What a note does not mention counts as
absent here, because the set counts so; at the bedside it is missing, and the answer says so.

- **Agrees**: the same value.
- **Differs**: another value. Each is explained below by a cause that is checked on the case: it must account for the whole difference.
- **Declined**: we give no number on purpose, and say why.
- **Not offered**: no capability answers this.
"""
NOT_OFFERED: Final[Mapping[str, str]] = {
    "QTc Rautaharju Calculator": "no source for the formula was read",
    "Target weight": "the body mass index turned round; nobody needs a capability for it",
}
DECLINED: Final = (
    ("nothing to correct", "a glucose of 100 mg/dL or less needs no correction; the set corrects downwards"),
    ("none is lost", "bicarbonate is not low, so there is no loss to compare the gap with; the set divides all the same"),
    ("no water is missing", "at a sodium of 140 mmol/L or less no water is missing; the set gives a negative deficit"),
    ("not valid under", "outside the ages the score was made for; the set gives a number all the same"),
    ("not testable", "a component that cannot be tested gets no points; the set gives some"),
    ("implausible", "a value that contradicts its unit or the other values; the set computes with it"),
    ("cannot be right", "a value that contradicts its unit or the other values; the set computes with it"),
    ("no factor for", "the guideline has no factor for buccal fentanyl; the set has one of its own"),
)
DATA: Final = """
## Data

MedCalc-Bench, the cases of the first release that are at hand here. CC BY-SA 4.0. Khandekar N et al., NeurIPS 2024, arXiv 2406.12036. Some of
its templates (due date, steroids, opioids) repeat one patient ten times.

```
wardline evaluate medcalc
```
"""


def page(cases: list[Compared], capabilities: Mapping[str, Capability], made_on: date) -> str:
    parts = (_head(cases, made_on), [INTRODUCTION], _table(cases, capabilities), _differing(cases), _declined(cases), _not_offered(cases), [DATA])
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def summary(cases: list[Compared]) -> str:
    """The result in one line."""
    counts, unexplained = Counter(each.verdict for each in cases), sum(each.verdict == "differs" and cause_of(each) is None for each in cases)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("agrees", "differs", "incomplete", "declined", "not offered") if counts[verdict])
    return f"{len(cases)} cases: {said}; {unexplained} unexplained"


def _head(cases: list[Compared], made_on: date) -> Iterator[str]:
    compared = [each for each in cases if each.verdict in ("agrees", "differs", "incomplete")]
    right = sum(each.verdict == "agrees" for each in compared)
    theirs = sum(each.verdict == "differs" and (cause := cause_of(each)) is not None and cause.is_theirs for each in cases)
    yield "# Calculators against MedCalc-Bench\n"
    yield f"<!-- Made by `wardline evaluate medcalc` on {made_on.isoformat()}; run it again instead of editing. -->\n"
    yield f"{summary(cases)}. Of {len(compared)} values compared, {right} agree ({right / len(compared):.1%})."
    yield f"Of the {len(compared) - right} that differ, {theirs} are mistakes of the set.\n"


def _table(cases: list[Compared], capabilities: Mapping[str, Capability]) -> Iterator[str]:
    yield "## By calculator\n"
    yield "| calculator | capability | standing | cases | agree | differ | declined | not offered |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for name, group in groupby(sorted(cases, key=_calculator), key=_calculator):
        counts = Counter(each.verdict for each in group)
        capability = capabilities.get(CALCULATORS[name].capability) if name in CALCULATORS else None
        asked = f"[{capability.id}](../capabilities/{capability.id}.md) | {capability.standing}" if capability is not None else "– | –"
        differing = counts["differs"] + counts["incomplete"]
        yield f"| {name} | {asked} | {counts.total()} | {counts['agrees']} | {differing} | {counts['declined']} | {counts['not offered']} |"
    yield ""


def _calculator(each: Compared) -> str:
    return each.patient.calculator


def _differing(cases: list[Compared]) -> Iterator[str]:
    yield "## Why answers differ\n"
    yield "| calculator | cases (row of the set) | who is right | why |"
    yield "| --- | --- | --- | --- |"
    for name, group in groupby(sorted((each for each in cases if each.verdict in ("differs", "incomplete")), key=_calculator), key=_calculator):
        for cause, rows in _by_cause(group).items():
            known = next((each for each in (cause_of(row) for row in rows) if each is not None), None)
            who = "open" if known is None else "ours" if known.is_theirs else "a decision"
            yield f"| {name} | {_rows(rows)} | {who} | {cause} |"
    yield "\nA cause is worked out for each case: with it our value turns into the set's. *A decision*: both can be meant; the file says which.\n"


def _by_cause(group: Iterable[Compared]) -> dict[str, list[Compared]]:
    found: dict[str, list[Compared]] = {}
    for each in group:
        cause = cause_of(each)
        found.setdefault(cause.text if cause is not None else each.why or "unexplained", []).append(each)
    return found


def _rows(cases: Iterable[Compared]) -> str:
    return ", ".join(each.patient.row for each in cases)


def _declined(cases: list[Compared]) -> Iterator[str]:
    yield "## Where we give no number\n"
    yield "| calculator | cases | why |"
    yield "| --- | --- | --- |"
    for name, group in groupby(sorted((each for each in cases if each.verdict == "declined"), key=_calculator), key=_calculator):
        by_reason: dict[str, list[Compared]] = {}
        for each in group:
            by_reason.setdefault(next((text for part, text in DECLINED if part in each.why), each.why), []).append(each)
        for why, rows in by_reason.items():
            yield f"| {name} | {_rows(rows)} | {why} |"
    yield ""


def _not_offered(cases: list[Compared]) -> Iterator[str]:
    yield "## What is not offered\n"
    for name in sorted({each.patient.calculator for each in cases if each.verdict == "not offered"}):
        yield f"- {name}: {NOT_OFFERED.get(name, 'no capability yet')}."
