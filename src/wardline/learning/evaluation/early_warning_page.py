"""The page docs/evaluation/early-warning.md: every number of the suite, what it rests on, and how to get it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from wardline.core.findings import words
from wardline.learning.evaluation.alerting import Alerting, LeadTime
from wardline.learning.evaluation.discrimination import Discrimination, Interval
from wardline.learning.evaluation.early_warning import KINDS, OBSERVED_HOURS, EarlyWarning, Kind


@dataclass(frozen=True, slots=True)
class Occasion:
    """What only the caller knows: when, on which data, what was compared."""

    made_on: date
    digests: Mapping[str, str]
    """Capability -> digest of its present source."""
    baselines: Mapping[str, Discrimination]
    """Severity scores that came with the data, as a check of the whole pipeline."""
    reassessed: Mapping[str, tuple[int, int]] | None = None
    """Capability -> (answers asked for again, those that came out differently); None where that was not done."""


INTRODUCTION: Final = f"""
Written by `wardline evaluate early-warning`; run it again instead of editing the page.

Each stay of a data folder is read from its log: what the scores answered, when, and whether the patient died in hospital. Nothing is
computed anew; the answers are those that stood on the ward board. Only the first {OBSERVED_HOURS} hours are looked at, because the set holds no more.

**Read this first.**

- **NEWS2 was not designed for intensive care**, and neither was MEWS: they are for general wards, where a high score calls a team that
  these patients already have. qSOFA and SIRS ask about infection, which is not known here. The numbers say how the scores behave on a
  hard, public data set and that the path from message to answer works. They are no evidence for or against using a score on a ward.
- **Most inputs of NEWS2 are missing.** Consciousness on the ACVPU scale is never charted (the set has the Glasgow coma scale, which is not
  turned into ACVPU by guessing); respiratory rate and saturation mostly are not, oxygen often not. The house then answers "at least", for
  inputs can only add points. Such answers count at their value here; answers that rest on every input are shown apart.
- What is charted may be the machine's: many patients are ventilated, and their breathing rate and consciousness are what treatment makes them.
- The set counts stays, not persons; a person with two stays counts twice. Intervals are from a bootstrap by stay.
- **Time of death is known in days only** (and how they were rounded is not published): lead times are right to a day or two.
"""

DATA: Final = """
## Data

PhysioNet/Computing in Cardiology Challenge 2012, set A: 4,000 stays in four intensive care units. Open Data Commons Attribution License 1.0.

- Silva I, Moody G, Scott DJ, Celi LA, Mark RG. Predicting In-Hospital Mortality of ICU Patients: The PhysioNet/Computing in Cardiology
  Challenge 2012. Comput Cardiol 2012;39:245-248.
- Goldberger A, Amaral L, Glass L, Hausdorff J, Ivanov PC, Mark R, et al. PhysioBank, PhysioToolkit, and PhysioNet: Components of a new
  research resource for complex physiologic signals. Circulation 2000;101(23):e215-e220.

How stays become messages: made-up dates and beds, 1 January as birthday with the true age, off the board after 48 hours, when the record
ends, and the end of the stay at admission plus Survival (died in hospital) or Length_of_stay in days. Magnesium is not scored: its
documented unit does not fit its values. Invasive and non-invasive pressures are one concept, and the newest counts. Zeros of pressures and
other values outside the plausible range are kept, shown and not scored. Two values charted at one moment are both kept, and the later line counts.
"""

REPRODUCE: Final = """
## Again, in two commands

```
wardline replay cinc2012 ../shared/data/clinical/cinc2012/set-a.csv.gz --data icu
wardline evaluate early-warning --data icu --outcomes ../shared/data/clinical/cinc2012/Outcomes-a.txt
```

The second needs the extra `evaluation` (matplotlib). With `--reassess` it also runs today's capabilities over every stored step and
counts differences.
"""


def page(result: EarlyWarning, occasion: Occasion) -> str:
    """The whole page as Markdown; its plots lie beside it."""
    parts = (
        _head(result, occasion), [INTRODUCTION], _in_short(result), _discrimination(result), _alerts(result), _answers(result),
        _checks(occasion), _versions(result, occasion), [DATA, REPRODUCE],
    )  # fmt: skip
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(result: EarlyWarning, occasion: Occasion) -> Iterator[str]:
    yield "# Early-warning scores and death in hospital\n"
    share = 100 * result.deaths / result.stays if result.stays else 0.0
    yield f"{occasion.made_on:%d %B %Y}. {result.stays:,} stays, {result.deaths:,} of which ended in death in hospital ({share:.1f} %);"
    yield f"{result.days:,.0f} patient-days observed. Intervals: 95 %, {result.resamples:,} bootstrap resamples, seed {result.seed}."


def _in_short(result: EarlyWarning) -> Iterator[str]:
    yield "## In short\n"
    for each in result.scores:
        told = each.told_apart[Kind(OBSERVED_HOURS, True), False].auroc
        yield f"- **{each.score.title}**: AUROC of the highest score in {OBSERVED_HOURS} hours {_shown(told)}."
        for alert in (alert for alert in each.alerting if alert.episodes):
            lived = 100 - 100 * alert.specificity.estimate
            yield (
                f"  At {alert.threshold:g} or more: {alert.per_patient_day.estimate:.2f} alerts per patient-day;"
                f" {_percent(alert.sensitivity)} of those who died had one, and so had {lived:.1f} % of those who lived."
            )
    yield ""


def _discrimination(result: EarlyWarning) -> Iterator[str]:
    yield "## Who died and who lived\n"
    yield "AUROC: how often a patient who died had the higher score (0.5 is chance). AUPRC: average precision (chance is the share that died).\n"
    for complete, heading in ((False, "Every answer, complete or at least"), (True, "Complete answers only")):
        yield f"### {heading}\n"
        yield "| score | value taken | stays with one | died | AUROC | AUPRC |\n|---|---|--:|--:|---|---|"
        for each in result.scores:
            if complete and not each.answered.outcomes.get("finding"):
                yield f"| {each.score.title} | no complete answer | 0 | 0 | – | – |"
                continue
            for kind in KINDS:
                told = each.told_apart[kind, complete]
                yield f"| {each.score.title} | {kind.words} | {told.patients:,} | {told.deaths:,} | {_shown(told.auroc)} | {_shown(told.auprc)} |"
        yield ""
    yield "![ROC curves of the highest score in 48 hours](early-warning-roc.svg)\n"
    yield "![AUROC of the score that stood at 12, 24, 36 and 48 hours](early-warning-hours.svg)\n"


def _alerts(result: EarlyWarning) -> Iterator[str]:
    yield "## Alerts\n"
    yield "An alert is an episode: it begins when the score reaches the threshold and lasts until a known score lies below it."
    yield "PPV: of the episodes, or of the patients with one, the share that ended in death in hospital, then or later. Sensitivity and"
    yield f"specificity: of patients, over the {OBSERVED_HOURS} hours; who had no answer had no alert.\n"
    for complete, heading in ((False, "Every answer, complete or at least"), (True, "Only complete answers can raise one")):
        yield f"### {heading}\n"
        yield f"| {' | '.join(_ALERT_COLUMNS)} |\n|---|--:|---|---|---|---|---|---|"
        for each in result.scores:
            for alert in each.alerting_complete if complete else each.alerting:
                yield _alert(each.score.title, alert)
        yield ""
    yield "![Alerts per patient-day and sensitivity of every threshold](early-warning-cost.svg)\n"


_ALERT_COLUMNS: Final = (
    "alert", "episodes", "per patient-day", "PPV, episodes", "PPV, patients", "sensitivity", "specificity",
    "days from first alert to death: median (quartiles)",
)  # fmt: skip


def _alert(title: str, alert: Alerting) -> str:
    if not alert.episodes:
        return f"| {title} ≥ {alert.threshold:g} | 0 | – | – | – | – | – | – |"
    shares = (alert.ppv_episodes, alert.ppv_patients, alert.sensitivity, alert.specificity)
    cells = (f"{alert.episodes:,}", _shown(alert.per_patient_day, 2), *(_percent(share) for share in shares), _lead(alert.lead))
    return f"| {title} ≥ {alert.threshold:g} | {' | '.join(cells)} |"


def _answers(result: EarlyWarning) -> Iterator[str]:
    yield "## How complete the answers were\n"
    yield "| score | answers with a value | of these complete | inputs missing from incomplete answers |\n|---|--:|--:|---|"
    for each in result.scores:
        complete, incomplete = each.answered.outcomes.get("finding", 0), each.answered.outcomes.get("at_least", 0)
        lacked = sorted(each.answered.missing.items(), key=lambda entry: -entry[1])
        shares = ", ".join(f"{words(name)} {100 * count / incomplete:.0f} %" for name, count in lacked) or "–"
        yield f"| {each.score.title} | {complete + incomplete:,} | {100 * complete / max(complete + incomplete, 1):.1f} % | {shares} |"
    yield ""


def _checks(occasion: Occasion) -> Iterator[str]:
    yield "## Is the pipeline right?\n"
    if occasion.baselines:
        yield "The set carries two severity scores of the first day for each stay. Put through the same functions they give:\n"
        yield "| score | stays with one | died | AUROC | AUPRC |\n|---|--:|--:|---|---|"
        for title, known in occasion.baselines.items():
            yield f"| {title} | {known.patients:,} | {known.deaths:,} | {_shown(known.auroc)} | {_shown(known.auprc)} |"
        yield "\nMeasured independently on set A, AUROC: SAPS-I 0.650, SOFA 0.623.\n"
    else:
        yield "The severity scores that come with the set were not compared: no outcomes file was named.\n"
    if occasion.reassessed is None:
        yield "The stored answers were not asked for again in this run (`--reassess`).\n"
        return
    yield "Today's capabilities run again over every stored step, each on the timeline as it was known at that moment:\n"
    yield "| score | answers asked for again | different |\n|---|--:|--:|"
    for capability, (asked, different) in occasion.reassessed.items():
        yield f"| {capability} | {asked:,} | {different:,} |"
    yield ""


def _versions(result: EarlyWarning, occasion: Occasion) -> Iterator[str]:
    yield "## Which versions answered\n"
    yield "The digest is that of the capability's source on the day it answered; a row says so when the present source is another.\n"
    yield "| capability | version | digest | answers |\n|---|---|---|--:|"
    for each in result.scores:
        for (version, digest), count in sorted(each.answered.versions.items()):
            yield version_row(each.score.capability, version, digest, count, occasion.digests)


def version_row(capability: str, version: str, digest: str, answers: int, present: Mapping[str, str]) -> str:
    """One line of the table of versions. `present`: capability -> digest of its source now."""
    old = "" if digest == present.get(capability) else ", older version"
    return f"| {capability} | {version} | `{digest}`{old} | {answers:,} |"


def _shown(interval: Interval, decimals: int = 3) -> str:
    if np.isnan(interval.estimate):
        return "–"
    return f"{interval.estimate:.{decimals}f} ({interval.low:.{decimals}f}–{interval.high:.{decimals}f})"


def _percent(interval: Interval) -> str:
    if np.isnan(interval.estimate):
        return "–"
    return f"{100 * interval.estimate:.1f} % ({100 * interval.low:.1f}–{100 * interval.high:.1f})"


def _lead(lead: LeadTime) -> str:
    return f"{lead.median:.1f} ({lead.lower:.1f}–{lead.upper:.1f})" if lead.patients else "–"
