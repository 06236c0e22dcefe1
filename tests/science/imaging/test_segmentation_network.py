"""Running a trained network: manifests, windows, orientation, and what is refused."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.segmentation.network import sliding
from wardline.science.imaging.segmentation.network.manifest import manifest_of
from wardline.science.imaging.segmentation.network.segmenting import segment
from wardline.science.imaging.segmentation.network.sliding import blended

MANIFEST: dict[str, Any] = {
    "id": "bright", "version": "1", "file": "bright.onnx", "sha256": "0" * 64,
    "inputs": [{"modality": "CT", "unit": "[hnsf'U]", "clip": [0, 100], "subtract": 0, "divide": 100, "outside": 0}],
    "spacing_mm": [2, 2, 2], "orientation": "HPL", "patch": [8, 8, 8], "overlap": 0.5, "flips": [[2]], "activation": "none", "exclusive": False,
    "outputs": [{"channel": 0, "number": 7, "name": "bright"}],
    "card": {"title": "brightness", "trained_on": "nothing", "not_for": "anything", "measured": "here"},
}  # fmt: skip


def changed(**keys: Any) -> dict[str, Any]:
    return deepcopy(MANIFEST) | keys


def identity(window: np.ndarray) -> np.ndarray:
    return window


def corner() -> Volume:
    """A CT that is bright towards head, back and left only, where no two axes are alike."""
    array = np.zeros((12, 20, 16), np.int16)
    array[8:, 15:, 12:] = 100
    return Volume(array, Grid((12, 20, 16), (2, 2, 2)), "CT", "[hnsf'U]")


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.integers(3, 21)] * 3), st.sampled_from([0.0, 0.25, 0.5, 0.8]))
def test_windows_leave_no_seam_and_no_hole(shape: tuple[int, int, int], overlap: float) -> None:
    seen = np.random.default_rng(0).normal(size=(2, *shape)).astype(np.float32)

    assert np.allclose(blended(seen, identity, patch=(8, 8, 8), overlap=overlap, flips=[(0,), (1, 2)]), seen, atol=1e-5)


def test_more_answers_than_fit_into_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sliding, "MOST_ANSWERS", 2 * 8**3 - 1)
    seen = np.zeros((2, 8, 8, 8), np.float32)

    with pytest.raises(Refused, match="2 answers for each of 512 voxels are more than fit"):
        blended(seen, identity, patch=(8, 8, 8), overlap=0)


def test_images_a_model_is_not_for_are_refused_before_it_runs() -> None:
    def never(window: np.ndarray) -> np.ndarray:
        raise AssertionError("it was asked")

    with pytest.raises(Refused, match=r"for slices 0\.5 to 1 mm apart; these have 2 mm"):
        segment({"CT": corner()}, manifest_of(changed(suits={"slice_mm": [0.5, 1]})), never)


@pytest.mark.parametrize("orientation", ["HPL", "FAR", "RAH", "PLH", "AHR", "LFA"])
def test_the_answer_lies_where_the_image_does_whichever_way_the_model_looks(orientation: str) -> None:
    found = segment({"CT": corner()}, manifest_of(changed(orientation=orientation)), identity)

    assert np.array_equal(found.array > 0, corner().array > 0)
    assert {int(number) for number in np.unique(found.array)} == {0, 7}


def test_the_network_sees_the_axes_its_manifest_names() -> None:
    seen: list[np.ndarray] = []

    def remember(window: np.ndarray) -> np.ndarray:
        seen.append(window[0, 0])
        return window

    segment({"CT": corner()}, manifest_of(changed(orientation="RAH", patch=[16, 20, 12], flips=[])), remember)

    # R: columns the other way round, first; A: rows the other way round; H: slices as they are, last.
    assert np.array_equal(seen[0] > 0.5, corner().array.transpose(2, 1, 0)[::-1, ::-1] > 0)


def test_a_model_of_coarser_voxels_answers_on_the_voxels_of_the_images() -> None:
    array = np.zeros((24, 24, 24), np.int16)
    array[6:18, 6:18, 6:18] = 100
    ct = Volume(array, Grid((24, 24, 24), (1, 1, 1)), "CT", "[hnsf'U]")

    found = segment({"CT": ct}, manifest_of(MANIFEST), identity)

    assert found.grid is ct.grid
    assert np.count_nonzero(found.array) == pytest.approx(12**3, rel=0.1)


def test_small_crumbs_go_and_the_largest_piece_can_be_kept_alone() -> None:
    array = np.zeros((24, 24, 24), np.int16)
    array[2:12, 2:12, 2:12] = array[16:20, 16:20, 16:20] = array[22, 22, 22] = 100
    ct = Volume(array, Grid((24, 24, 24), (2, 2, 2)), "CT", "[hnsf'U]")

    def voxels(**keys: Any) -> int:
        outputs = [{**MANIFEST["outputs"][0], **keys}]
        return int(np.count_nonzero(segment({"CT": ct}, manifest_of(changed(outputs=outputs)), identity).array))

    assert voxels() == 1000 + 64 + 1
    assert voxels(smallest_ml=0.1) == 1000 + 64
    assert voxels(largest_only=True) == 1000


def test_of_exclusive_answers_the_likeliest_wins() -> None:
    def two(window: np.ndarray) -> np.ndarray:
        return np.concatenate([np.full_like(window, 0.4), window * 4, window * 3], axis=1)

    outputs = [{"channel": 1, "number": 1, "name": "more"}, {"channel": 2, "number": 2, "name": "less"}]
    found = segment({"CT": corner()}, manifest_of(changed(outputs=outputs, exclusive=True, activation="softmax")), two)

    assert {int(number) for number in np.unique(found.array)} == {0, 1}


@pytest.mark.parametrize(
    ("volumes", "said"),
    [
        ({}, "needs images of the modality CT"),
        ({"CT": Volume(corner().array, corner().grid, "CT", "")}, "needs CT in"),
    ],
)  # fmt: skip
def test_a_missing_image_or_another_unit_is_refused(volumes: Mapping[str, Volume], said: str) -> None:
    with pytest.raises(Refused, match=said):
        segment(volumes, manifest_of(MANIFEST), identity)


def test_a_model_that_answers_with_too_few_channels_is_refused() -> None:
    with pytest.raises(Refused, match="fewer channels"):
        segment({"CT": corner()}, manifest_of(changed(outputs=[{"channel": 3, "number": 1, "name": "x"}])), identity)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"run": "rm"}, "does not know the key run"), ({"orientation": "HHL"}, "orientation"), ({"patch": [8, 8]}, "patch"),
        ({"patch": [8, 8, 4]}, "patch"),
        ({"spacing_mm": [2, 0, 2]}, "spacing_mm"), ({"overlap": 1.0}, "overlap"), ({"activation": "eval"}, "activation"), ({"flips": [[3]]}, "flips"),
        ({"inputs": []}, "inputs"), ({"outputs": [{"channel": 0, "number": 0, "name": "x"}]}, "outputs"),
        ({"card": {"title": "x"}}, "card of a model"),
        ({"inputs": [{"modality": "CT", "clip": [5, 5]}]}, "clip"), ({"inputs": [{"modality": "CT", "divide": 0}]}, "divide"),
    ],
)  # fmt: skip
def test_a_manifest_with_a_senseless_key_is_refused_by_name(wrong: Mapping[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        manifest_of(changed(**wrong))


def test_a_manifest_that_lacks_a_key_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="lacks the key sha256"):
        manifest_of({key: value for key, value in MANIFEST.items() if key != "sha256"})
