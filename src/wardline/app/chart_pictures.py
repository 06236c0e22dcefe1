"""A score's table as a picture: one line for each input, one box for each band, the darker the more points."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape

from wardline.core.scoring import Bands, Chart, Choice, Codes, Table

WIDTH: Final = 840
GUTTER: Final = 248
LINE: Final = 44
GAP: Final = 6
PAGE, INK, QUIET, LIGHT = "#FFFFFF", "#14191E", "#606A74", "#FFFFFF"
FILLS: Final = ("#EDF0F3", "#D5D6F5", "#9FA1E3", "#4548B0")
"""No points, some, more, most. The colours of alarms are for alarms: points are not one."""


class Line(NamedTuple):
    """The bands of one input in the order of the chart; `when` says which of several tables it is."""

    input: str
    when: str
    labels: tuple[str, ...]
    points: tuple[int, ...]


def lines(chart: Chart) -> Iterator[Line]:
    """Every table of a score, those of a choice one after the other."""
    for name, table in chart.tables:
        yield from _lines(words(name), (), table)


def _lines(name: str, when: tuple[str, ...], table: Table) -> Iterator[Line]:
    match table:
        case Bands():
            yield Line(name, ", ".join(when), table.labels, table.scores)
        case Codes():
            yield Line(name, ", ".join(when), table.labels, tuple(points for _, points in table.scores))
        case Choice():
            for answer, inner in table.tables:
                yield from _lines(name, (*when, _answered(table.by, answer)), inner)


def _answered(name: str, answer: Any) -> str:
    if isinstance(answer, bool):
        return words(name) if answer else f"no {words(name)}"
    return f"{words(name)} {answer}"


def words(name: str) -> str:
    """An input's name as people say it."""
    return name.replace("_", " ").replace("spo2", "SpO₂")


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def picture(chart: Chart, title: str) -> str:
    """The whole chart as SVG."""
    drawn = list(lines(chart))
    most = max(points for line in drawn for points in line.points)
    height = GAP + len(drawn) * (LINE + GAP)
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="system-ui, sans-serif" text-anchor="middle">',
        f"<title>{escape(title)}: points by band</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAGE}"/>',
    ]
    for place, line in enumerate(drawn):
        parts += _line(line, GAP + place * (LINE + GAP), max(most, 1))
    return "\n".join([*parts, "</svg>", ""])


def _line(line: Line, top: int, most: int) -> Iterable[str]:
    middle = top + (18 if line.when else 26)
    yield f'<text x="{GAP}" y="{middle}" font-size="14" fill="{INK}" text-anchor="start">{escape(capitalized(line.input))}</text>'
    if line.when:
        yield f'<text x="{GAP}" y="{top + 35}" font-size="11" fill="{QUIET}" text-anchor="start">{escape(line.when)}</text>'
    width = (WIDTH - GUTTER - GAP) / len(line.labels)
    for place, (label, points) in enumerate(zip(line.labels, line.points, strict=True)):
        left, share = GUTTER + place * width, points / most
        fill = FILLS[0 if points <= 0 else 1 if share <= 1 / 3 else 2 if share <= 2 / 3 else 3]
        ink = LIGHT if fill == FILLS[-1] else INK
        yield f'<rect x="{left:.1f}" y="{top}" width="{width - 3:.1f}" height="{LINE}" rx="4" fill="{fill}"/>'
        at = f'x="{left + (width - 3) / 2:.1f}" fill="{ink}"'
        yield f'<text {at} y="{top + 19}" font-size="12">{escape(label)}</text>'
        yield f'<text {at} y="{top + 37}" font-size="14" font-weight="600">{points}</text>'
