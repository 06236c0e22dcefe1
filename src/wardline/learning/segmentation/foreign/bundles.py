"""Reading a MONAI bundle as data: network, scaling, orientation and labels, from a list of what is understood; everything else is refused by name.

A bundle's configuration is a program: `_target_` may name any importable thing and `$` starts an expression (GHSA-873f-pvrv-4x83). Here
`_target_` is compared with a list of words and never looked up, and an expression is refused where it is needed and ignored where it is not.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.learning.segmentation.foreign.plan import NOT_SAID, Plan, allowed, plain, table, three

# Names and arguments as in MONAI 1.6.1 (signatures of monai.networks.nets).
NETWORKS: Final[Mapping[str, frozenset[str]]] = {
    "UNet": frozenset({
        "spatial_dims", "in_channels", "out_channels", "channels", "strides", "kernel_size", "up_kernel_size", "num_res_units", "act", "norm",
        "dropout", "bias", "adn_ordering",
    }),
    "SegResNet": frozenset({
        "spatial_dims", "init_filters", "in_channels", "out_channels", "dropout_prob", "act", "norm", "num_groups", "use_conv_final",
        "blocks_down", "blocks_up", "upsample_mode",
    }),
    "DynUNet": frozenset({
        "spatial_dims", "in_channels", "out_channels", "kernel_size", "strides", "upsample_kernel_size", "filters", "dropout", "norm_name",
        "act_name", "res_block", "trans_bias",
    }),
}  # fmt: skip
_WITHOUT_EFFECT: Final = frozenset({"LoadImaged", "EnsureChannelFirstd", "EnsureTyped"})
_AXES: Final = {"S": "H", "I": "F"}
"""MONAI calls head and foot superior and inferior."""
_UNITS: Final = {"CT": "[hnsf'U]"}


def plan_of(inference: Any, metadata: Any, *, name: str) -> Plan:
    """From configs/inference.json and configs/metadata.json, read as JSON."""
    inference, metadata = table(inference, "inference.json"), table(metadata, "metadata.json")
    network = table(inference.get("network_def"), "network_def")
    target = str(network.get("_target_", "")).rpartition(".")[2]
    if target not in NETWORKS:
        raise Refused(
            f"The network {target or 'without a name'} is not among those taken: {', '.join(NETWORKS)}.", code="bundle", where="network_def"
        )
    arguments = {key: plain(value, f"network_def.{key}") for key, value in network.items() if not key.startswith("_")}
    allowed(arguments, NETWORKS[target], "network_def")
    if arguments.get("spatial_dims", 3) != 3 or arguments.get("in_channels") != 1:
        raise Refused("Only networks for volumes of one channel are taken.", code="bundle", where="network_def.in_channels")
    patch, overlap = _inferer(inference)
    manifest = {
        "id": re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-"), "version": str(metadata.get("version", "0")), "patch": list(patch),
        "overlap": overlap, "flips": [], **_seen(inference, _modality(metadata)), **_answers(inference, metadata), "card": _card(metadata),
    }  # fmt: skip
    return Plan(f"monai.{target}", arguments, 1, patch, manifest)


def _inferer(inference: Mapping[str, Any]) -> tuple[tuple[int, int, int], float]:
    inferer = table(inference.get("inferer"), "inferer")
    if str(inferer.get("_target_", "")).rpartition(".")[2] != "SlidingWindowInferer":
        raise Refused("Only the SlidingWindowInferer is taken.", code="bundle", where="inferer")
    a, b, c = three(plain(inferer.get("roi_size"), "inferer.roi_size"), "inferer.roi_size")
    overlap = plain(inferer.get("overlap", 0.25), "inferer.overlap")
    if not isinstance(overlap, int | float):
        raise Refused("inferer.overlap is one number.", code="bundle", where="inferer.overlap")
    return (int(a), int(b), int(c)), float(overlap)


def _seen(inference: Mapping[str, Any], modality: str) -> dict[str, Any]:
    """Orientation, spacing and scaling from the preprocessing; all three must be said."""
    steps = table(inference.get("preprocessing"), "preprocessing").get("transforms")
    known: dict[str, Any] = {"channel": {"modality": modality, "unit": _UNITS.get(modality, "")}}
    for step in steps if isinstance(steps, Sequence) else ():
        kind = str(table(step, "preprocessing")["_target_"]).rpartition(".")[2]
        match kind:
            case "Orientationd":
                known["orientation"] = "".join(_AXES.get(letter, letter) for letter in str(plain(step.get("axcodes"), kind)))
            case "Spacingd":
                known["spacing_mm"] = list(three(plain(step.get("pixdim"), kind), f"{kind}.pixdim"))
            case "ScaleIntensityRanged":
                known["channel"] |= _scaled(step, kind)
            case "NormalizeIntensityd":
                if step.get("nonzero") or "subtrahend" in step or "divisor" in step:
                    raise Refused("NormalizeIntensityd is only taken over the whole image.", code="bundle", where=kind)
                known["channel"] |= {"per_image": True}
            case _ if kind not in _WITHOUT_EFFECT:
                raise Refused(f"The preprocessing step {kind} is not among those taken; leaving it out would change the answers.", code="bundle")
    lacking = [each for each in ("orientation", "spacing_mm") if each not in known]
    if lacking or len(known["channel"]) == 2:
        raise Refused(f"The preprocessing does not say {(lacking or ['how values are scaled'])[0]}.", code="bundle", where="preprocessing")
    return {"inputs": [known["channel"]], "orientation": known["orientation"], "spacing_mm": known["spacing_mm"]}


def _scaled(step: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """(x - a_min) / (a_max - a_min) * (b_max - b_min) + b_min, as our manifest writes it."""
    values = {key: plain(step.get(key), f"{kind}.{key}") for key in ("a_min", "a_max", "b_min", "b_max")}
    if not all(isinstance(each, int | float) for each in values.values()) or values["a_max"] <= values["a_min"] or values["b_max"] <= values["b_min"]:
        raise Refused("ScaleIntensityRanged needs a_min < a_max and b_min < b_max.", code="bundle", where=kind)
    slope = (values["a_max"] - values["a_min"]) / (values["b_max"] - values["b_min"])
    clip = [values["a_min"], values["a_max"]] if plain(step.get("clip", False), kind) else None
    return {"clip": clip, "subtract": values["a_min"] - values["b_min"] * slope, "divide": slope, "outside": values["a_min"]}


def _answers(inference: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    outputs = table(table(metadata.get("network_data_format"), "network_data_format").get("outputs"), "outputs")
    named = table(table(outputs.get("pred"), "outputs.pred").get("channel_def"), "channel_def")
    steps = table(inference.get("postprocessing"), "postprocessing").get("transforms", ())
    after = [step for step in steps if isinstance(step, dict) and str(step.get("_target_", "")).endswith("Activationsd")]
    if len(after) != 1 or bool(after[0].get("softmax")) == bool(after[0].get("sigmoid")):
        raise Refused("The postprocessing says neither softmax nor sigmoid, or both.", code="bundle", where="postprocessing")
    softmax = bool(after[0].get("softmax"))
    made = [
        {"channel": int(channel), "number": int(channel) + (0 if softmax else 1), "name": str(plain(what, "channel_def"))}
        for channel, what in sorted(named.items(), key=lambda pair: int(pair[0]))
        if not (softmax and int(channel) == 0)
    ]
    return {"activation": "softmax" if softmax else "sigmoid", "exclusive": softmax, "outputs": made}


def _modality(metadata: Mapping[str, Any]) -> str:
    inputs = table(table(metadata.get("network_data_format"), "network_data_format").get("inputs"), "inputs")
    image = table(next(iter(inputs.values()), None), "inputs.image")
    said = str(image.get("modality", "")).upper()
    modality = {"MRI": "MR", "PET": "PT"}.get(said, said)
    if modality not in ("CT", "MR", "PT"):
        raise Refused(f"metadata.json says the modality {said or 'nothing'}; known are CT, MR and PT.", code="bundle", where="modality")
    return modality


def _card(metadata: Mapping[str, Any]) -> dict[str, str]:
    def said(key: str) -> str:
        value = metadata.get(key)
        return str(value) if value not in (None, "", {}, []) else NOT_SAID

    return {
        "title": said("description"), "trained_on": said("data_source"), "not_for": said("intended_use"), "measured": said("eval_metrics"),
        "licence": said("copyright"),
    }  # fmt: skip
