"""The page docs/evaluation/interactions.md: how the interaction rules do against reference sets, and how to measure it again."""

from pathlib import Path
from typing import Final

from wardline.learning.evaluation.interactions import Measured, Share, Shipped, measured
from wardline.science.medication.interactions.rules import INTERACTIONS
from wardline.science.medication.problem import Problem

PAGE: Final = "interactions.md"
_HEAD: Final = """# Interaction rules against reference sets

Written by `wardline evaluate interactions`; run it again instead of editing the page.

These sets test software; none of them makes a rule safe for patients. The list of pairs that must not interrupt and the annotated labels
have no open licence: they are used for this measurement only, none of their rows, texts or pairs are in Wardline.
"""
_WHAT_IT_MEANS: Final = """## What this means

- **The labels are no held-out set**: rules marked verified were partly written from the statements of these very labels.
- **Recall on labels is low by choice.** The labels of cardiovascular drugs name every pair that was ever studied, most of them without
  consequence for a prescriber ("the antihypertensive effect may be attenuated"). A rule is written only where somebody should do something.
- **Precision on labels** counts pairs that a label names together. A pair that a sentence merely lists, and that does interact by another
  label or another source, counts against us here.
- The file of the high-priority list with its members is not among the reference sets (its QT part is proprietary): recall is measured on the
  members that the published table prints, and on one pair each for the rest. Four of the fifteen classes were read member by member.
- The pharmacy is made up, in proportions of a medical and surgical ward. A site measures its own orders before it switches anything on.
"""


def run(reference: Path, out: Path) -> str:
    """Measure, write the page, and say what came out."""
    found = measured(reference)
    (out / PAGE).write_text(page(found), encoding="utf-8")
    return (
        f"interactions: high-priority {_whole(found)}; {found.non_interruptive.hits} of {found.non_interruptive.of:,} quiet pairs interrupt; "
        f"labels recall {found.labels.recall}, precision {found.labels.precision}; {found.burden.per_hundred:.1f} interruptions per 100 orders"
    )


def page(found: Measured) -> str:
    verified = sum(rule.source.standing == "verified" for rule in INTERACTIONS)
    parts = (
        _HEAD,
        f"{len(INTERACTIONS)} rules, {verified} of them verified (source text read) and {len(INTERACTIONS) - verified} provisional (silent).\n",
        _high_priority(found), _quiet(found), _labels(found), _guide(found), _pharmacy(found), _WHAT_IT_MEANS,
    )  # fmt: skip
    return "\n".join(parts)


def _whole(found: Measured) -> Share:
    shares = found.high_priority.values()
    return Share(sum(share.hits for share in shares), sum(share.of for share in shares))


def _high_priority(found: Measured) -> str:
    rows = "".join(f"| {title} | {share} |\n" for title, share in found.high_priority.items())
    return (
        "## The high-priority list\n\nPhansalkar 2012: pairs that should warn in every hospital. "
        "Counted: the pair interrupts when one of the two is being ordered.\n\n"
        f"| Pair of classes | interrupts |\n|---|---|\n{rows}| **all** | **{_whole(found)}** |\n"
    )


def _quiet(found: Measured) -> str:
    return (
        "## Pairs that must not interrupt\n\nThe ONC list of pairs that should never interrupt a prescriber (28 class pairs, drug by drug), "
        f"both drugs being ordered, nothing else known of the patient: {found.non_interruptive} interrupt; "
        f"{found.non_interruptive_shown} are shown passively. For an old patient with everything that makes a rule louder (weak kidneys, potassium "
        f"5.6 mmol/L, INR 4.2, heart failure, diabetes, a bleed): {found.non_interruptive_frail} interrupt.\n"
    )


def _labels(found: Measured) -> str:
    rows = "".join(f"| {kind} | {share} |\n" for kind, share in found.labels.by_type.items())
    return (
        "## Annotated labels\n\nThe NLM's annotation of cardiovascular product labels. A pair of drugs or classes counts once; "
        f"it interacts if any sentence says so.\n\n- Recall: {found.labels.recall}\n- Precision: {found.labels.precision}\n\n"
        f"| What the sentence says | found |\n|---|---|\n{rows}"
    )


def _guide(found: Measured) -> str:
    rows = "".join(f"| {each.name} | {'a card' if each.expected else 'none'} | {_cards(each)} |\n" for each in found.patients)
    return (
        f"## The HL7 guide on interaction alerts\n\nProduct names of its value sets recognised as the right substance: {found.names}; "
        f"the others are trade names, which are not kept here.\n\n| Shipped patient | expected | found |\n|---|---|---|\n{rows}\n"
        "Of its two rules, patients are shipped for digoxin with ciclosporin only; the warfarin rule is tested by cases written from its text.\n"
    )


def _cards(shipped: Shipped) -> str:
    return "; ".join(_card(problem) for problem in shipped.found) or "none"


def _card(problem: Problem) -> str:
    return f"{problem.key}, {problem.severity.word}" + "".join(f" ({each.what} {each.value}: {each.effect})" for each in problem.reasons)


def _pharmacy(found: Measured) -> str:
    load = found.burden
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(load.kinds.items(), key=lambda each: -each[1]))
    passive, silent = 100 * load.passive / load.orders, 100 * load.silent / load.orders
    return (
        f"## A simulated pharmacy\n\n{load.orders:,} orders for 1,000 made-up inpatients, all checks together (not only interactions), "
        f"every order asked about as it is written.\n\n- **{load.per_hundred:.1f} interruptions per 100 orders** (aim: at most 5); "
        f"what interrupted: {kinds}\n- shown passively: {passive:.1f} per 100; silent, in the review only: {silent:.1f} per 100\n"
    )
