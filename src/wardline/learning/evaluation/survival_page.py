"""The page docs/evaluation/survival.md: what trained survival models are worth on open sets, and how to measure it again."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from wardline.learning.evaluation.survival import INVENTED, MARKERS, TABLES, Held, Result, evaluated, held
from wardline.learning.survival.fitting import KINDS, Kind
from wardline.learning.survival.measuring import RESAMPLES, Interval

PAGE: Final = "survival.md"
PLOT: Final = "survival-calibration.svg"
_HEAD: Final = f"""# Survival models

Written by `wardline evaluate survival`; run it again instead of editing the page.

The models are those of `wardline train survival`: Cox regression with a ridge, and gradient-boosted trees. Each set is divided into five parts,
all lines of a person in one; each part is predicted by a model of the other four, and the ridge or the number of trees is chosen within those
four. Intervals: 95 %, {RESAMPLES} resamples of the persons with the predictions as they are; what another training would have changed is not in them.

- C: of two persons whose order is known, how often the one with the higher predicted risk was affected first (0.5 is chance). Uno's C does not
  depend on how long people happened to be watched.
- Brier: integrated to the horizon, smaller is better; gain is the share by which it is smaller than that of Kaplan-Meier, which tells everybody
  the same.
- Slope: 1 means that differences between persons are as large as was told; below 1 they were told too large.
"""
_MEANING: Final = """## What this means

- These are open sets of clinical data, not of images: no open set with images, outlines and survival was at hand. That radiomics adds anything
  is not shown here; a site sees it when it trains once with the features of the images and once without.
- All of it is internal: parts of the same set. In another hospital expect less; the companion set of Rotterdam (GBSG) was not at hand for a test
  outside.
- A C-index above 0.70 comes from age, or from advanced disease beside early, in a broad population (free light chains, cirrhosis). Among patients
  of one tumour, as a model of images meets them, published values are lower (0.68 in HECKTOR 2022); more than that wants suspicion.
- Where trees are no better than the regression (the interval of the difference holds 0), take the regression: it can be read.
- Lines with a missing value are left out, which is fair only if what is missing has nothing to do with the outcome.
- Not used: the heart transplant sets (several states, several outcomes) and the fatty liver and prediabetes sets (few deaths, or a source nobody
  can check). Meanings of the columns of the bone marrow set are from memory of its R package.
"""


def run(reference: Path, out: Path) -> str:
    """Measure, write the page and its plot, and say what came out."""
    results, known = evaluated(reference), {kind: held(kind) for kind in KINDS}
    out.mkdir(parents=True, exist_ok=True)
    text = "\n".join(line for part in ((_HEAD,), _sets(results), _worth(results), _held(known), (_MEANING,)) for line in part)
    (out / PAGE).write_text(text, encoding="utf-8")
    draw(results, out / PLOT)
    told = ", ".join(
        f"{each.what.name} {each.by_kind['cox'].harrell.estimate:.3f}/{each.by_kind['boosted'].harrell.estimate:.3f}" for each in results
    )
    return f"survival: C-index of Cox/trees on people not seen: {told}"


def _sets(results: Sequence[Result]) -> Iterator[str]:
    yield "## The sets\n"
    yield "| set | outcome | horizon, months | persons | events | lines left out | features |\n|---|---|--:|--:|--:|--:|---|"
    for each in results:
        people, what = each.table, each.what
        numbers = f"{what.horizon:g} | {len(people):,} | {people.seen.events:,} | {people.left_out:,}"
        yield f"| {what.name} | {what.question} | {numbers} | {', '.join(people.names)} |"
    yield ""


def _worth(results: Sequence[Result]) -> Iterator[str]:
    yield "## What the models are worth\n"
    yield "| set | model | Harrell's C | Uno's C | Brier | Kaplan-Meier | gain | slope |\n|---|---|---|---|--:|--:|--:|---|"
    for each in results:
        for kind, worth in each.by_kind.items():
            brier = f"{worth.brier:.4f} | {worth.brier_of_all:.4f} | {100 * worth.gain:.1f} %"
            slope = f"{worth.slope.estimate:.2f} ({worth.slope.low:.2f} to {worth.slope.high:.2f})"
            yield f"| {each.what.name} | {kind} | {_shown(worth.harrell)} | {_shown(worth.uno)} | {brier} | {slope} |"
    yield "\n| set | C of the trees minus C of the regression |\n|---|---|"
    for each in results:
        yield f"| {each.what.name} | {_shown(each.boosting_gains)} |"
    yield f"\n## Told and found\n\nEach dot is a group of people; its bar is the interval of Kaplan-Meier.\n\n![Calibration at the horizon]({PLOT})\n"


def _held(known: Mapping[Kind, Held]) -> Iterator[str]:
    yield "## Does a person's interval hold the truth?\n"
    yield f"{TABLES} tables of {INVENTED} invented persons whose chances are known; {len(MARKERS)} persons asked about in each, at one year,"
    yield "with the 95 % interval as the bedside shows it.\n\n| model | held the truth | mean width |\n|---|--:|--:|"
    for kind, each in known.items():
        yield f"| {kind} | {each.held} of {each.asked} ({100 * each.held / each.asked:.0f} %) | {100 * each.width:.0f} percentage points |"
    yield "\nThe interval knows the spread of resamples, not what trees smooth away: where the share is below 95 %, it is too narrow.\n"


def _shown(interval: Interval) -> str:
    return f"{interval.estimate:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def draw(results: Sequence[Result], file: Path) -> None:
    """The plot: the nearer to the diagonal, the more a chance can be believed."""
    # matplotlib is an extra: whoever calls this has it.
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from wardline.learning.evaluation.plots import SETTINGS

    with mpl.rc_context(SETTINGS):
        rows = -(-len(results) // 2)
        figure = Figure(figsize=(8.4, 3.9 * rows), layout="constrained")
        for axes, each in zip(figure.subplots(rows, 2, squeeze=False).flat, results, strict=False):
            _panel(axes, each)
        figure.savefig(file, metadata={"Date": None})


def _panel(axes: Any, result: Result) -> None:
    from wardline.learning.evaluation.plots import ACCENT, LINE, QUIET

    axes.plot((0, 1), (0, 1), color=LINE, linewidth=1)
    for (kind, worth), colour in zip(result.by_kind.items(), (ACCENT, QUIET), strict=True):
        groups = [group for group in worth.groups if group.low == group.low]  # a group nobody of whom was affected has no interval
        told = [group.told for group in groups]
        spread = [[group.found - group.low for group in groups], [group.high - group.found for group in groups]]
        axes.errorbar(
            told, [group.found for group in groups], spread, color=colour, linewidth=1.4, elinewidth=1, marker="o", markersize=4, label=kind
        )
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel=f"Told: free of {result.what.question}", ylabel="Found (Kaplan-Meier)")
    axes.set_title(f"{result.what.name}, {result.what.horizon:g} months", loc="left", fontsize=10)
    axes.grid(color=LINE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, loc="upper left")
