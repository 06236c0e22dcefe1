"""The plots of the evaluation pages, in the house's quiet colours: grey and indigo, labels beside the lines."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

from wardline.learning.evaluation.early_warning import LANDMARKS, EarlyWarning, Kind, ScoreResult

TEXT, QUIET, LINE, ACCENT, SOFT = "#14191E", "#606A74", "#DCE0E4", "#4548B0", "#8789CF"
STYLES: Final = ((ACCENT, "-"), (QUIET, "-"), (SOFT, "--"), (QUIET, ":"))
"""Colour and dash of each score, in the order of the suite."""
SETTINGS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",  # letters stay letters: small files that can be searched
    "svg.hashsalt": "wardline",
    "font.family": "sans-serif",
    "font.sans-serif": ["Inter", "DejaVu Sans"],
    "font.size": 10,
    "text.color": TEXT,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(result: EarlyWarning, folder: Path) -> None:
    """Write the plots of the suite beside its page."""
    with mpl.rc_context(SETTINGS):
        for name, drawing in (("roc", _roc), ("hours", _over_time), ("cost", _cost)):
            figure = Figure(figsize=(6.4, 4.2), layout="constrained")
            drawing(figure.add_subplot(), result.scores)
            figure.savefig(folder / f"early-warning-{name}.svg", metadata={"Date": None})


def _roc(axes: Any, scores: Sequence[ScoreResult]) -> None:
    axes.plot((0, 1), (0, 1), color=LINE, linewidth=1)
    for (colour, dash), result in zip(STYLES, scores, strict=True):
        if result.roc is None:
            continue
        axes.plot(result.roc.false_positive_rate, result.roc.sensitivity, dash, color=colour, linewidth=1.8, label=result.score.title)
        for threshold in result.score.thresholds:
            place = int((result.roc.threshold >= threshold).sum()) - 1
            axes.plot(result.roc.false_positive_rate[place], result.roc.sensitivity[place], "o", color=colour, markersize=4)
    _name(axes, "1 − specificity", "Sensitivity", "Highest score in 48 hours; dots are the usual thresholds")
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")


def _over_time(axes: Any, scores: Sequence[ScoreResult]) -> None:
    for shift, ((colour, dash), result) in enumerate(zip(STYLES, scores, strict=True)):
        told = [result.told_apart[Kind(hours, False), False].auroc for hours in LANDMARKS]
        hours = [at + 0.5 * (shift - 1.5) for at in LANDMARKS]
        spread = ([each.estimate - each.low for each in told], [each.high - each.estimate for each in told])
        axes.errorbar(
            hours,
            [each.estimate for each in told],
            spread,
            color=colour,
            linestyle=dash,
            linewidth=1.8,
            elinewidth=1,
            marker="o",
            markersize=4,
            label=result.score.title,
        )
    axes.axhline(0.5, color=LINE, linewidth=1)
    _name(axes, "Hours after admission", "AUROC, 95 % interval", "The score that stood at the hour", columns=2)
    axes.set_xticks(LANDMARKS)


def _cost(axes: Any, scores: Sequence[ScoreResult]) -> None:
    for (colour, dash), result in zip(STYLES, scores, strict=True):
        cost = [each.per_patient_day.estimate for each in result.every_threshold]
        found = [each.sensitivity.estimate for each in result.every_threshold]
        axes.plot(cost, found, dash, color=colour, linewidth=1.4, marker="o", markersize=3, label=result.score.title)
        for each in result.alerting:
            at = (each.per_patient_day.estimate, each.sensitivity.estimate)
            axes.annotate(f"{result.score.title} ≥ {each.threshold:g}", at, xytext=(8, -12), textcoords="offset points", color=colour, fontsize=9)
            axes.plot(*at, "o", color=colour, markersize=7)
    _name(axes, "Alert episodes per patient-day", "Of those who died: with an alert", "What each threshold costs and finds")
    axes.set(xlim=(0, None), ylim=(0, 1.02))


def _name(axes: Any, across: str, up: str, title: str, columns: int = 1) -> None:
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(color=LINE, linewidth=0.5)
    axes.set_axisbelow(True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, ncols=columns, loc="lower right" if columns == 1 else "upper left")
