"""Reliability: of the answers given with a probability of about 70 %, are about 70 % right?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

EDGES: Final = np.linspace(0, 1, 11)


class Bin(NamedTuple):
    """Answers with about the same probability."""

    stated: float
    right: float
    answers: int


def bins(stated: NDArray[np.float64], right: NDArray[np.bool_]) -> Iterator[Bin]:
    """Ten equal steps of probability; empty ones are left out."""
    place = np.clip(np.digitize(stated, EDGES) - 1, 0, len(EDGES) - 2)
    for each in range(len(EDGES) - 1):
        here = place == each
        if here.any():
            yield Bin(float(stated[here].mean()), float(right[here].mean()), int(here.sum()))


def calibration_error(stated: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The mean distance between what was stated and what came true, weighed by how often it was stated."""
    return sum(each.answers * abs(each.stated - each.right) for each in bins(stated, right)) / len(stated)


def draw(stated: NDArray[np.float64], right: NDArray[np.bool_], title: str, file: Path) -> None:
    """The plot: the nearer to the diagonal, the more the probabilities can be believed."""
    # matplotlib is an extra: whoever calls this has it.
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from wardline.learning.evaluation.plots import ACCENT, LINE, QUIET, SETTINGS

    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(5.2, 4.6), layout="constrained")
        axes: Any = figure.add_subplot()
        axes.plot((0, 1), (0, 1), color=LINE, linewidth=1)
        found = list(bins(stated, right))
        axes.plot([each.stated for each in found], [each.right for each in found], "-o", color=ACCENT, linewidth=1.6, markersize=5)
        for each in found:
            axes.annotate(f"{each.answers}", (each.stated, each.right), xytext=(6, -10), textcoords="offset points", color=QUIET, fontsize=8)
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="Probability given to the first answer", ylabel="Share that was right")
        axes.set_title(title, loc="left", fontsize=11)
        axes.grid(color=LINE, linewidth=0.5)
        axes.set_axisbelow(True)
        figure.savefig(file, metadata={"Date": None})
