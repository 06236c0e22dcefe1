"""Teaching the small network on invented patients, and writing it as ONNX beside its manifest.

The same seed and the same machine give the same network. Nothing of a real person is used.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from wardline.learning.segmentation.examples import CLASSES, Example, example, patches
from wardline.learning.segmentation.network import torch_module, u_net

PATCH: Final = 48
_BATCH: Final = 2
_FASTEST: Final = 4e-3
_WEIGHTS: Final = (1.0, 8.0, 8.0)
"""Of a voxel of each class in the cross-entropy: lesions are a thousandth of the voxels."""


def train(*, seed: int, people: int, steps: int, say: Callable[[str], None], threads: int = 2) -> Any:
    """The trained network, in evaluation mode."""
    torch = torch_module()
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    rng = np.random.default_rng(seed)
    invented = [example(rng) for _ in range(people)]
    say(f"{people} people invented")
    network = u_net(inputs=2, outputs=len(CLASSES))
    optimiser = torch.optim.AdamW(network.parameters(), lr=_FASTEST, weight_decay=1e-4)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, _FASTEST, total_steps=steps)
    cubes = patches(rng, invented, PATCH)
    started, losses = time.monotonic(), []
    for step in range(1, steps + 1):
        seen, wanted = _batch(torch, [next(cubes) for _ in range(_BATCH)])
        loss = _loss(torch, network(seen), wanted)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        pace.step()
        losses.append(float(loss.detach()))
        if step % 50 == 0:
            say(f"step {step} of {steps}: loss {np.mean(losses[-50:]):.4f}, {time.monotonic() - started:.0f} s")
    return network.eval()


def export(network: Any, path: Path) -> None:
    """Write ONNX: inputs [n, 2, slices, rows, columns], answers probabilities per class; sizes a multiple of 4."""
    torch = torch_module()
    with_probabilities = torch.nn.Sequential(network, torch.nn.Sigmoid()).eval()
    free = {0: "n", 2: "slices", 3: "rows", 4: "columns"}
    torch.onnx.export(
        with_probabilities, (torch.zeros(1, 2, PATCH, PATCH, PATCH),), str(path), input_names=["images"], output_names=["probabilities"],
        dynamic_axes={"images": free, "probabilities": free}, opset_version=17, dynamo=False,
    )  # fmt: skip


def size_of(network: Any) -> int:
    """How many weights it has."""
    return sum(int(each.numel()) for each in network.parameters())


def _batch(torch: Any, chosen: list[Example]) -> tuple[Any, Any]:
    return torch.from_numpy(np.stack([each.inputs for each in chosen])), torch.from_numpy(np.stack([each.targets for each in chosen])).float()


def _loss(torch: Any, answered: Any, wanted: Any) -> Any:
    """Cross-entropy in which small things weigh more, plus soft Dice of the classes that are there at all.

    Dice of a class that is not in the batch would only teach to say nothing.
    """
    weight = torch.tensor(_WEIGHTS).reshape(1, -1, 1, 1, 1)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(answered, wanted, pos_weight=weight)
    over = (0, 2, 3, 4)
    share, there = torch.sigmoid(answered), wanted.sum(over) > 0
    dice = 2 * (share * wanted).sum(over) / (share.sum(over) + wanted.sum(over)).clamp_min(1)
    return entropy + (1 - dice)[there].sum() / len(_WEIGHTS)
