"""The open pages on what Wardline keeps to: they say what the matrix and the last run say, to anybody, and no more."""

import re
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from api.house import OpenHouse
from wardline.api.evidence import by_folder, results_page
from wardline.security.compliance.matrix import Seen, counted, frameworks, shown
from wardline.security.compliance.results import NONE, Results, last_results

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RAN = {
    "tests/api/test_a.py::test_one": Seen(True, AT),
    "tests/api/test_a.py::test_two": Seen(False, AT + timedelta(minutes=5)),
    "tests/attacks/test_b.py::test_three": Seen(True, AT),
    "tests/test_architecture.py::test_four": Seen(True, AT),
}


def _read(house: OpenHouse, path: str) -> str:
    response = house.nobody().request("GET", path)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return response.text


def test_every_control_stands_there_with_its_state_and_the_counts(shared: OpenHouse) -> None:
    page, results = _read(shared, "/docs/compliance"), last_results().tests

    rows = re.findall(r"<tr>\s*<td>(.*?)</td>.*?data-label=\"State\">(.*?)</td>", page, re.DOTALL)
    expected = [shown(control, results) for framework in frameworks() for control in framework.controls]
    assert rows == [(escape(each.control.id), each.state.capitalize()) for each in expected]
    for framework in frameworks():
        for state, count in counted(shown(control, results) for control in framework.controls).items():
            assert (f"<b>{count}</b> {state}" in page) or not count


def test_the_folders_of_tests_are_counted_by_name() -> None:
    assert [(each.name, each.passed, each.failed, each.ran_at) for each in by_folder(RAN)] == [
        ("api", 1, ("tests/api/test_a.py::test_two",), AT + timedelta(minutes=5)), ("attacks", 1, (), AT), ("tests", 1, (), AT),
    ]  # fmt: skip


def test_what_failed_is_named_and_when_it_ran() -> None:
    page = results_page(Results("0.1", AT, RAN))

    assert page.count("<li>tests/api/test_a.py::test_two</li>") == page.count("<li>") == 1
    assert "2026-03-02 08:05 UTC" in page
    assert "its own tests have not been run" in page, "the results are those of another version"


def test_without_results_nothing_is_claimed() -> None:
    page = results_page(NONE)

    assert "nothing is claimed" in page
    assert "<table" not in page


@pytest.mark.parametrize("path", ["/docs/compliance", "/docs/testing"])
def test_the_pages_bring_no_script_and_no_asset_of_others(shared: OpenHouse, path: str) -> None:
    """ASVS 3.4.3: their policy is that of the API's documentation."""
    response = shared.nobody().request("GET", path)

    assert "<script" not in response.text
    assert all(address.startswith("/") for address in re.findall(r'(?:src|href)="([^"]+)"', response.text))
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert str(shared.data) not in response.text
