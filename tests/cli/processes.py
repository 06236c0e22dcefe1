"""The command line from outside: a command that ends, and a server that runs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

BOUND_SECONDS = 60
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc to look for processes in")


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Its JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def wardline(*arguments: str | Path, says: str = "", cwd: Path | None = None, **environment: str) -> Ended:
    """Run a command to its end. `says` is its standard input."""
    words = [sys.executable, "-m", "wardline", *map(str, arguments)]
    done = subprocess.run(
        words, input=says, capture_output=True, text=True, timeout=BOUND_SECONDS, cwd=cwd, env={**os.environ, "COLUMNS": "200", **environment}
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def working_in(folder: Path) -> list[int]:
    """Processes that work in a folder: with it among their words or their open files."""
    everyone = (process for process in Path("/proc").iterdir() if process.name.isdigit() and int(process.name) != os.getpid())
    return [int(process.name) for process in everyone if any(str(folder) in each for each in (*_words(process), *_files(process)))]


def _words(process: Path) -> list[str]:
    try:
        return process.joinpath("cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:  # it has ended meanwhile
        return []


def _files(process: Path) -> list[str]:
    files = []
    try:
        for file in process.joinpath("fd").iterdir():
            files.append(os.readlink(file) if file.is_symlink() else "")  # noqa: PERF401, PTH115 - each may vanish while we look
    except OSError:  # it, or one of its files, is gone meanwhile
        pass
    return files
