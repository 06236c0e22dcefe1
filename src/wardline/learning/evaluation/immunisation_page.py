"""The page about the immunisation forecast: agreement with CDC's test cases, part by part, and every case that differs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from wardline.learning.evaluation.agreement import shown
from wardline.learning.evaluation.immunisation import PARTS, SETS, Compared, cases_of, compared, schedule_of

WORDS = {"healthy": "Healthy people (test cases 4.45)", "conditions": "People with a condition (test cases 4.6)"}


def run(reference: Path, out: Path) -> str:
    """Compare every case and write the page."""
    schedule = schedule_of(reference)
    found = {name: [compared(row, schedule) for row in cases_of(reference, name)] for name in SETS}
    target = out / "immunisation.md"
    target.write_text("\n".join(page(found)) + "\n", encoding="utf-8")
    said = "; ".join(f"{name} {shown(sum(not each.differences for each in cases), len(cases))}" for name, cases in found.items())
    return f"{said}; written to {target}"


def page(found: dict[str, list[Compared]]) -> Iterator[str]:
    yield from (
        "# Immunisation forecast against CDC's test cases",
        "",
        "Made by `wardline evaluate immunisation`. Cases and schedule: CDC Clinical Decision Support for Immunization (CDSi), as far as they",
        "are among the reference data; none of it is part of Wardline. A case agrees when the status of the vaccine group, the earliest, the",
        "recommended and the past-due date and the validity of every dose are the expected ones. Intervals are 95 % (Wilson).",
        "",
        "The schedule is version 4.64, the cases are older: some expect what the schedule no longer says. Each is listed with the reason. Of",
        "the 1,013 and 337 cases CDC has published, those counted below are among the reference data. They were looked at while the engine",
        "was written: the agreement says that it does what CDC's logic says, not how often it is right about people nobody has described.",
        "",
        "| cases | all parts | " + " | ".join(PARTS) + " |",
        "|---|---|" + "---|" * len(PARTS),
    )
    for name, cases in found.items():
        agreed = (sum(part not in each.differences for each in cases) for part in PARTS)
        whole = shown(sum(not each.differences for each in cases), len(cases))
        yield f"| {WORDS[name]} | {whole} | " + " | ".join(f"{count} of {len(cases)}" for count in agreed) + " |"
    yield from ("", "## By vaccine group", "", "| group | " + " | ".join(found) + " |", "|---|" + "---|" * len(found))
    for group in sorted({each.group for cases in found.values() for each in cases}):
        yield f"| {group} | " + " | ".join(_of_group(group, cases) for cases in found.values()) + " |"
    yield from ("", "## Cases that differ", "", "| case | group | what differs | came out | expected | why |", "|---|---|---|---|---|---|")
    for each in (each for cases in found.values() for each in cases if each.differences):
        yield _line(each)
    yield from (
        "",
        "## Not covered",
        "",
        "Volume and trade name of a dose (a partial dose counts as a whole one), lot recalls and expiry, birth outside the United States (which ends",
        "immunity by birth year), and doses whose vaccine has no CVX code.",
    )


def _of_group(group: str, cases: Iterable[Compared]) -> str:
    listed = [each for each in cases if each.group == group]
    return f"{sum(not each.differences for each in listed)} of {len(listed)}" if listed else "–"


def _line(each: Compared) -> str:
    differing = [(part, want, got) for part, want, got in zip(PARTS, each.expected, each.got, strict=True) if want != got]
    came, wanted = ("; ".join(_said(pair[side]) for pair in differing) for side in (2, 1))
    return f"| {each.id} {each.name} | {each.group} | {', '.join(each.differences)} | {came} | {wanted} | {each.why} |"


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)
