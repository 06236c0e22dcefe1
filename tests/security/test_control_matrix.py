"""The control matrix: every control names what shows it, every test it names is there, and nothing is claimed that was not seen."""

import ast
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from wardline.security.compliance import results
from wardline.security.compliance.matrix import Control, Framework, Seen, counted, frameworks, shown

TESTS = Path(__file__).parents[1]
AT = datetime(2026, 11, 21, 4, tzinfo=UTC)
CONTROLS = [(framework.id, control) for framework in frameworks() for control in framework.controls]


def control(*tests: str, answer: str = "built") -> Control:
    return Control(id="1", title="A thing", answer=answer, how="So.", tests=tests)  # type: ignore[arg-type]


# --- the files that ship ---


@pytest.mark.parametrize("named", sorted({test for _, each in CONTROLS for test in each.tests}))
def test_every_test_that_a_control_names_is_there(named: str) -> None:
    file, _, function = named.partition("::")
    path = TESTS.parent / file
    assert path.exists(), f"{file} is gone; what showed the control?"
    if function:
        there = {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}
        assert function in there, f"{file} has no {function} any more"


def test_no_control_says_how_in_a_word() -> None:
    assert [each.id for _, each in CONTROLS if len(each.how.split()) < 3] == []


# --- what is computed ---


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ({"a.py::one": True, "a.py::two": True}, "shown"),
        ({"a.py::one": True, "a.py::two": False}, "failing"),
        ({"a.py::one": True}, "not run"),
        ({"a.py::two": False}, "failing"),
        ({}, "not run"),
    ],
)
def test_one_failure_outweighs_every_pass_and_what_did_not_run_leaves_it_open(seen: dict[str, bool], state: str) -> None:
    ended = {name: Seen(passed, AT) for name, passed in seen.items()}
    assert shown(control("a.py::one", "a.py::two"), ended).state == state


def test_a_file_stands_for_its_tests_and_a_name_not_for_those_that_begin_like_it() -> None:
    ended = {"a.py::one": Seen(True, AT), "a.py::one_more": Seen(False, AT), "b/c.py::x": Seen(True, AT), "bb/c.py::x": Seen(False, AT)}
    assert shown(control("a.py"), ended).state == "failing"
    assert shown(control("a.py::one"), ended).state == "shown"
    assert shown(control("b"), ended).state == "shown"


@pytest.mark.parametrize("answer", ["site", "not built", "not applicable"])
def test_what_nobody_built_is_never_shown_whatever_the_tests_say(answer: str) -> None:
    assert shown(control(answer=answer), {}).state == answer


def test_what_is_partly_there_is_never_called_shown() -> None:
    assert shown(control("a.py::one", answer="partly"), {"a.py::one": Seen(True, AT)}).state == "partly"


def test_the_counts_name_every_state_and_add_up() -> None:
    each = [shown(control(answer="site"), {}), shown(control("a.py::one"), {})]
    assert counted(each) == {"shown": 0, "failing": 0, "not run": 1, "partly": 0, "site": 1, "not built": 0, "not applicable": 0}


@pytest.mark.parametrize(("answer", "tests"), [("built", ()), ("partly", ()), ("site", ("a.py",)), ("not applicable", ("a.py",))])
def test_a_control_without_what_shows_it_is_refused(answer: str, tests: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        control(*tests, answer=answer)


def test_a_control_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="there twice"):
        Framework(id="f", title="F", source="s", standing="provisional", controls=(control("a.py"), control("a.py")))


# --- the last results ---


def test_a_later_run_of_some_tests_keeps_what_the_others_showed(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    results.write(file, "1.0", {"a": Seen(True, AT), "b": Seen(True, AT)})
    results.write(file, "1.0", {"b": Seen(False, AT + timedelta(hours=1))})
    kept = results._read(json.loads(file.read_text()))
    assert kept.tests == {"a": Seen(True, AT), "b": Seen(False, AT + timedelta(hours=1))}
    assert kept.made_at == AT + timedelta(hours=1)


def test_what_another_version_showed_is_not_claimed_of_this_one(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    results.write(file, "1.0", {"a": Seen(True, AT)})
    results.write(file, "1.1", {"b": Seen(True, AT)})
    assert list(results._read(json.loads(file.read_text())).tests) == ["b"]
