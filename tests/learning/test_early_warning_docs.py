"""The page in docs/evaluation: complete, quiet, and honest about its age."""

import re
from pathlib import Path

import pytest

from wardline.app.discovery import discover

FOLDER = Path(__file__).parents[2] / "docs" / "evaluation"
PALETTE = {"#14191e", "#606a74", "#dce0e4", "#4548b0", "#8789cf", "#ffffff", "#000000"}
"""The grey and indigo of the design tokens; one lighter step of the indigo; matplotlib's own white and black."""


@pytest.fixture(scope="module")
def page() -> str:
    return (FOLDER / "early-warning.md").read_text(encoding="utf-8")


def test_it_names_the_versions_that_answered_and_says_which_are_old(page: str) -> None:
    named = re.findall(r"^\| (\w+) \| \S+ \| `([0-9a-f]{16})`(, older version)? \|", page, re.MULTILINE)

    assert {capability for capability, _, _ in named} == {"news2", "mews", "qsofa", "sirs"}
    for capability, digest, old in named:
        present = discover().get(capability)
        assert present is not None
        assert old or digest == present.digest, (
            f"{capability} has changed since the page was made: evaluate again, or write ', older version' after its digest"
        )


def test_it_says_what_it_rests_on_and_how_to_get_it_again(page: str) -> None:
    for words in (
        "NEWS2 was not designed for intensive care",
        "Silva I, Moody G, Scott DJ, Celi LA, Mark RG",
        "Circulation 2000;101(23):e215-e220",
        "Open Data Commons Attribution",
        "wardline replay cinc2012",
        "wardline evaluate early-warning",
        "seed 20120102",
        "4,000 stays, 554 of which ended in death in hospital",  # the publisher's count
    ):
        assert words in page


def test_the_severity_scores_of_the_set_come_out_as_measured_elsewhere(page: str) -> None:
    # PROVENANCE of the set: AUROC on set A, SAPS-I 0.650 and SOFA 0.623.
    assert re.search(r"^\| SAPS-I \| [\d,]+ \| \d+ \| 0\.650 \(", page, re.MULTILINE)
    assert re.search(r"^\| SOFA \| [\d,]+ \| \d+ \| 0\.623 \(", page, re.MULTILINE)


def test_no_stored_answer_came_out_otherwise_when_asked_again(page: str) -> None:
    asked = re.findall(r"^\| (\w+) \| ([\d,]+) \| (\d+) \|$", page, re.MULTILINE)

    assert {capability for capability, _, _ in asked} == {"news2", "mews", "qsofa", "sirs"}
    assert {different for _, _, different in asked} == {"0"}


def test_its_plots_are_there_small_and_in_quiet_colours(page: str) -> None:
    names = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)

    assert len(names) == 3
    for name in names:
        drawing = (FOLDER / name).read_text(encoding="utf-8")
        assert len(drawing) < 150_000
        assert set(re.findall(r"#[0-9a-f]{6}\b", drawing.lower())) <= PALETTE
