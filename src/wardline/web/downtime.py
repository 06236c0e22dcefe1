"""Plain pages for when everything else is down: the last known state of each ward, readable without any server.

One HTML file per unit and an index, in a folder of their own that can be copied to another machine. The time they were made stands
in large type, and every number carries its own. A watcher in another process marks them when nobody renews them any more.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, select_autoescape

KEPT: Final = timedelta(hours=24)
"""A page that has not been renewed for this long is removed: it holds patient data and helps nobody."""
LONGEST_NAME: Final = 50
"""Letters of a unit in the name of its page: four bytes each at most, of the 255 that a file system takes."""

_TEMPLATES: Final = Environment(
    loader=PackageLoader("wardline.web", "templates"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)


class Ward(NamedTuple):
    """A unit as its page shows it. `rows` are those of the board, `feeds` those that should be talking and are not."""

    unit: str
    label: str
    rows: list[dict[str, Any]]
    silent: list[dict[str, Any]]


def write(
    folder: Path, wards: Iterable[Ward], *, hospital: str, as_of: datetime, zone: tzinfo, simulated: bool, stale_after: timedelta
) -> list[Path]:
    """Write every page whole or not at all; returns them. Pages of units that are gone age out."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shown = {"hospital": hospital, "as_of": as_of.astimezone(zone), "zone": zone, "simulated": simulated, "stale_after": stale_after}
    pages = []
    listed = []
    for ward in wards:
        path = folder / f"{_file_name(ward.unit)}.html"
        _replace(path, _TEMPLATES.get_template("ward.html").render(ward=ward, age=_age(as_of), at=_at(zone), **shown))
        pages.append(path)
        listed.append((ward, path.name))
    index = folder / "index.html"
    _replace(index, _TEMPLATES.get_template("index.html").render(wards=listed, **shown))
    remove_old(folder)
    return [index, *pages]


def remove_old(folder: Path) -> None:
    """Remove pages nobody has renewed for a day."""
    newest = max((page.stat().st_mtime for page in folder.glob("*.html")), default=0.0)
    for page in folder.glob("*.html"):
        if newest - page.stat().st_mtime > KEPT.total_seconds():
            page.unlink(missing_ok=True)


def _file_name(unit: str) -> str:
    """The unit's name where it can be one of a file; else with a few letters of its own, so that no unit overwrites another's page."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in unit)[:LONGEST_NAME]
    if plain == unit and plain.lower() != "index":
        return plain
    return f"{plain}-{hashlib.sha256(unit.encode()).hexdigest()[:6]}"


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)  # patient data: never readable by others, not even for a moment
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _age(as_of: datetime) -> Any:
    """ "2 h 07 min" before the page was made."""

    def age(at: datetime) -> str:
        minutes = max(0, int((as_of - at).total_seconds() // 60))
        hours, rest = divmod(minutes, 60)
        return f"{rest} min" if not hours else f"{hours} h {rest:02d} min"

    return age


def _at(zone: tzinfo) -> Any:
    def at(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%H:%M") if moment is not None else "–"

    return at
