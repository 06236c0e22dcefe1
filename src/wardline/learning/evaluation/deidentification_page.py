"""The page about de-identification: what was measured, in Markdown. No text of the set is in it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from wardline.learning.evaluation.deidentification import Measured, Score
from wardline.learning.evaluation.discrimination import Interval

INTRODUCTION: Final = """
What identifies a person is found by rules: lists, titles, labels, forms and the words around. Nothing was trained. Here the rules read a
public set of labelled texts without being told the patient's name; in the house they are told, and then also find it however it is written.

- **Recall**: of what is labelled, the share that was covered whole, whatever kind it was taken for. What is covered does not leak.
- **Precision**: of what was found as this kind, the share that lies on something labelled with it. Loss here costs readability, not privacy.
- **Tokens**: the same recall, word by word.
- **Held out**: half of the set, chosen by a digest of the id, which nobody looked at while the rules were written.
"""
LIMITS: Final = """
## What was missed, read after the measurement

The rules were not changed for it; changes made since for other texts left the recall as it was, but the half has been looked at now, and the
next measurement needs a fresh one. Missed dates are phrases without a date ("last week", or "last" before a weekday that was found), which Safe
Harbor does not list. Missed places are houses written in small letters, or known by an abbreviation alone. Of the missed codes the number
itself was found; only the words before it, which are labelled with it, stayed. Every name, record number and dated day was covered.

## What this does not say

- The set is made up: questions that clinicians might type, written by a language model, each a sentence or two. Real notes are longer, have
  more misspellings, more family and staff, more places. **Nobody has measured these rules on real notes yet; a site must, before it relies on them.**
- English only. German and French forms of dates, streets, titles and telephone numbers are recognised and tested on invented texts, not measured.
- Years, seasons, ages up to 89 and phrases such as "last month" stay. Whether a season is an element of a date is not said in the rule; a site
  that thinks so must not rely on this.
- Some kinds do not occur in the set (vehicles, devices, licences, web addresses, photographs); those are tested on invented texts only.
- Names of hospitals are counted with places. Rare first names in small letters, names spelt apart and nicknames of the family can stay.
"""
DATA: Final = """
## Data

ASQ-PHI, the public half that is at hand here. Synthetic, MIT licence. Weatherhead, Golovko, McCaffrey, Data in Brief 2026;65:112586.
For comparison, as published with the set and not run again here: Amazon Comprehend Medical finds 98.6 % of the identifiers of the whole set
at threshold 0.0 and touches 90.0 % of the texts that hold none; 88.1 % and 86.8 % at threshold 0.8.

```
wardline deidentify evaluate asq_phi
```
"""


def page(developed: Measured, held_out: Measured, made_on: date) -> str:
    """The whole page; its plot lies beside it."""
    parts = (
        _head(held_out, made_on), [INTRODUCTION], _table("Held out", held_out), _table("Looked at while writing the rules", developed),
        _risk(held_out), [LIMITS, DATA],
    )  # fmt: skip
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(held_out: Measured, made_on: date) -> Iterator[str]:
    yield "# De-identification of text\n"
    yield f"{made_on:%d %B %Y}. Held out: {held_out.notes} texts with {held_out.whole.entities} identifiers in {held_out.identified} of them."
    yield f"Found: {_percent(held_out.whole.recall)} of the identifiers. Intervals: 95 %, Wilson."


def _table(heading: str, measured: Measured) -> Iterator[str]:
    yield f"## {heading}\n"
    yield "| kind | labelled | recall | recall, tokens | precision | F1 |\n|---|--:|---|---|---|--:|"
    for kind, score in measured.kinds.items():
        yield _row(kind.value, score)
    yield _row("**all, whatever the kind**", measured.whole)
    yield ""
    touched = 100 * measured.clean_touched / measured.clean if measured.clean else 0.0
    yield f"Of {measured.clean} texts with nothing labelled, something was found in {measured.clean_touched} ({touched:.1f} %)."
    yield ""
    if heading == "Held out":
        yield "![Recall by kind](deidentification-recall.svg)\n"


def _row(words: str, score: Score) -> str:
    return (
        f"| {words} | {score.entities} | {_percent(score.recall)} | {_percent(score.token_recall)} | {_percent(score.precision)} | {score.f1:.3f} |"
    )


def _risk(held_out: Measured) -> Iterator[str]:
    risk = held_out.residual_risk
    yield "## What remains\n"
    yield f"Of {held_out.identified} held-out texts that identify somebody, {held_out.leaking} still held something labelled afterwards:"
    yield f"a residual risk of {_percent(risk)} of texts. The upper end is what to plan with: about one text in {1 / risk.high:.0f}."
    yield f"\nSpeed: {held_out.seconds_per_megabyte:.1f} seconds of processor time for a megabyte."


def _percent(share: Interval) -> str:
    if share.estimate != share.estimate:
        return "–"
    return f"{100 * share.estimate:.1f} % ({100 * share.low:.1f}–{100 * share.high:.1f})"


def draw(measured: Measured, folder: Path) -> None:
    """Recall by kind with its interval, beside the page."""
    # matplotlib is an extra: whoever calls this has it.
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from wardline.learning.evaluation.plots import ACCENT, LINE, SETTINGS

    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        axes: Any = figure.add_subplot()
        kinds = sorted(measured.kinds.items(), key=lambda entry: entry[1].entities)
        for place, (_, score) in enumerate(kinds):
            share = score.recall
            axes.plot((100 * share.low, 100 * share.high), (place, place), color=LINE, linewidth=6, solid_capstyle="round")
            axes.plot(100 * share.estimate, place, "o", color=ACCENT, markersize=6)
        axes.set_yticks(range(len(kinds)), [f"{kind.value} ({score.entities})" for kind, score in kinds])
        axes.set(xlim=(0, 101), xlabel="Recall, % of identifiers covered whole; bar: 95 % interval")
        axes.set_title("Held-out half of ASQ-PHI", loc="left", fontsize=11)
        axes.grid(axis="x", color=LINE, linewidth=0.5)
        axes.set_axisbelow(True)
        figure.savefig(folder / "deidentification-recall.svg", metadata={"Date": None})
