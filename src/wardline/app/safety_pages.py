"""The safety and compliance pages of docs/, made from the hazard log and the control matrix."""

from collections.abc import Iterator

from wardline.app.capability_pages import MADE
from wardline.security.compliance.hazards import ACCEPTABLE, PROBABILITY, SEVERITY, UNACCEPTABLE, Hazard, hazards
from wardline.security.compliance.matrix import Framework, frameworks

HAZARDS = f"""# Hazard log

What could harm a patient through Wardline, what keeps it from happening, and the tests that show that it does (ISO 14971). Severity and
probability run from 1 to 5; their product is acceptable up to {ACCEPTABLE} and not from {UNACCEPTABLE} on. They are estimates of
ours, provisional until the hospital's clinical safety officer has confirmed them for the place of use. How the tests ended last is on
the Privacy page, Compliance.
"""
CONTROLS = """# Controls

What laws and standards ask, what answers it here, and the tests that show it. Titles and answers are our own words; the text is at the
source that each list names. **Built** is shown by tests, **partly** says what is missing, **site** is the hospital's to do, and what is
not built or does not apply says why. How the tests ended last is on the Privacy page, Compliance, at `GET /api/v1/compliance`, and on the
open pages `/docs/compliance` and `/docs/testing` of a running Wardline.
"""


def safety_pages() -> Iterator[tuple[str, str]]:
    """(path below docs/, text)."""
    yield "safety/hazard-log.md", "\n".join([MADE, HAZARDS, *(_hazard(each) for each in hazards())])
    yield "safety/controls.md", "\n".join([MADE, CONTROLS, *(_framework(each) for each in frameworks())])


def _hazard(hazard: Hazard) -> str:
    before = f"{SEVERITY[hazard.severity]} ({hazard.severity}) × {PROBABILITY[hazard.probability]} ({hazard.probability})"
    after = f"× {PROBABILITY[hazard.residual]} ({hazard.residual})"
    measures = [f"- {each.what} Shown by {_tests(each.tests)}." for each in hazard.measures]
    without = f"**Without measures:** {before} = {hazard.severity * hazard.probability}, {hazard.before}."
    having = f"**With them:** {after} = {hazard.severity * hazard.residual}, {hazard.after}."
    head = [f"## {hazard.id} {hazard.hazard}\n", f"{hazard.sequence} **Harm:** {hazard.harm.lower()}.\n", f"{without} {having}\n"]
    return "\n".join([*head, *measures, f"\n**What is left:** {hazard.left}\n"])


def _framework(framework: Framework) -> str:
    standing = "" if framework.standing == "verified" else " *Listed from memory, to be held against the text.*"
    rows = [
        f"| {each.id} | {each.title} | {each.answer} | {each.how}{f' Shown by {_tests(each.tests)}.' if each.tests else ''} |"
        for each in framework.controls
    ]
    head = [f"## {framework.title}\n", f"{framework.source}.{standing} {framework.scope}\n", "| id | asks | answer | how |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _tests(tests: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in tests)
