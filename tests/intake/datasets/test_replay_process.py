"""`wardline replay` as a process of its own: interrupted, and against a server that runs."""

import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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
        while sum(wal.stat().st_size for wal in (data / "log").glob("*.db-wal")) < 400_000 and time.monotonic() < ends and process.poll() is None:
            time.sleep(0.1)
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


@contextmanager
def serving(data: Path, **environment: str) -> Iterator[int]:
    """A running server; the port of its HL7 v2 door."""
    with wardline("serve", "--data", str(data), "--http", "0", "--mllp", "0", **environment) as server:
        assert server.stdout is not None
        yield next(int(found[1]) for line in server.stdout if (found := re.search(r"HL7 v2 +127\.0\.0\.1:(\d+)", line)))
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=BOUND_SECONDS)


def test_a_running_server_takes_a_replay(tmp_path: Path) -> None:
    path, data = write_set(tmp_path, [Written("100", ROUNDS), Written("101", ROUNDS)]), tmp_path / "data"
    with serving(data, WARDLINE_CLOCK="feed") as port, wardline("replay", "cinc2012", str(path), "--to", f"127.0.0.1:{port}") as process:
        shown, _ = process.communicate(timeout=BOUND_SECONDS)

    assert process.returncode == 0
    assert "104 sent, 104 accepted, 0 not" in shown
    assert len(stored(data)) == 104


@pytest.mark.reference
@pytest.mark.slow
def test_every_message_of_the_public_sets_is_in_the_log_of_a_running_server_taken_or_put_aside(tmp_path: Path, clinical: Path) -> None:
    archives = [clinical / "hl7v2_ms_fhir_converter/messages_dev.tar.gz", clinical / "hl7v2_reportstream/pairs_dev.tar.gz"]
    refused = 0
    with serving(tmp_path / "data") as port:
        for archive in archives:
            with wardline("replay", "hl7", str(archive), "--to", f"127.0.0.1:{port}") as process:
                shown, _ = process.communicate(timeout=BOUND_SECONDS)
            said = re.search(r"(\d+) sent, (\d+) accepted, (\d+) not, (\d+) that wished for no answer", shown)
            assert said is not None, shown
            assert int(said[1]) == int(said[2]) + int(said[3]) + int(said[4])
            assert sum(int(count) for count in re.findall(r"^ +(\d+) AE  ", shown, re.MULTILINE)) == int(said[3])
            refused += int(said[3])

    kept = stored(tmp_path / "data")
    # A file that is in a set twice is one message, and gets the answer of the first again.
    assert len(kept) == len({raw for archive in archives for raw in _messages_of(archive)})
    assert sum(entry["state"] == "quarantined" for entry in kept) == refused - (sum(map(len, map(_messages_of, archives))) - len(kept))


def _messages_of(archive: Path) -> list[bytes]:
    with tarfile.open(archive) as tar:
        return [content.read() for member in tar if member.name.endswith(".hl7") and (content := tar.extractfile(member)) is not None]
