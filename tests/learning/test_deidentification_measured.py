"""SEC-17: what was measured on the labelled set holds; a leak beyond it stops a release. The page says it and holds no text of the set."""

import json
import os
import re
from pathlib import Path

import pytest

from wardline.core.errors import NotFound, Refused
from wardline.learning.evaluation.deidentification import Measured, Note, measured, missed, notes_in, wilson
from wardline.science.language.deidentification.finding import find
from wardline.science.language.deidentification.identifiers import Kind

SET = Path(os.environ.get("WARDLINE_REFERENCE_DATA", "../shared/data")) / "knowledge/asq_phi/asq_phi.jsonl"
PAGE = Path(__file__).parents[2] / "docs" / "evaluation" / "deidentification.md"
FLOOR = {
    Kind.NAME: 1, Kind.DATE: 0.986, Kind.RECORD: 1, Kind.HEALTH_PLAN: 1, Kind.SOCIAL_SECURITY: 1, Kind.PHONE: 1, Kind.EMAIL: 1, Kind.PLACE: 0.986,
}  # fmt: skip
"""Recall, entity by entity, on the half that was held out, as measured on 21 November 2026. One leak more stops a release."""


@pytest.fixture(scope="module")
def notes() -> list[Note]:
    if not SET.exists():
        pytest.skip(f"the reference data is not there: {SET}")
    return notes_in(SET)


@pytest.fixture(scope="module")
def held_out(notes: list[Note]) -> Measured:
    return measured(note for note in notes if note.is_held_out)


@pytest.mark.reference
@pytest.mark.parametrize("kind", FLOOR, ids=lambda kind: kind.value)
def test_recall_on_the_held_out_half_is_not_below_its_floor(held_out: Measured, kind: Kind) -> None:
    assert held_out.kinds[kind].recall.estimate >= FLOOR[kind]


@pytest.mark.reference
def test_few_texts_leak_and_few_without_identifiers_are_touched(held_out: Measured) -> None:
    assert held_out.residual_risk.estimate <= 0.035
    assert held_out.clean_touched / held_out.clean <= 0.05


@pytest.mark.reference
def test_the_page_says_what_is_measured(held_out: Measured) -> None:
    page = PAGE.read_text(encoding="utf-8")
    section = page.partition("## Held out")[2].partition("\n## ")[0]
    for kind, score in held_out.kinds.items():
        assert f"| {kind.value} | {score.entities} | {100 * score.recall.estimate:.1f} % " in section


@pytest.mark.reference
def test_no_text_of_the_set_is_on_the_page(notes: list[Note]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    phrases = {" ".join(words[start : start + 5]) for note in notes for words in (note.text.split(),) for start in range(len(words) - 4)}
    assert [phrase for phrase in phrases if phrase in page] == []


def test_the_page_says_what_it_does_not_show() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for words in (
        "Nobody has measured these rules on real notes yet",
        "Held out",
        "residual risk",
        "Data in Brief 2026;65:112586",
        "wardline deidentify evaluate",
    ):
        assert words in page
    assert re.search(r"!\[Recall by kind\]\(deidentification-recall.svg\)", page)
    assert PAGE.with_name("deidentification-recall.svg").exists()


def note(text: str, *labelled: tuple[Kind, str]) -> Note:
    return Note("n", text, labelled)


def test_what_is_covered_in_part_leaks() -> None:
    told = note("Ada Okafor came", (Kind.NAME, "Ada Okafor"))
    assert list(missed(told, find(told.text))) == []
    assert list(missed(told, [span._replace(end=span.end - 2) for span in find(told.text)])) == [(Kind.NAME, "Ada Okafor")]


def test_counts_of_a_worked_example() -> None:
    result = measured([
        note("Mrs Ada Okafor, MRN 40123456", (Kind.NAME, "Ada Okafor"), (Kind.RECORD, "40123456")),
        note("zanderlo said nothing", (Kind.NAME, "zanderlo")), note("No fever."), note("Seen by Dr. Vance."),
    ])  # fmt: skip
    assert (result.notes, result.identified, result.leaking, result.clean, result.clean_touched) == (4, 2, 1, 2, 1)
    name = result.kinds[Kind.NAME]
    assert (name.entities, name.found, name.tokens, name.tokens_found, name.claimed, name.right) == (2, 1, 3, 2, 2, 1)
    assert name.f1 == pytest.approx(0.5)
    assert result.whole.recall.estimate == pytest.approx(2 / 3)


def test_wilson_s_interval_of_a_published_example() -> None:
    """81 of 263: 0.255 to 0.366 (Newcombe 1998, table I, method 3). From memory of the paper."""
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_a_file_that_is_not_the_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.jsonl"):
        notes_in(tmp_path / "nowhere.jsonl")
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"id": 1}), encoding="utf-8")
    with pytest.raises(Refused, match="ASQ-PHI"):
        notes_in(other)
