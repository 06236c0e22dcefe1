"""The page about the quality measures: agreement with CMS's test patients, and what the value sets were."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from wardline.core.capability import Capability
from wardline.learning.evaluation.agreement import shown
from wardline.learning.evaluation.ecqm import MEASURES, Compared, cases_of, compared


def written(capabilities: Mapping[str, Capability], reference: Path, out: Path) -> str:
    """Compare every case of every measure and write the page; one line of what came out."""
    found = {id: compared(capabilities[id], cases_of(reference, measure)) for id, measure in MEASURES.items()}
    target = out / "ecqm.md"
    target.write_text("\n".join(page(capabilities, found)) + "\n", encoding="utf-8")
    every = [each for cases in found.values() for each in cases]
    new = [each for each in every if each.has_new_codes]
    return f"all {_agreed(every)}; with codes not looked at {_agreed(new)}; written to {target}"


def page(capabilities: Mapping[str, Capability], found: Mapping[str, list[Compared]]) -> Iterator[str]:
    yield from (
        "# Quality measures against CMS's test patients",
        "",
        "Made by `wardline evaluate ecqm`. The patients are the QI-Core 2024 test cases of CMS's hospital measures among the reference",
        "data; none of them is part of Wardline. A case agrees when the count of every population its authors name is the expected one.",
        "Intervals are 95 % (Wilson).",
        "",
        "**Value sets.** The published value sets are licensed and were not used. Stand-ins of a few codes and of drug names were written for",
        "this page (`learning/evaluation/ecqm_value_sets.py` says from what); in the house the site loads the real ones. A hash of its name",
        "decides for each case whether its codes might be looked at while the stand-ins were written; one whose difference was seen afterwards",
        "stayed as it was. The third and fourth column say how the measures do on the other cases, and on those of them whose record carries a",
        "code that no case looked at",
        "carries.",
        "",
        "| measure | all cases | not looked at | with codes not looked at |",
        "|---|---|---|---|",
    )
    for id, cases in found.items():
        held = [each for each in cases if not each.case.was_looked_at]
        new = [each for each in cases if each.has_new_codes]
        yield f"| [{capabilities[id].title}](../capabilities/{id}.md) ({_number(id)}) | {_agreed(cases)} | {_agreed(held)} | {_agreed(new)} |"
    every = [each for cases in found.values() for each in cases]
    held = [each for each in every if not each.case.was_looked_at]
    new = [each for each in every if each.has_new_codes]
    yield f"| **together** | {_agreed(every)} | {_agreed(held)} | {_agreed(new)} |"
    yield from ("", "## Cases that differ", "")
    differing = [each for each in every if not each.agrees]
    if not differing:
        yield "None."
    for each in differing:
        why = "; its record carries a code that no case looked at carries" if each.has_new_codes else ""
        yield f"- {each.case.measure}, {each.case.id}: {each.difference}{why}. {' '.join(each.case.about.split())}"
    yield from (
        "",
        "## What this does not show",
        "",
        "The cases are made up to hit edges, a few per measure; agreement on them is agreement on the logic, not on a hospital's data. With",
        "the published value sets more codes count. Of the readmission measure the cohort is computed, not the readmission, which comes from",
        "claims.",
    )


def _agreed(cases: list[Compared]) -> str:
    return shown(sum(each.agrees for each in cases), len(cases))


def _number(id: str) -> str:
    digits = "".join(letter for letter in MEASURES[id].removeprefix("CMS").removeprefix("FHIR")[:4] if letter.isdigit())
    return f"CMS{digits}"
