"""Reading an nnU-Net export (plans.json, dataset.json) as data: network, spacing, scaling and labels, from a list of what is understood.

The keys are those that nnU-Net version 2 writes. Its plans name classes to import; here those names are compared with a list and never looked up.
nnU-Net resamples with cubic splines, this house linearly: answers at borders differ a little from nnU-Net's own.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.learning.segmentation.foreign.plan import NOT_SAID, Plan, allowed, plain, table, three

_WHERE: Final = "dynamic_network_architectures.architectures.unet."
_COMMON: Final = frozenset({
    "n_stages", "features_per_stage", "conv_op", "kernel_sizes", "strides", "n_conv_per_stage_decoder", "conv_bias", "norm_op", "norm_op_kwargs",
    "dropout_op", "dropout_op_kwargs", "nonlin", "nonlin_kwargs",
})  # fmt: skip
NETWORKS: Final[Mapping[str, frozenset[str]]] = {
    "PlainConvUNet": _COMMON | {"n_conv_per_stage"},
    "ResidualEncoderUNet": _COMMON | {"n_blocks_per_stage"},
}
_CLASSES: Final = ("conv_op", "norm_op", "dropout_op", "nonlin")
LAYERS: Final = frozenset({
    "torch.nn.modules.conv.Conv3d", "torch.nn.modules.instancenorm.InstanceNorm3d", "torch.nn.modules.batchnorm.BatchNorm3d", "torch.nn.LeakyReLU",
    "torch.nn.ReLU",
})  # fmt: skip
_UNITS: Final = {"CT": "[hnsf'U]", "PT": "{SUVbw}g/ml", "MR": ""}


def plan_of(plans: Any, dataset: Any, *, name: str, orientation: str, modalities: tuple[str, ...], configuration: str = "3d_fullres") -> Plan:
    """`orientation` and `modalities` (one per channel) come from whoever converts: nnU-Net records neither how its images lay nor what they were."""
    plans, dataset = table(plans, "plans.json"), table(dataset, "dataset.json")
    chosen = table(table(plans.get("configurations"), "configurations").get(configuration), f"configurations.{configuration}")
    if plain(plans.get("transpose_forward", [0, 1, 2]), "transpose_forward") != [0, 1, 2]:
        raise Refused("These plans transpose the axes; that is not taken.", code="nnunet", where="transpose_forward")
    architecture = table(chosen.get("architecture"), "architecture")
    written = str(architecture.get("network_class_name", ""))
    network = written.removeprefix(_WHERE)
    if network not in NETWORKS:
        raise Refused(
            f"The network {written or 'without a name'} is not among those taken: {', '.join(NETWORKS)}.", code="nnunet", where="architecture"
        )
    arguments = _arguments(table(architecture.get("arch_kwargs"), "arch_kwargs"), network)
    channels = table(dataset.get("channel_names"), "channel_names")
    if len(modalities) != len(channels):
        raise Refused(f"The network sees {len(channels)} channels, so it needs as many modalities, in order.", code="nnunet", where="channel_names")
    outputs = _outputs(table(dataset.get("labels"), "labels"))
    a, b, c = (int(each) for each in three(plain(chosen.get("patch_size"), "patch_size"), "patch_size"))
    manifest = {
        "id": re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-"), "version": str(dataset.get("release", "0")), "orientation": orientation,
        "inputs": [_input(number, modality, plans, chosen) for number, modality in enumerate(modalities)],
        "spacing_mm": list(three(plain(chosen.get("spacing"), "spacing"), "spacing")), "patch": [a, b, c], "overlap": 0.5, "flips": [],
        "activation": "softmax", "exclusive": True, "outputs": outputs, "card": _card(dataset),
    }  # fmt: skip
    return Plan(f"nnunet.{network}", arguments | {"num_classes": len(outputs) + 1}, len(channels), (a, b, c), manifest)


def _arguments(given: Mapping[str, Any], network: str) -> dict[str, Any]:
    arguments = {key: plain(value, f"arch_kwargs.{key}") for key, value in given.items()}
    allowed(arguments, NETWORKS[network], "arch_kwargs")
    for key in _CLASSES:
        if arguments.get(key) is not None and arguments[key] not in LAYERS:
            raise Refused(f"arch_kwargs.{key} names {arguments[key]}, which is not among the layers taken.", code="nnunet", where=key)
    return arguments


def _input(number: int, modality: str, plans: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    if modality not in _UNITS:
        raise Refused(f"The modality {modality} is not known; known are {', '.join(_UNITS)}.", code="nnunet", where="channel_names")
    schemes, masked = chosen.get("normalization_schemes"), chosen.get("use_mask_for_norm") or []
    scheme = schemes[number] if isinstance(schemes, list) and number < len(schemes) else ""
    if number < len(masked) and masked[number]:
        raise Refused("These plans scale within a mask of the body; that is not taken.", code="nnunet", where="use_mask_for_norm")
    seen = {"modality": modality, "unit": _UNITS[modality]}
    match scheme:
        case "CTNormalization":
            known = table(plans.get("foreground_intensity_properties_per_channel"), "foreground_intensity_properties_per_channel")
            said = {key: plain(value, key) for key, value in table(known.get(str(number)), f"intensities of channel {number}").items()}
            low, high = float(said["percentile_00_5"]), float(said["percentile_99_5"])
            return seen | {"clip": [low, high], "subtract": float(said["mean"]), "divide": max(float(said["std"]), 1e-8), "outside": low}
        case "ZScoreNormalization":
            return seen | {"per_image": True}
        case "NoNormalization":
            return seen
    raise Refused(f"The scaling {scheme or 'of a channel without a name'} is not among those taken.", code="nnunet", where="normalization_schemes")


def _outputs(labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    if any(not isinstance(number, int) or isinstance(number, bool) for number in labels.values()):
        raise Refused("Labels that overlap (regions) are not taken.", code="nnunet", where="labels")
    numbered = sorted((number, name) for name, number in labels.items())
    if [number for number, _ in numbered] != list(range(len(numbered))) or len(numbered) < 2:
        raise Refused("Labels count from 0, the background, without gaps.", code="nnunet", where="labels")
    return [{"channel": number, "number": number, "name": str(plain(name, "labels"))} for number, name in numbered[1:]]


def _card(dataset: Mapping[str, Any]) -> dict[str, str]:
    def said(key: str) -> str:
        value = dataset.get(key)
        return str(value) if value not in (None, "", {}, []) else NOT_SAID

    return {"title": said("name"), "trained_on": said("description"), "not_for": NOT_SAID, "measured": NOT_SAID, "licence": said("licence")}
