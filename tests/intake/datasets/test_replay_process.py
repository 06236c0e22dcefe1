"""`wardline replay` as a process of its own: interrupted, and against a server that runs."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.datasets.written import Written, write_set

ROUNDS = tuple((f"{hour:02}:07", "HR", "80") for hour in range(48))
BOUND_SECONDS = 60


@contextmanager
def wardline(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, ended when the test is over whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wardline", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment}
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=BOUND_SECONDS)


def stored(data: Path) -> list[dict[str, object]]:
    with wardline("log", "--raw", "--json", "--data", str(data)) as process:
        shown, _ = process.communicate(timeout=BOUND_SECONDS)
    return [json.loads(line) for line in shown.splitlines()]


def test_an_interrupted_replay_says_how_far_it_came_and_leaves_a_sound_folder(tmp_path: Path) -> None:
    path, data = write_set(tmp_path, [Written(str(record), ROUNDS) for record in range(100, 110)]), tmp_path / "data"
    with wardline("replay", "cinc2012", str(path), "--data", str(data), "--speed", "3600") as process:  # an hour a second
        ends = time.monotonic() + BOUND_SECONDS
        while not list((data / "log").glob("*.db-wal")) and time.monotonic() < ends:
            time.sleep(0.1)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        shown, _ = process.communicate(timeout=BOUND_SECONDS)

    assert process.returncode == 130
    said = re.search(r"(\d+) sent, (\d+) accepted, 0 not", shown)
    assert said is not None, shown
    accepted = int(said[2])
    assert 0 < accepted < 520  # ten stays of 52 messages
    kept = stored(data)
    assert len(kept) >= accepted
    assert {entry["state"] for entry in kept} == {"stored"}


def test_a_running_server_takes_a_replay(tmp_path: Path) -> None:
    path, data = write_set(tmp_path, [Written("100", ROUNDS), Written("101", ROUNDS)]), tmp_path / "data"
    with wardline("serve", "--data", str(data), "--http", "0", "--mllp", "0", WARDLINE_CLOCK="feed") as server:
        assert server.stdout is not None
        port = next(found[1] for line in server.stdout if (found := re.search(r"HL7 v2 +127\.0\.0\.1:(\d+)", line)))
        with wardline("replay", "cinc2012", str(path), "--to", f"127.0.0.1:{port}") as process:
            shown, _ = process.communicate(timeout=BOUND_SECONDS)
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=BOUND_SECONDS)

    assert process.returncode == 0
    assert "104 sent, 104 accepted, 0 not" in shown
    assert len(stored(data)) == 104
