"""How the tests ended when they were last run on this code, as `make test` writes it down beside this file.

A package built after `make test` carries it. Without it every control says "not run": nothing is claimed that was not seen.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

from wardline.security.compliance.matrix import Seen

FILE: Final = "results.json"


class Results(NamedTuple):
    """The last run: when, of which version, and each test by its name without parameters."""

    version: str
    made_at: datetime | None
    tests: Mapping[str, Seen]


NONE: Final = Results("", None, {})


def last_results() -> Results:
    """Of the package that runs; `NONE` when its tests were never run here."""
    file = resources.files("wardline.security.compliance").joinpath(FILE)
    return _read(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else NONE


def _read(content: Mapping[str, Any]) -> Results:
    tests = {name: Seen(bool(passed), datetime.fromisoformat(at)) for name, (passed, at) in content["tests"].items()}
    return Results(str(content["version"]), max((seen.at for seen in tests.values()), default=None), tests)


def write(file: Path, version: str, tests: Mapping[str, Seen]) -> None:
    """Keep a run. What an earlier run of the same version saw of other tests stays, each with its own time."""
    before = _read(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else NONE
    kept = {**(before.tests if before.version == version else {}), **tests}
    content = {"version": version, "tests": {name: [seen.passed, seen.at.isoformat()] for name, seen in sorted(kept.items())}}
    file.write_text(json.dumps(content, indent=0), encoding="utf-8")
