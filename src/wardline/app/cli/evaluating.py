"""`wardline evaluate`: measured clinical performance, written to docs."""

import importlib.util
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from cyclopts import Parameter
from rich.console import Console
from rich.progress import track

from wardline.adapters.embedded.log import SqliteLog
from wardline.app.bootstrap import open_log
from wardline.app.discovery import discover
from wardline.app.settings import Settings, load
from wardline.app.site_tables import site_tables
from wardline.app.suites import SUITES
from wardline.core.assessment import Assessor
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Merged, Moved, Unmerged
from wardline.engine.identity import Links
from wardline.intake.datasets.cinc2012.stays import outcomes as read_outcomes
from wardline.learning.evaluation.courses import Courses
from wardline.learning.evaluation.discrimination import Discrimination, discrimination
from wardline.learning.evaluation.early_warning import SCORES, early_warning
from wardline.learning.evaluation.early_warning_page import Occasion, page
from wardline.learning.evaluation.reassessing import compared

CAPABILITIES: Final = tuple(score.capability for score in SCORES)
REFERENCE: Final = "WARDLINE_REFERENCE_DATA"
ABOUT: Final = {"early-warning": "NEWS2, MEWS, qSOFA and SIRS against death in hospital"} | {name: each.about for name, each in SUITES.items()}


def evaluate(
    suite: Annotated[str, Parameter(help="; ".join(f"{name}: {about}" for name, about in ABOUT.items()))],
    *,
    data: Annotated[Path | None, Parameter(help="The data folder whose log is read, as `wardline replay` leaves it.")] = None,
    out: Annotated[Path, Parameter(help="Where the page and its plots go.")] = Path("docs/evaluation"),
    outcomes: Annotated[Path | None, Parameter(help="Outcomes-a.txt of the set, for SAPS-I and SOFA beside the scores.")] = None,
    reassess: Annotated[bool, Parameter(help="Also run the capabilities again over every stored step and count differences.")] = False,
) -> int:
    """Measure how scores do on the patients of a data folder, or answers on a reference data set, and write a page with tables and plots.

    The reference data sets are read from the folder that WARDLINE_REFERENCE_DATA names. Exit code 1 when --reassess finds a stored
    answer that does not come out again.

    For example:

        wardline evaluate early-warning --data icu --reassess

        wardline evaluate stopp-start
    """
    if suite not in ABOUT:
        raise NotFound(f"there is no suite {suite!r}; there are {', '.join(ABOUT)}")
    if suite in SUITES:
        out.mkdir(parents=True, exist_ok=True)
        Console(markup=False, highlight=False, soft_wrap=True).print(SUITES[suite].run(Path(os.environ.get(REFERENCE, "../shared/data")), out))
        return 0
    if importlib.util.find_spec("matplotlib") is None:
        raise Refused("the plots need matplotlib: install Wardline with its extra, pip install 'wardline[evaluation]'", code="extra")
    console = Console(markup=False, highlight=False, soft_wrap=True)
    settings = load(data=data)
    baselines = _baselines(outcomes, console)
    with closing(open_log(settings.data)) as log:
        courses, links = _read(log, console)
        stays = courses.all(links.survivor)
        if not stays:
            raise NotFound(f"there is no stay in {settings.data}; fill it with wardline replay")
        reassessed = _reassess(log, settings, console) if reassess else None
    result = early_warning(courses, stays)
    digests = {capability.id: capability.digest for capability in discover().capabilities}
    occasion = Occasion(datetime.now(UTC).date(), digests, baselines, reassessed)
    # matplotlib is an extra: only here is it sure to be there.
    from wardline.learning.evaluation import plots

    out.mkdir(parents=True, exist_ok=True)
    plots.draw(result, out)
    (out / "early-warning.md").write_text(page(result, occasion), encoding="utf-8")
    console.print(f"{result.stays:,} stays, {result.deaths:,} deaths; written to {out / 'early-warning.md'}")
    return 1 if reassessed is not None and any(different for _, different in reassessed.values()) else 0


def _read(log: SqliteLog, console: Console) -> tuple[Courses, Links]:
    """One pass over the log."""
    courses, links = Courses(CAPABILITIES), Links()
    for step in track(log.steps(), "Reading the log", console=console, transient=True):
        for _, events in step.rows:
            courses.take_in(events)
            for event in events:
                if isinstance(event.value, Merged | Unmerged | Moved):
                    links.apply(event)
    return courses, links


def _baselines(named: Path | None, console: Console) -> dict[str, Discrimination]:
    """SAPS-I and SOFA of the set's outcomes file: the one that was named, else the one among the reference data."""
    path = named or Path(os.environ.get(REFERENCE, "../shared/data")) / "clinical/cinc2012/Outcomes-a.txt"
    if named is None and not path.exists():
        console.print(f"SAPS-I and SOFA are not compared: there is no {path}; name the file with --outcomes")
        return {}
    ended = read_outcomes(path).values()
    died = np.array([each.died for each in ended])
    columns = {"SAPS-I": [each.saps for each in ended], "SOFA": [each.sofa for each in ended]}
    return {title: discrimination(np.array([np.nan if score is None else score for score in scores]), died) for title, scores in columns.items()}


def _reassess(log: SqliteLog, settings: Settings, console: Console) -> dict[str, tuple[int, int]]:
    """(answers asked for again, different ones) by capability."""
    asked: Counter[str] = Counter()
    different: Counter[str] = Counter()
    catalogue = discover()
    assessors = [Assessor.of(found) for id in CAPABILITIES if (found := catalogue.get(id)) is not None]
    site = site_tables(settings.config_folder / "site", catalogue)
    for about in track(list(_people(log)), "Asking again", console=console, transient=True):
        for each in compared(about, log.events_of((about,)), assessors, site):
            asked[each.capability] += 1
            if not each.is_same:
                different[each.capability] += 1
                if different[each.capability] <= 3:
                    console.print(f"{each.capability} {about} {each.at.isoformat()}: stored {each.stored}, now {each.again}")
    return {id: (asked[id], different[id]) for id in CAPABILITIES}


def _people(log: SqliteLog) -> Iterator[str]:
    return (about for about, entry in log.kept() if entry)
