"""`wardline train`: teaching a model on this machine; what comes out is ONNX with a manifest and a card."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

app = App(name="train", help="Teach a model on this machine. Needs torch, which Wardline does not bring.")


@app.command
def segmentation(
    out: Annotated[Path, Parameter(help="The ONNX file to write; the manifest goes beside it.")],
    *,
    people: Annotated[int, Parameter(help="How many people to invent.")] = 90,
    steps: Annotated[int, Parameter(help="How many steps to learn; a thousand take about ten minutes on two cores.")] = 1100,
    seed: Annotated[int, Parameter(help="The same number gives the same people.")] = 20260101,
    threads: Annotated[int, Parameter(help="How many cores to use.")] = 2,
) -> None:
    """Teach the small network that finds lungs, lung nodules and hot spots in PET/CT, on invented people alone.

    For example:

        wardline train segmentation phantom-chest.onnx
    """
    from wardline.learning.segmentation import card
    from wardline.learning.segmentation.training import export, size_of, train

    console = Console(markup=False, highlight=False, soft_wrap=True)
    network = train(seed=seed, people=people, steps=steps, say=console.print, threads=threads)
    export(network, out)
    written = card.write(out, seed=seed, people=people, steps=steps, weights=size_of(network))
    console.print(f"{out} and {written} are written; measure before you use it: wardline evaluate segmentation")
