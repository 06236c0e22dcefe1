"""What the pages about diagnosis say: few chosen questions beat random ones, and the pages were made by the commands they name."""

import os
from pathlib import Path

import numpy as np
import pytest

from wardline.learning.evaluation.bayes import NETWORKS, read
from wardline.learning.evaluation.differential import TASKS, measure
from wardline.learning.evaluation.reliability import bins, calibration_error

REFERENCE = Path(os.environ.get("WARDLINE_REFERENCE_DATA", "../shared/data"))
DOCS = Path(__file__).parents[2] / "docs/evaluation"


@pytest.mark.reference
def test_three_chosen_questions_tell_more_than_three_random_ones() -> None:
    (task,) = [task for task in TASKS if task.name == "pathfinder"]
    rows = {row.way: row for row in measure(task, read(REFERENCE, task.name), cases=400, asked=40).rows}

    assert rows["3 questions, chosen"].first > rows["3 questions, at random"].first + 0.1
    assert rows["all answers"].first >= rows["half of the answers missing"].first


def test_calibration_is_the_weighed_distance_of_stated_from_true() -> None:
    stated, right = np.array([0.25, 0.25, 0.75, 0.75]), np.array([False, False, True, False])

    assert [(each.stated, each.right, each.answers) for each in bins(stated, right)] == [(0.25, 0.0, 2), (0.75, 0.5, 2)]
    assert calibration_error(stated, right) == pytest.approx(0.25)


@pytest.mark.parametrize(("page", "command"), [("bayes", "bayes"), ("diagnosis", "diagnosis"), ("rare-disease", "rare-disease")])
def test_a_page_names_its_command_and_shows_its_plots(page: str, command: str) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")

    assert f"wardline evaluate {command}" in text
    for line in text.splitlines():
        if line.startswith("!["):
            assert (DOCS / line.rpartition("(")[2].removesuffix(")")).is_file()


def test_the_page_about_networks_has_all_of_them() -> None:
    text = (DOCS / "bayes.md").read_text(encoding="utf-8")

    assert all(f"| {name} | {nodes} | {nodes} |" in text for name, nodes in NETWORKS.items())
