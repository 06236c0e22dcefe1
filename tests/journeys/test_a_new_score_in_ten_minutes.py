"""Journey 9. A clinician-engineer scaffolds a capability in the hospital's own package, fills table and cases; after a restart it is live.

On the chart, in the library, in the API, on the command line, and asked over the stored past. As a CDS Hooks service it comes with
the clinical answers.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from support.messages import Patient, adt, vitals
from support.screens import Screens, accounts_in, need_a_browser
from support.served import Served, agree
from support.story import SEVEN, at

pytestmark = pytest.mark.browser

ROSSI = Patient("40091", "Rossi", "Gina", "19550505")
PACKAGE = "house_scores"
TABLE = (
    'PULSE = bands((50, 1), (90, 0), above=1)  # the table of the source: up to 50: 1, up to 90: 0, above: 1',
    'PULSE = bands((40, 2), (60, 1), (90, 0), above=3)  # table 1: up to 40: 2, up to 60: 1, up to 90: 0, above: 3',
)  # fmt: skip
CASES = """cases:
  - name: The upper edge of the first band
    source: table 1
    given: {pulse: 40}
    expect: {outcome: finding, value: 2}
  - name: Above the last band
    source: table 1
    given: {pulse: 91}
    expect: {outcome: finding, value: 3}
  - name: Without a pulse nothing is known
    given: {}
    expect: {outcome: unknown, missing: [pulse]}
"""


def package(folder: Path) -> Path:
    """A hospital's own package as an installer leaves it: a folder of code, and beside it what it brings."""
    (folder / PACKAGE).mkdir(parents=True)
    (folder / PACKAGE / "__init__.py").write_text('"""The scores of one hospital."""\n', encoding="utf-8")
    about = folder / f"{PACKAGE}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[wardline.capabilities]\n{PACKAGE} = {PACKAGE}\n", encoding="utf-8")
    return folder


def wardline(*words: str, environment: dict[str, str], given: str = "") -> str:
    command = [sys.executable, "-m", "wardline", *words]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, env=environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_a_new_score_in_ten_minutes(tmp_path: Path, browser: Any) -> None:
    need_a_browser()
    site = package(tmp_path / "site")
    environment = os.environ | {"WARDLINE_CLOCK": "feed", "PYTHONPATH": str(site), "COLUMNS": "200"}

    # The hospital has been running for a night without the score.
    agree(tmp_path / "data" / "config")
    with Served(tmp_path / "data", environment=environment) as before:
        before.send(adt("A01", ROSSI, at=at("22:00"), visit="V91", unit="Ward 7", bed="3"), vitals(ROSSI, SEVEN, at=at("22:00")))
        people = accounts_in(before)
        key = before.key("40091")

    # One command writes two files; she fills the table and the cases.
    wardline("new", "heart/pulse_score", "--into", str(site / PACKAGE), environment=environment)
    code = site / PACKAGE / "heart" / "pulse_score.py"
    text = code.read_text(encoding="utf-8")
    assert TABLE[0] in text
    code.write_text(text.replace(*TABLE), encoding="utf-8")
    code.with_suffix(".cases.yaml").write_text(CASES, encoding="utf-8")

    # Her cases run on this machine, with everybody else's.
    assert wardline("verify", environment=environment).strip().endswith("0 failed")
    line = wardline("assess", "pulse_score", "-", environment=environment, given='{"pulse": 91}\n')
    assert json.loads(line)["value"] == 3

    # After a restart it is live, without registration, route, page or migration.
    with Served(tmp_path / "data", environment=environment) as ward:
        ward.send(vitals(ROSSI, SEVEN, at=at("22:30")))
        with Screens.of(browser, ward, people) as screens:
            page = screens(f"/patients/{key}")
            expect(page.get_by_text("Pulse score").first).to_be_visible()
            expect(page.get_by_label("Other answers")).to_contain_text("3")  # a pulse of 95
            page.goto(f"{ward.url}/library/pulse_score")
            expect(page.get_by_role("heading", level=1)).to_contain_text("Pulse score")
            expect(page.locator("#page")).to_contain_text("The upper edge of the first band")
        answer = ward.api("POST", "/api/v1/capabilities/pulse_score/assess", {"pulse": 40}, token=ward.sign_in("nurse"))
        assert answer["value"] == 2

    # And it answers for last night, when nobody had thought of it yet.
    then = wardline(
        "explain", "pulse_score", "--about", key, "--at", at("22:05").isoformat(), "--json", "--data", str(tmp_path / "data"), environment=environment
    )
    assert json.loads(then)["value"] == 3
