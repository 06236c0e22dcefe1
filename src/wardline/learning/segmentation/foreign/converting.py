"""The inside of the sandbox: builds one of a few known networks, loads plain weights into it and writes ONNX.

Runs as a script in a process of its own, with any Python that has torch (and MONAI or nnU-Net's networks); it imports nothing of Wardline.
Its only input is a request that was made from a list of known words; weights are loaded as tensors alone, never as objects.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 16 * 1024**3
CPU_SECONDS = 900
FILE_BYTES = 4 * 1024**3
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # linux/sched.h: CLONE_NEWUSER, CLONE_NEWNET


def confine() -> None:
    """Less memory, time and disk than the house has, and no network where the kernel lets a process give it up."""
    import ctypes

    ctypes.CDLL(None, use_errno=True).unshare(NEW_USER | NEW_NETWORK)
    for what, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_FSIZE, FILE_BYTES)):
        resource.setrlimit(what, (limit, limit))


def main(request: Path, weights: Path, out: Path) -> str:
    """The reason why not, or nothing."""
    confine()
    asked: dict[str, Any] = json.loads(request.read_text(encoding="utf-8"))
    try:
        import torch

        network = build(asked)
    except ModuleNotFoundError as missing:
        return f"Converting needs {missing.name}, which this Python does not have: install it there, or name another with --python."
    except (TypeError, ValueError) as error:
        return f"The network cannot be built from what the bundle says: {error}"
    try:
        held = torch.load(weights, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a hostile or unusual file raises: it is refused either way
        return f"{weights.name} holds more than weights, or is damaged ({type(error).__name__}); save its state_dict alone."
    for key in ("network_weights", "state_dict", "model"):
        held = held[key] if isinstance(held, dict) and isinstance(held.get(key), dict) else held
    try:
        network.load_state_dict(held)
    except (RuntimeError, AttributeError, TypeError) as error:
        return f"The weights do not fit the network: {str(error).splitlines()[0]}"
    write(network.eval(), asked, out)
    return ""


def build(asked: dict[str, Any]) -> Any:
    """One of five networks; the name chooses among them and is never imported."""
    import torch

    arguments = asked["arguments"]
    library, _, name = asked["network"].partition(".")
    if library == "monai":
        from monai.networks import nets  # type: ignore[import-not-found]

        return {"UNet": nets.UNet, "SegResNet": nets.SegResNet, "DynUNet": nets.DynUNet}[name](**arguments)
    from dynamic_network_architectures.architectures import unet  # type: ignore[import-not-found]

    layers = {
        "torch.nn.modules.conv.Conv3d": torch.nn.Conv3d, "torch.nn.modules.instancenorm.InstanceNorm3d": torch.nn.InstanceNorm3d,
        "torch.nn.modules.batchnorm.BatchNorm3d": torch.nn.BatchNorm3d, "torch.nn.LeakyReLU": torch.nn.LeakyReLU, "torch.nn.ReLU": torch.nn.ReLU,
    }  # fmt: skip
    chosen = {key: layers[value] if key in ("conv_op", "norm_op", "dropout_op", "nonlin") and value else value for key, value in arguments.items()}
    known = {"PlainConvUNet": unet.PlainConvUNet, "ResidualEncoderUNet": unet.ResidualEncoderUNet}
    return known[name](input_channels=asked["channels"], deep_supervision=False, **chosen)


def write(network: Any, asked: dict[str, Any], out: Path) -> None:
    import torch

    torch.onnx.export(
        network, (torch.zeros(1, asked["channels"], *asked["patch"]),), str(out), input_names=["images"], output_names=["answers"],
        opset_version=17, dynamo=False,
    )  # fmt: skip


if __name__ == "__main__":
    refused = main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
    sys.stdout.write(json.dumps({"refused": refused}) + "\n")
