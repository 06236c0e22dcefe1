"""CONTRIBUTING, "A capability in ten minutes", walked word for word; at its end the new score is live in a running server."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from cli.processes import Ended, wardline
from documents.pages import ROOT, fences
from support.messages import ADA, Obx, adt, oru
from support.served import Served

GUIDE = fences((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
PYTHON = [text for language, text in GUIDE if language == "python"]
(CASES,) = [text for language, text in GUIDE if language == "yaml"]
(ENTRY_POINT,) = [text for language, text in GUIDE if language == "toml"]
COMMANDS = [line.strip() for language, text in GUIDE if not language for line in text.splitlines()]
SENT_AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)


class Package:
    """A hospital's own package, installed as pip leaves it: its folder, and beside it what it is called and where it plugs in."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "our_hospital"
        self.environment = {"PYTHONPATH": str(folder)}
        installed = folder / "our_hospital-1.0.dist-info"
        installed.mkdir(parents=True)
        (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: our-hospital\nVersion: 1.0\n", encoding="utf-8")
        group = re.search(r'entry-points\."(.+)"', ENTRY_POINT)
        assert group is not None
        (installed / "entry_points.txt").write_text(f"[{group[1]}]\n{ENTRY_POINT.splitlines()[1].replace(chr(34), '')}\n", encoding="utf-8")
        self.root.mkdir()
        (self.root / "__init__.py").write_text('"""What our hospital answers."""\n', encoding="utf-8")

    @property
    def code(self) -> Path:
        return self.root / "deterioration" / "my_score.py"

    @property
    def cases(self) -> Path:
        return self.code.with_name("my_score.cases.yaml")

    def run(self, *words: str | Path, says: str = "") -> Ended:
        return wardline(*words, says=says, **self.environment)


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """Steps 1 to 5 of the guide."""
    package = Package(tmp_path / "site")
    made = package.run("new", "deterioration/my_score", "--into", package.root)
    assert made.code == 0, made.err
    table, needs = PYTHON
    code = package.code.read_text(encoding="utf-8")
    code = re.sub(r"^PULSE = .*$", lambda _: table.strip(), code, flags=re.MULTILINE)
    code = re.sub(r"^@dataclass\(frozen=True\)\nclass Needs.*?\n\n\n", lambda _: f"{needs}\n\n\n", code, flags=re.MULTILINE | re.DOTALL)
    assert table.strip() in code
    assert needs.strip() in code
    package.code.write_text(code, encoding="utf-8")
    package.cases.write_text(CASES, encoding="utf-8")
    return package


@pytest.fixture
def served(package: Package, tmp_path: Path) -> Iterator[Served]:
    running = Served(tmp_path / "data", environment={**package.environment, "PATH": str(Path(sys.executable).parent)})
    yield running
    running.kill()


def test_the_guide_names_the_commands_that_are_walked_here() -> None:
    assert ".venv/bin/wardline new deterioration/my_score" in COMMANDS
    assert ".venv/bin/wardline verify" in COMMANDS
    assert """echo '{"pulse": 104}' | .venv/bin/wardline assess my_score""" in COMMANDS


def test_what_the_template_writes_passes_before_anything_is_filled_in(tmp_path: Path) -> None:
    package = Package(tmp_path / "site")
    package.run("new", "kidney/another_score", "--into", package.root)
    ended = package.run("verify", "--all")
    assert "another_score: A pulse of 70 scores 0" in ended.out
    assert ended.code == 0


def test_the_cases_run_and_the_new_score_answers(package: Package) -> None:
    verified = package.run("verify", "--all")
    assert verified.code == 0, verified.out
    assert sum(line.startswith("passed  my_score: ") for line in verified.out.splitlines()) == len(yaml.safe_load(CASES)["cases"])

    (answer,) = package.run("assess", "my_score", says='{"pulse": 104}').lines
    assert (answer["outcome"], answer["value"]) == ("finding", 1)  # RCP 2017, chart 1: 91 to 110


def test_a_case_that_does_not_hold_fails_the_run(package: Package) -> None:
    package.cases.write_text(CASES.replace("given: {pulse: 41}", "given: {pulse: 140}"), encoding="utf-8")
    verified = package.run("verify")
    assert verified.code == 1
    assert "failed  my_score: One above it: value is 3, expected 1" in verified.out
    assert verified.out.splitlines()[-1].endswith(", 1 failed")


def test_a_faulty_package_is_refused_alone_and_said(package: Package) -> None:
    package.code.write_text(package.code.read_text(encoding="utf-8") + "\nraise RuntimeError('half finished')\n", encoding="utf-8")
    verified = package.run("verify")
    assert verified.code == 1
    assert "not running  our_hospital.deterioration.my_score: RuntimeError: half finished" in verified.out
    assert package.run("assess", "news2", says="{}").code == 0


def test_after_a_restart_it_is_live_on_the_timeline_and_in_the_api(served: Served) -> None:
    served.set_up()
    page = served.api("GET", "/api/v1/capabilities/my_score")
    assert (page["cases_passed"], page["cases_total"], page["standing"]) == (5, 5, "provisional")
    assert [band["points"] for band in page["chart"][0]["bands"]] == [3, 1, 0, 1, 2, 3]
    assert served.api("POST", "/api/v1/capabilities/my_score/assess", {"pulse": 131})["value"] == 3

    served.send(adt("A01", ADA, at=SENT_AT), oru(ADA, Obx("8867-4", 135), at=SENT_AT, application="MONITOR"))
    key = served.key(ADA.number)
    asked = wardline("explain", "news2", "--about", key, "--json", "--data", served.data).lines[0]
    assert asked["value"] == 3  # the pulse alone: at least 3
    events = wardline("log", "--events", "--json", "--data", served.data).lines
    found = [event for event in events if event["kind"] == "Found" and "my_score" in json.dumps(event)]
    assert found
