"""Two pages for whoever asks what Wardline keeps to: the controls with what answers them, and how its tests ended last.

They are open, like the documentation of the API: what they say is true of this version everywhere, and of nobody's patients.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape

from wardline import __version__
from wardline.api.doors import OPEN, Doors, House
from wardline.api.edge.headers import policy_for
from wardline.security.compliance.matrix import STATES, Seen, counted, frameworks, shown
from wardline.security.compliance.results import Results, last_results

doors = Doors("documentation")
_TEMPLATES: Final = Environment(
    loader=PackageLoader("wardline.api", "templates"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)


class Folder(NamedTuple):
    """Tests of one kind, as they ended."""

    name: str
    passed: int
    failed: tuple[str, ...]
    ran_at: datetime


@doors.get("/docs/compliance", who=OPEN, include_in_schema=False)
async def compliance(house: House) -> Response:
    """What laws and standards ask, what answers it, and whether its tests passed when they were last run."""
    return _page(controls_page(), house)


@doors.get("/docs/testing", who=OPEN, include_in_schema=False)
async def testing(house: House) -> Response:
    """How the tests of this version ended when they were last run."""
    return _page(results_page(last_results()), house)


def _page(text: str, house: House) -> Response:
    return HTMLResponse(text, headers={"content-security-policy": policy_for(text.encode(), house.edge.headers.ancestors)})


@lru_cache(maxsize=1)
def controls_page() -> str:
    """Neither the controls nor the results change while this process runs."""
    results = last_results()
    said = [(each, [shown(control, results.tests) for control in each.controls]) for each in frameworks()]
    listed = [(framework, counted(controls), controls) for framework, controls in said]
    return _TEMPLATES.get_template("compliance.html").render(version=__version__, results=results, frameworks=listed, states=STATES, at=_at)


def results_page(results: Results) -> str:
    folders = by_folder(results.tests)
    return _TEMPLATES.get_template("testing.html").render(version=__version__, results=results, folders=folders, at=_at)


def by_folder(tests: Mapping[str, Seen]) -> list[Folder]:
    """The folders of tests/ by name; those that stand directly in it come as "tests"."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in tests:
        _, *inner = name.partition("::")[0].split("/")
        kinds[inner[0] if len(inner) > 1 else "tests"].append(name)
    return [_folder(kind, names, tests) for kind, names in sorted(kinds.items())]


def _folder(kind: str, names: Iterable[str], tests: Mapping[str, Seen]) -> Folder:
    seen = {name: tests[name] for name in names}
    failed = tuple(sorted(name for name, each in seen.items() if not each.passed))
    return Folder(kind, len(seen) - len(failed), failed, max(each.at for each in seen.values()))


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname()}"
