"""FT-35, the restore drill: a bare folder, last night's backup and what the senders repeat; running again, verified, in measured time."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from support.at_rest import stored
from support.messages import ILL, WELL, Patient, adt, vitals
from support.served import Served, agree

PATIENTS = [Patient(f"35{number:03}", f"Drill{number}", "Ada") for number in range(20)]
PASSPHRASE = "seven wet umbrellas in the hall"


def wardline(*words: str, said: str = "", expect: int = 0, register: Path | None = None) -> dict[str, Any]:
    environment = os.environ | ({"WARDLINE_ERASURES": str(register)} if register is not None else {})
    done = subprocess.run(
        [sys.executable, "-m", "wardline", *words], input=said, capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert done.returncode == expect, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1])) if expect == 0 else {"error": " ".join(done.stderr.split())}


def messages(at: datetime, values: dict[str, float]) -> list[bytes]:
    return [vitals(patient, values, at=at) for patient in PATIENTS]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A morning: messages, a backup while the house serves, more messages, and then the disk is gone."""
    path, now = tmp_path_factory.mktemp("drill"), datetime.now(UTC) - timedelta(hours=1)
    register = path / "elsewhere" / "erasures.jsonl"
    agree(path / "data" / "config")
    admissions = [adt("A01", patient, at=now, visit=f"V{patient.number}", bed=patient.number[-2:]) for patient in PATIENTS]
    before = [*admissions, *messages(now, WELL)]
    after = messages(now + timedelta(minutes=30), ILL)
    with Served(path / "data", environment=os.environ | {"WARDLINE_ERASURES": str(register)}) as served:
        served.set_up()
        served.send(*before)
        words = ("--data", str(path / "data"), "--with-secrets", str(path / "elsewhere" / "house.secrets"), "--json")
        made = wardline("backup", str(path / "backups"), *words, said=PASSPHRASE, register=register)
        served.send(*after)
        served.kill()
    return {"path": path, "made": made, "before": before, "after": after, "register": register, "now": now}


def test_ft35_a_bare_folder_is_running_from_the_backup_and_the_senders(drill: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """RPO 0 for what was acknowledged: up to the backup from it, since then from the senders, who keep what they sent. RTO is printed."""
    path, register = drill["path"], drill["register"]
    began = monotonic()
    words = ("--secrets", str(path / "elsewhere" / "house.secrets"), "--register", str(register), "--json")

    came = wardline("restore", drill["made"]["place"], "--data", str(path / "new"), *words, said=PASSPHRASE, register=register)

    restored_after = monotonic() - began
    assert (came["messages"], came["damaged"], came["erased_again"]) == (len(drill["before"]), 0, 0)
    assert came["rows"] == drill["made"]["rows"]
    assert came["audit"] >= 1
    with Served(path / "new", environment=os.environ | {"WARDLINE_ERASURES": str(register)}) as again:
        again.send(*drill["before"][-5:], *drill["after"])  # senders repeat more than is missing
        running_after = monotonic() - began
        again.stop()
    hashes = stored(path / "new")
    assert len(hashes) == len(set(hashes)) == len(drill["before"]) + len(drill["after"])
    with capsys.disabled():
        print(f"\nFT-35: {came['messages']} messages restored and verified in {restored_after:.1f} s, running and caught up in {running_after:.1f} s")
    assert running_after < timedelta(hours=1).total_seconds()


def test_ft35_the_drill_tries_it_beside_the_house_and_leaves_nothing_behind(drill: dict[str, Any]) -> None:
    path = drill["path"]
    before = sorted(each.name for each in path.iterdir())

    came = wardline("restore", drill["made"]["place"], "--drill", "--data", str(path / "data"), "--json", register=drill["register"])

    assert came["messages"] == len(drill["before"])
    assert sorted(each.name for each in path.iterdir()) == before
    assert json.loads((path / "data" / "backups.json").read_bytes())["drill"]["messages"] == len(drill["before"])


def test_a_restore_without_the_register_is_refused_unless_somebody_answers_for_it(drill: dict[str, Any]) -> None:
    """SEC-16."""
    path, place = drill["path"], drill["made"]["place"]
    words = ("--data", str(path / "unregistered"), "--secrets", str(path / "data" / "secrets"))
    said = wardline("restore", place, *words, expect=2, register=path / "nowhere")

    assert "register of erasures" in said["error"]
    assert not (path / "unregistered").exists()
    reason = "the other disk burnt as well; approved by P. Privat"
    wardline("restore", place, *words, "--without-register", reason, "--json", register=path / "nowhere")
    search = [sys.executable, "-m", "wardline", "audit", "search", "--json", "--data", str(path / "unregistered")]
    assert reason in subprocess.run(search, capture_output=True, check=True, timeout=60).stdout.decode()


def test_a_wrong_passphrase_restores_nothing(drill: dict[str, Any]) -> None:
    path = drill["path"]
    words = ("--data", str(path / "locked"), "--secrets", str(path / "elsewhere" / "house.secrets"), "--register", str(drill["register"]))

    said = wardline("restore", drill["made"]["place"], *words, said="something else entirely", expect=2)

    assert "passphrase" in said["error"]
    assert not (path / "locked").exists()
