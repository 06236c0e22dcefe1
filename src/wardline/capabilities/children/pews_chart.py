"""The site's PEWS chart: no chart is everybody's, so the hospital writes down its own, with who signed it.

    title: National PEWS
    version: "2023"
    source: Where the chart was published, and the permission to use it
    signed_by: Dr A. Example
    escalate: [{from: 5, as: medium}, {from: 1, as: low}]
    ages:
      - {from: 0, to: 0, rows: {pulse: {up_to: {79: 4, 89: 2, 160: 0}, above: 2}, supplemental_oxygen: {answers: {true: 2, false: 0}}}}
      - {from: 1, to: 4, rows: {...}}

Ages are completed years, both ends included. `up_to` are inclusive upper ends with their points, as the chart prints them; `step` its precision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from wardline.core.errors import Refused
from wardline.core.findings import Severity
from wardline.core.scoring import Bands, Chart, Codes, bands, codes

TABLE = "pews_chart"
MEASURED = frozenset({"respiratory_rate", "oxygen_saturation", "pulse", "systolic_pressure", "temperature", "capillary_refill"})
ANSWERED: Mapping[str, frozenset[Any]] = {
    "supplemental_oxygen": frozenset({True, False}),
    "consciousness": frozenset({"A", "C", "V", "P", "U"}),
    "respiratory_distress": frozenset({"none", "mild", "moderate", "severe"}),
}
_SAID: Mapping[Any, bool] = {"true": True, "false": False}
"""The keys of a JSON object are texts."""
# A chart that nobody here has read never asks for more than "urgent".
SEVERITIES = {"low": Severity.LOW, "medium": Severity.MEDIUM}


@dataclass(frozen=True, slots=True)
class AgeChart:
    """The rows for children of these completed years."""

    youngest: int
    oldest: int
    chart: Chart


@dataclass(frozen=True, slots=True)
class PewsChart:
    """A signed chart: for each age its rows, and from which score on somebody must act."""

    title: str
    version: str
    is_signed: bool
    ages: tuple[AgeChart, ...]
    escalate: tuple[tuple[int, Severity], ...]

    def of_age(self, years: int) -> Chart | None:
        return next((each.chart for each in self.ages if each.youngest <= years <= each.oldest), None)

    def severity(self, total: int) -> Severity:
        return max((severity for least, severity in self.escalate if total >= least), default=Severity.NONE)


def pews_chart(content: Any) -> PewsChart:
    """Read the site's chart. Raises `Refused` naming what is wrong."""
    if not isinstance(content, Mapping):
        raise _refused("needs title, version, source, signed_by, escalate and ages")
    for field in ("title", "version", "source"):
        if not str(content.get(field) or "").strip():
            raise _refused(f"does not say its {field}")
    ages = tuple(sorted((_age(each) for each in _listed(content, "ages")), key=lambda each: each.youngest))
    for one, next_one in pairwise(ages):
        if next_one.youngest != one.oldest + 1:
            raise _refused(f"ages leave a gap or overlap between {one.oldest} and {next_one.youngest}")
    escalate = tuple(_escalation(each) for each in _listed(content, "escalate"))
    return PewsChart(str(content["title"]), str(content["version"]), bool(str(content.get("signed_by") or "").strip()), ages, escalate)


def _listed(content: Mapping[str, Any], field: str) -> list[Any]:
    listed = content.get(field)
    if not isinstance(listed, list) or not listed:
        raise _refused(f"{field} is a list with at least one entry")
    return listed


def _escalation(entry: Any) -> tuple[int, Severity]:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("from"), int) or entry.get("as") not in SEVERITIES:
        raise _refused('escalate is a list such as {from: 5, as: medium}, with "low" or "medium"')
    return entry["from"], SEVERITIES[entry["as"]]


def _age(entry: Any) -> AgeChart:
    kinds = {"from": int, "to": int, "rows": Mapping}
    if not isinstance(entry, Mapping) or not all(isinstance(entry.get(field), kind) for field, kind in kinds.items()):
        raise _refused("each of ages has from and to, completed years, and rows")
    rows = tuple((str(name), _row(str(name), row)) for name, row in entry["rows"].items())
    return AgeChart(entry["from"], entry["to"], Chart(rows))


def _row(name: str, row: Any) -> Bands | Codes:
    if not isinstance(row, Mapping):
        raise _refused(f"the row of {name} has up_to and above, or answers")
    try:
        if name in MEASURED:
            ends = sorted((float(end), int(points)) for end, points in row["up_to"].items())
            return bands(*ends, above=int(row["above"]), step=float(row.get("step", 1)))
        answers = {_SAID.get(answer, answer): int(points) for answer, points in row["answers"].items()} if name in ANSWERED else {}
        if answers and ANSWERED[name] == frozenset(answers):
            return codes(answers)
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise _refused(f"the row of {name} cannot be read: {wrong}") from wrong
    allowed = {**dict.fromkeys(sorted(MEASURED), "up_to and above"), **{each: f"answers for {sorted(map(str, ANSWERED[each]))}" for each in ANSWERED}}
    raise _refused(f"the row of {name} needs {allowed.get(name, 'a name among ' + ', '.join(allowed))}")


def _refused(what: str) -> Refused:
    return Refused(f"{TABLE}: {what}", code="site-table")
