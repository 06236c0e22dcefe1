"""Where everything is at hand (WARDLINE_REQUIRE_ALL=1) a skipped test is a failed test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).parents[1] / "conftest.py"
SKIPS = """
import pytest

def test_passes(): pass

def test_skips_itself(): pytest.skip("no server")

@pytest.mark.skipif(True, reason="no data")
def test_is_marked(): pass

@pytest.fixture
def server(): pytest.skip("no browser")

def test_has_a_fixture_that_skips(server): pass

@pytest.mark.xfail(reason="a known difference", strict=True)
def test_is_expected_to_fail(): assert False
"""
SKIPPED_MODULE = "import pytest\npytest.skip('no library', allow_module_level=True)\n"


def run(folder: Path, tests: str, require_all: str) -> str:
    """What pytest says about these tests under our conftest."""
    shutil.copy(CONFTEST, folder / "conftest.py")
    (folder / "test_skips.py").write_text(tests, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider", "-ra", str(folder)]
    environment = {**os.environ, "WARDLINE_REQUIRE_ALL": require_all, "WARDLINE_EVIDENCE": ""}
    return subprocess.run(words, capture_output=True, text=True, cwd=folder, env=environment, timeout=60).stdout


def test_without_the_setting_a_skip_is_a_skip_with_its_reason(tmp_path: Path) -> None:
    shown = run(tmp_path, SKIPS, "")
    assert "1 passed, 3 skipped, 1 xfailed" in shown
    assert "no server" in shown


def test_with_the_setting_every_kind_of_skip_fails_and_says_why(tmp_path: Path) -> None:
    shown = run(tmp_path, SKIPS, "1")
    for reason in ("no server", "no data", "no browser"):
        assert f"this was skipped: Skipped: {reason}" in shown
    last = shown.strip().splitlines()[-1]
    assert "1 passed, 1 xfailed" in last
    assert "skipped" not in last


def test_with_the_setting_a_module_that_skips_itself_fails_the_run(tmp_path: Path) -> None:
    shown = run(tmp_path, SKIPPED_MODULE, "1")
    assert "this was skipped: Skipped: no library" in shown
    assert "1 error" in shown.strip().splitlines()[-1]
