"""What is known before the images are read: the branch's checklist, answered from the chart and the study where they say it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core import concepts as c
from wardline.core import course
from wardline.core.assessment import is_pregnant
from wardline.core.timeline import Timeline
from wardline.delivery.reports.measured import DATE, rounded
from wardline.delivery.reports.templates import Item, template

DAY: Final = timedelta(days=1)
SHOWN: Final = 5


class Known(NamedTuple):
    """What is to be known, and how it stands: "open", "known" (Wardline found it) or "answered" (a person said it)."""

    item: Item
    state: str
    value: str = ""
    known_from: str = ""


class Chart(NamedTuple):
    """What the checklist looks at."""

    timeline: Timeline
    at: datetime
    question: str = ""
    uptake_minutes: float | None = None
    priors: tuple[datetime, ...] = ()


def checklist(branch: str, chart: Chart, answered: Mapping[str, str]) -> list[Known]:
    """In the template's order. What a person has said goes before what was found."""
    return [_known(item, chart, answered) for item in template(branch).checklist]


def open_and_needed(known: list[Known]) -> list[Known]:
    return [each for each in known if each.item.needed and each.state == "open"]


def _known(item: Item, chart: Chart, answered: Mapping[str, str]) -> Known:
    if said := answered.get(item.id):
        return Known(item, "answered", said, "person")
    look = LOOKS.get(item.id)
    found = look(chart) if look is not None else ""
    return Known(item, "known", found, item.known_from) if found else Known(item, "open")


def _latest(concept: c.Concept, within: timedelta) -> Callable[[Chart], str]:
    def look(chart: Chart) -> str:
        found = chart.timeline.latest((concept,), chart.at, within)
        if found is None or not isinstance(found[0], int | float):
            return ""
        return f"{rounded(float(found[0]), concept.decimals)} {concept.unit}, {found[1].occurred_at.strftime(DATE)}"

    return look


def _allergies(chart: Chart) -> str:
    return ", ".join(event.value.text or event.value.code for event in chart.timeline.allergies[:SHOWN])


def _pregnancy(chart: Chart) -> str:
    if is_pregnant(chart.timeline, chart.at):
        return "pregnant according to the record"
    return "male" if chart.timeline.sex == "M" else ""


def _diagnoses(chart: Chart) -> str:
    conditions = course.conditions_of(chart.timeline.diagnoses, chart.at)
    return "; ".join(each.text or each.code for each in conditions[:SHOWN])


LOOKS: Final[dict[str, Callable[[Chart], str]]] = {
    "question": lambda chart: chart.question,
    "weight": _latest(c.WEIGHT, 90 * DAY),
    "height": _latest(c.HEIGHT, 3650 * DAY),
    "glucose": _latest(c.GLUCOSE, DAY),
    "creatinine": _latest(c.CREATININE, 90 * DAY),
    "allergies": _allergies,
    "pregnancy": _pregnancy,
    "diagnosis": _diagnoses,
    "uptake_time": lambda chart: "" if chart.uptake_minutes is None else f"{rounded(chart.uptake_minutes, 0)} min",
    "priors": lambda chart: ", ".join(each.strftime(DATE) for each in chart.priors[:SHOWN]),
}
"""How far back a value is looked for is this house's choice; its date stands beside it."""
