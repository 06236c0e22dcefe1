"""Models of others: read as data, refused by name, and never run."""

import json
import os
import pickle
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from wardline.core.errors import Refused
from wardline.learning.segmentation.foreign import bundles, nnunet
from wardline.learning.segmentation.foreign.conversion import convert
from wardline.science.imaging.segmentation.network.manifest import manifest_of

INFERENCE: dict[str, Any] = {
    "imports": ["$import os"],
    "device": "$torch.device('cuda:0')",
    "network_def": {
        "_target_": "UNet", "spatial_dims": 3, "in_channels": 1, "out_channels": 2, "channels": [8, 16], "strides": [2], "num_res_units": 2,
    },
    "preprocessing": {"_target_": "Compose", "transforms": [
        {"_target_": "LoadImaged", "keys": "image"},
        {"_target_": "Orientationd", "keys": "image", "axcodes": "RAS"},
        {"_target_": "Spacingd", "keys": "image", "pixdim": [1.5, 1.5, 2.0]},
        {"_target_": "ScaleIntensityRanged", "keys": "image", "a_min": -57, "a_max": 164, "b_min": 0, "b_max": 1, "clip": True},
    ]},
    "inferer": {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 64], "overlap": 0.5},
    "postprocessing": {"_target_": "Compose", "transforms": [{"_target_": "Activationsd", "softmax": True}, {"_target_": "AsDiscreted"}]},
}  # fmt: skip
METADATA: dict[str, Any] = {
    "version": "0.2.0", "intended_use": "an example",
    "network_data_format": {"inputs": {"image": {"modality": "CT"}}, "outputs": {"pred": {"channel_def": {"0": "background", "1": "spleen"}}}},
}  # fmt: skip
PLANS: dict[str, Any] = {
    "transpose_forward": [0, 1, 2],
    "foreground_intensity_properties_per_channel": {"0": {"mean": -280.0, "std": 360.0, "percentile_00_5": -843.0, "percentile_99_5": 206.0}},
    "configurations": {"3d_fullres": {
        "patch_size": [16, 32, 32], "spacing": [2.0, 0.7, 0.7], "normalization_schemes": ["CTNormalization"], "use_mask_for_norm": [False],
        "architecture": {
            "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
            "arch_kwargs": {"n_stages": 2, "conv_op": "torch.nn.modules.conv.Conv3d", "nonlin": "torch.nn.LeakyReLU", "dropout_op": None},
        },
    }},
}  # fmt: skip
DATASET: dict[str, Any] = {"name": "Nodules", "channel_names": {"0": "CT"}, "labels": {"background": 0, "nodule": 1}}


def bundle(change: Callable[[dict[str, Any]], None] = lambda inference: None) -> Any:
    inference = deepcopy(INFERENCE)
    change(inference)
    return bundles.plan_of(inference, METADATA, name="Spleen CT")


def export(change: Callable[[dict[str, Any]], None] = lambda plans: None, dataset: dict[str, Any] = DATASET) -> Any:
    plans = deepcopy(PLANS)
    change(plans)
    return nnunet.plan_of(plans, dataset, name="Nodules", orientation="HPL", modalities=("CT",))


def test_a_bundle_becomes_a_manifest_that_scales_and_turns_as_the_bundle_did() -> None:
    plan = bundle()
    manifest = manifest_of(dict(plan.manifest) | {"file": "x.onnx", "sha256": "0"})

    assert plan.network == "monai.UNet"
    assert (manifest.orientation, manifest.spacing_mm, manifest.patch) == ("RAH", (1.5, 1.5, 2.0), (96, 96, 64))
    assert (manifest.inputs[0].clip, manifest.inputs[0].subtract, manifest.inputs[0].divide) == ((-57.0, 164.0), -57.0, 221.0)
    assert [(each.channel, each.label.number, each.label.name) for each in manifest.outputs] == [(1, 1, "spleen")]
    assert (manifest.activation, manifest.exclusive, manifest.card["not_for"]) == ("softmax", True, "an example")


def test_code_that_nothing_needs_is_ignored_and_code_that_is_needed_is_refused() -> None:
    assert bundle()  # "imports" and "device" hold expressions

    with pytest.raises(Refused, match="written as code"):
        bundle(lambda inference: inference["network_def"].update(channels="$__import__('os').system('touch /tmp/x')"))
    with pytest.raises(Refused, match="written as code"):
        bundle(lambda inference: inference["inferer"].update(overlap="@overlap"))
    with pytest.raises(Refused, match="names something to build"):
        bundle(lambda inference: inference["network_def"].update(act={"_target_": "os.system", "command": "id"}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda inference: inference["network_def"].update(_target_="subprocess.run"), "The network run is not among those taken"),
        (lambda inference: inference["network_def"].update(args=["id"]), "has the argument args"),
        (lambda inference: inference["network_def"].update(in_channels=2), "one channel"),
        (lambda inference: inference["preprocessing"]["transforms"].append({"_target_": "Lambdad", "func": "$print"}), "step Lambdad"),
        (lambda inference: inference["preprocessing"]["transforms"].pop(1), "does not say orientation"),
        (lambda inference: inference["preprocessing"]["transforms"].pop(3), "how values are scaled"),
        (lambda inference: inference["inferer"].update(_target_="SimpleInferer"), "SlidingWindowInferer"),
        (lambda inference: inference["postprocessing"]["transforms"].pop(0), "neither softmax nor sigmoid"),
    ],
)  # fmt: skip
def test_what_is_not_understood_in_a_bundle_is_refused_by_name(change: Callable[[dict[str, Any]], None], said: str) -> None:
    with pytest.raises(Refused, match=said):
        bundle(change)


def test_an_nnunet_export_becomes_a_manifest_with_its_scaling() -> None:
    plan = export()
    manifest = manifest_of(dict(plan.manifest) | {"file": "x.onnx", "sha256": "0"})

    assert (plan.network, plan.arguments["num_classes"], plan.channels) == ("nnunet.PlainConvUNet", 2, 1)
    assert (manifest.inputs[0].clip, manifest.inputs[0].subtract, manifest.inputs[0].divide) == ((-843.0, 206.0), -280.0, 360.0)
    assert manifest.spacing_mm == (2.0, 0.7, 0.7)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plans: plans.update(transpose_forward=[2, 0, 1]), "transpose"),
        (lambda plans: _architecture(plans).update(network_class_name="os.system"), "os.system is not among"),
        (lambda plans: _architecture(plans)["arch_kwargs"].update(conv_op="os.system"), "conv_op names os.system"),
        (lambda plans: _architecture(plans)["arch_kwargs"].update(hook="x"), "has the argument hook"),
        (lambda plans: plans["configurations"]["3d_fullres"].update(normalization_schemes=["Mine"]), "scaling Mine"),
        (lambda plans: plans["configurations"]["3d_fullres"].update(use_mask_for_norm=[True]), "mask of the body"),
        (lambda plans: plans.update(configurations={}), "3d_fullres is missing"),
    ],
)  # fmt: skip
def test_what_is_not_understood_in_an_nnunet_export_is_refused_by_name(change: Callable[[dict[str, Any]], None], said: str) -> None:
    with pytest.raises(Refused, match=said):
        export(change)


def test_labels_that_overlap_are_refused() -> None:
    with pytest.raises(Refused, match="overlap"):
        export(dataset=DATASET | {"labels": {"background": 0, "whole": [1, 2]}})


class _Bomb:
    """A pickle that runs a command when it is opened."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.file}",)


def test_weights_that_are_a_program_are_never_run(tmp_path: Path) -> None:
    folder, blown = _written(tmp_path / "spleen"), tmp_path / "blown"
    (folder / "models/model.pt").write_bytes(pickle.dumps(_Bomb(blown)))

    with pytest.raises(Refused):  # for want of torch, or where torch is, because the file holds more than weights
        convert(folder, tmp_path / "out", python=Path(sys.executable))

    assert not blown.exists()
    assert not list((tmp_path / "out").glob("*.json"))


@pytest.mark.parametrize(
    ("weights", "said"), [("models/model.ts", "TorchScript is a program"), ("../elsewhere.pt", "do not lie in the folder"), ("gone.pt", "do not lie")]
)
def test_weights_of_the_wrong_kind_or_place_are_refused(tmp_path: Path, weights: str, said: str) -> None:
    folder = _written(tmp_path / "spleen")
    (folder / "models/model.ts").write_bytes(b"")
    (tmp_path / "elsewhere.pt").write_bytes(b"")

    with pytest.raises(Refused, match=said):
        convert(folder, tmp_path / "out", weights=weights)


def test_a_folder_that_is_neither_and_files_that_are_no_json_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="neither a MONAI bundle"):
        convert(tmp_path, tmp_path / "out")
    folder = _written(tmp_path / "spleen")
    (folder / "configs/inference.json").write_text("[" * 100_000)

    with pytest.raises(Refused, match="is not JSON"):
        convert(folder, tmp_path / "out")


def test_nnunet_asks_how_the_images_lay(tmp_path: Path) -> None:
    (tmp_path / "plans.json").write_text(json.dumps(PLANS))

    with pytest.raises(Refused, match="--orientation"):
        convert(tmp_path, tmp_path / "out")


def _written(folder: Path) -> Path:
    (folder / "configs").mkdir(parents=True)
    (folder / "models").mkdir()
    (folder / "configs/inference.json").write_text(json.dumps(INFERENCE))
    (folder / "configs/metadata.json").write_text(json.dumps(METADATA))
    return folder


def _architecture(plans: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = plans["configurations"]["3d_fullres"]["architecture"]
    return found
