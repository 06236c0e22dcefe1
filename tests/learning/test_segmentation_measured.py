"""What docs/evaluation/segmentation.md states, as far as it is cheap to measure again."""

from pathlib import Path

import numpy as np
import pytest

from support.reference import REPOSITORY, reference_data
from wardline.app.suites import SUITES
from wardline.learning.evaluation.segmentation import classical, labelled_ct, radiographs, sarcomas
from wardline.learning.segmentation.examples import CLASSES, example, patches
from wardline.science.imaging.phantoms import WHOLE_BODY, Lesion, pet_ct

PAGE = REPOSITORY / "docs/evaluation/segmentation.md"


@pytest.mark.reference
def test_the_bases_of_real_lungs_agree_with_the_published_labels() -> None:
    right, left = labelled_ct(reference_data())

    assert right.dice > 0.95
    assert left.dice > 0.95
    assert f"| {right.dice:.3f} |" in PAGE.read_text()


@pytest.mark.reference
def test_lung_fields_of_real_radiographs_are_found_though_not_as_well_as_a_network_would() -> None:
    found = radiographs(reference_data())

    assert min(found) > 0.85
    assert f"mean of four: Dice {np.mean(found):.3f}" in PAGE.read_text()


@pytest.mark.reference
def test_in_every_real_sarcoma_a_hot_spot_is_suspected() -> None:
    found = sarcomas(reference_data())

    assert len(found) == 3
    assert all(shared > 0.2 and count >= 1 for _, shared, count in found)


def test_one_invented_person_is_measured_as_the_suite_does() -> None:
    lesion = Lesion((-60.0, -10.0, -60.0), (14.0, 14.0, 14.0), suv=11.0, hounsfield=50.0, site="liver")
    person = classical(pet_ct(np.random.default_rng(8), lesions=[lesion], extent=WHOLE_BODY, spacing=(6, 6, 6)))

    assert [each.found for each in person.lesions] == [True]
    assert (person.false, person.normal_unmarked) == (0, 0)
    assert person.liver is not None
    assert person.liver[1] == pytest.approx(1.0, abs=0.05)
    assert all(each.dice > 0.7 for each in person.outlines)


def test_what_the_network_learns_from_is_what_it_will_be_shown() -> None:
    rng = np.random.default_rng(1)
    people = [example(rng)]
    cube = next(patches(rng, people, 48))

    assert people[0].inputs.min() >= 0.0
    assert people[0].inputs.max() <= 1.0
    assert cube.inputs.shape == (2, 48, 48, 48)
    assert cube.targets.shape == (len(CLASSES), 48, 48, 48)


def test_the_suite_is_on_the_list() -> None:
    assert Path(SUITES["segmentation"].function.replace(".", "/").split(":")[0]).name == "evaluating_segmentation"
