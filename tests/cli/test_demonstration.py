"""`wardline demo`: a hospital in one command, and nothing of it left afterwards."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from cli.processes import BOUND_SECONDS, needs_proc, wardline, working_in

pytestmark = needs_proc


@pytest.mark.timeout(180)
def test_a_hospital_comes_alive_says_who_to_be_and_after_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    words = [sys.executable, "-m", "wardline", "demo", "--beds", "10", "--http", str(port), "--mllp", str(port)]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "80"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True) as process:
        said = until_ready(process)
        url = said[-1].removeprefix("Ready: ").strip()
        hospital = json.loads(urllib.request.urlopen(f"{url}/api/v1/hospital", timeout=10).read())
        nurse = hospital["sample_users"][0]
        signed_in = sign_in(url, nurse["login"], nurse["password"])
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody in the foreground hears it
        said.append(process.communicate(timeout=BOUND_SECONDS)[0])
    taken.close()

    shown = "".join(said)
    assert process.returncode == 0, shown
    assert said[-1] == ""
    assert not url.endswith(f":{port}")  # taken: a free one instead
    assert hospital["simulated"] is True
    assert re.search(r"[1-9][\d,]* messages in \d+ s", shown)
    for person in hospital["sample_users"]:
        assert re.search(rf"^  {person['login']} +{person['password']} ", shown, re.MULTILINE)
    assert signed_in["person"]["name"] == "Amelia Brandt"
    assert working_in(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.timeout(180)
def test_a_hospital_that_is_kept_ends_by_itself_and_can_be_read_afterwards(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "wardline", "demo", "--beds", "10", "--for", "1", "--http", "0", "--mllp", "0", "--data", str(tmp_path / "kept")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        until_ready(process)
        process.communicate(timeout=BOUND_SECONDS)
    assert process.returncode == 0
    assert working_in(tmp_path) == []
    assert wardline("log", "--raw", "--limit", "3", "--json", "--data", tmp_path / "kept").lines[0]["state"] == "stored"
    assert wardline("demo", "--data", tmp_path / "kept").code == 2


def until_ready(process: "subprocess.Popen[str]") -> list[str]:
    """Every line up to the one that says where it is."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ready: "):
            return said
    raise AssertionError("".join(said))


def sign_in(url: str, login: str, password: str) -> dict[str, dict[str, str]]:
    body = json.dumps({"login": login, "password": password}).encode()
    request = urllib.request.Request(f"{url}/api/v1/auth/login", body, {"Content-Type": "application/json"})
    answer: dict[str, dict[str, str]] = json.loads(urllib.request.urlopen(request, timeout=10).read())
    return answer


def test_invented_patients_never_come_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    ended = wardline("demo", "--data", tmp_path, "--for", "1")
    assert ended.code == 2
    assert "is not empty; a demonstration needs a new folder" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_hospital_that_is_too_small_is_refused(tmp_path: Path) -> None:
    ended = wardline("demo", "--data", tmp_path / "data", "--beds", "3")
    assert ended.code == 2
    assert "at least 10 beds" in ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []
