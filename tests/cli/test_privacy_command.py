"""`wardline privacy`: rules are checked before they count, and the register is read line by line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.clocks import MORNING
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder

DRAFT = """owner: Office
version: "1"
date: 2026-01-01
signed_by: Dr Test
jurisdiction: Germany
rules:
  patient: {keep_years: 10, basis: "§ 630f (3) BGB"}
"""


def privacy(*words: object, expect: int = 0) -> list[str]:
    asked = [sys.executable, "-m", "wardline", "privacy", *map(str, words)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == expect, done.stderr
    return (done.stdout if expect == 0 else done.stderr).splitlines()


def test_a_draft_of_the_rules_is_read_or_refused_with_its_place(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(DRAFT, encoding="utf-8")
    rules = [json.loads(line) for line in privacy("rules", draft, "--json")]
    assert [(rule["kind"], rule["keep_years"]) for rule in rules] == [("patient", 10.0), ("audit", None), ("session", None)]

    draft.write_text(DRAFT.replace("10", "ten"), encoding="utf-8")
    assert "rules.patient.keep_years" in " ".join(privacy("rules", draft, expect=2))


def test_what_laws_say_comes_with_how_well_it_is_known() -> None:
    assert {json.loads(line)["standing"] for line in privacy("rules", "--suggested", "--json")} <= {"read", "reported", "from memory"}


def test_the_register_is_listed_and_a_changed_line_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = DataFolder(data)
    (data / "log").mkdir()
    register = ErasureRegister(data / "erasures.jsonl", folder.register_key)
    folder.release()
    assert "no register" in " ".join(privacy("register", "--data", data, expect=2))
    register.add("E1", MORNING, ("k1", "k2"))

    (line,) = privacy("register", "--json", "--data", data)
    assert json.loads(line) == {"at": MORNING.isoformat(), "erasure": "E1", "records": 2}

    register.path.write_bytes(register.path.read_bytes().replace(b"k1", b"k3"))
    assert "line 1" in " ".join(privacy("register", "--data", data, expect=2))


@pytest.mark.parametrize("words", [("rules", "nowhere.yaml")])
def test_a_file_that_is_not_there_is_said(words: tuple[str, ...]) -> None:
    assert "there is no" in " ".join(privacy(*words, expect=2))
