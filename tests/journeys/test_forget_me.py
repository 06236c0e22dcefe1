"""Journey 17. An erasure request is executed, yesterday's backup is restored, and no trace of the patient can be read; the audit chain
still verifies. (SEC-16, FT-10)
"""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import BEN, ILL, Obx, Patient, adt, oru, vitals
from wardline.api.app import ROOMS
from wardline.api.doors import Door

CANARY = Patient("7700431", "Quokkavale", "Zephyrine", "19310807", "F")
CANARIES = (b"Quokkavale", b"Zephyrine", b"7700431", b"1931-08-07", b"19310807", b"wombat cough")
MESSAGES = 7
ROLES = ("doctor", "auditor", "privacy", "engineer", "admin")
RULES = """owner: Privacy office
version: "1"
date: 2026-01-01
signed_by: Dr Test
jurisdiction: Germany
rules:
  patient: {keep_years: 0, basis: "a rule of this test"}
"""
YESTERDAY = MORNING
TODAY = MORNING + timedelta(days=1)


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as opened:
        yield opened


def wardline(*words: str, said: str = "") -> dict[str, Any]:
    """A command as an administrator calls it; its JSON answer."""
    done = subprocess.run([sys.executable, "-m", "wardline", *words, "--json"], input=said, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def everything_readable(house: OpenHouse, key: str) -> bytes:
    """What every door that reads shows to the people who may: with the patient's key and with each message's number in its path."""
    found = []
    for room in ROOMS:
        for door in room.doors.router.routes:
            if isinstance(door, Door) and "GET" in (door.methods or ()):
                for wanted in (key, *map(str, range(1, MESSAGES + 1))) if door.param_convertors else ("",):
                    found += [_content(house.as_(role).request("GET", _filled(door, wanted))) for role in ROLES]
    return b"".join(found)


def _filled(door: Door, wanted: str) -> str:
    path = door.path.replace("{unit}", "7A")
    for name in door.param_convertors:
        path = path.replace(f"{{{name}}}", wanted)
    return path


def _content(response: httpx2.Response) -> bytes:
    return _unzipped(response.content) if response.headers.get("content-type") == "application/zip" else response.content


def _unzipped(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def opened_log(data: Path, register: Path) -> bytes:
    """Every event and every message, opened with all keys there are."""
    environment = os.environ | {"WARDLINE_ERASURES": str(register)}
    words = [sys.executable, "-m", "wardline", "log", "--json", "--data", str(data)]
    return subprocess.run(words, capture_output=True, timeout=60, check=True, env=environment).stdout


def hits(content: bytes) -> list[bytes]:
    return [canary for canary in CANARIES if canary.lower() in content.lower()]


def test_journey_17_forget_me(tmp_path: Path, portal: BlockingPortal) -> None:
    data, backups, register = tmp_path / "data", tmp_path / "backups", tmp_path / "witness" / "erasures.jsonl"
    (data / "config").mkdir(parents=True)
    (data / "config" / "retention.yaml").write_text(RULES, encoding="utf-8")
    house = OpenHouse(data, portal, erasures=register)
    house.send(
        adt("A01", CANARY, at=YESTERDAY, visit="V1", bed="12"),
        adt("A01", BEN, at=YESTERDAY, visit="V2", bed="4"),
        vitals(CANARY, ILL, at=YESTERDAY),
        vitals(BEN, ILL, at=YESTERDAY),
        oru(CANARY, Obx("ZZ9^Remark^L", "wombat cough", kind="ST"), at=YESTERDAY),
        b"MSH|^~\\&|LAB|HOSP|||20260302080500||ORU^R01|X1|P|2.5\rNTE|1||Quokkavale, Zephyrine: wombat cough\r",
        adt("A03", CANARY, at=YESTERDAY, visit="V1"),
    )
    house.do(house.running.downtime.write)
    key = house.key(CANARY)
    assert len(hits(everything_readable(house, key))) >= 4, "the canaries are there to be found"

    # Last night's backup, taken while the house was working. Everybody is in its snapshot of the folded state too.
    house.do(house.wardline.engine.keep_snapshot)
    made = wardline("backup", str(backups), "--data", str(data))
    night = shutil.copytree(backups, tmp_path / "last night")
    assert made["damaged"] == 0

    # The next morning the patient's request is decided by two people, and carried out.
    house.send(vitals(BEN, ILL, at=TODAY))
    house.user("paula", "privacy", name="Paula Privat")
    house.user("sven", "privacy", name="Sven Zweig")
    asked = house.sign_in("paula").ask("DELETE", f"/api/v1/patients/{key}", expect=202, query={"ground": "b"})
    assert asked["state"] == "waiting"
    assert house.sign_in("paula").ask("POST", f"/api/v1/privacy/erasures/{asked['id']}/approve", expect=409)
    done = house.sign_in("sven").ask("POST", f"/api/v1/privacy/erasures/{asked['id']}/approve", expect=200)
    assert done["state"] == "done"
    assert hits(everything_readable(house, key)) == []
    assert b"Byrne" in everything_readable(house, key)
    house.close()
    assert hits(bytes_of(data)) == []
    assert hits(opened_log(data, register)) == []

    # The disk is lost. Data and keys are those of last night; the register is today's.
    (place,) = (path for path in night.iterdir() if path.name.startswith("2"))
    new = tmp_path / "restored"
    words = ("--keys", str(night / "keys"), "--secrets", str(data / "secrets"), "--register", str(register))
    restored = wardline("restore", str(place), "--data", str(new), *words)
    assert restored["erased_again"] == 1
    assert restored["messages"] == MESSAGES
    assert hits(bytes_of(new)) == []
    assert hits(opened_log(new, register)) == []
    assert wardline("audit", "verify", "--data", str(new))["first_bad"] is None

    with OpenHouse(new, portal, erasures=register) as again:
        again.send(vitals(BEN, ILL, at=TODAY))  # what the sender repeats
        again.do(again.running.downtime.write)
        shown = everything_readable(again, key)
        assert hits(shown) == []
        assert b"Byrne" in shown
        assert again.wardline.log.health().damaged == ()
        assert hits(again.wardline.engine.house.dump()) == []
        erasures = again.as_("privacy").get("/api/v1/privacy/retention")["erasures"]
        assert [(each["id"], each["state"]) for each in erasures] == [(asked["id"], "done")]
    assert hits(bytes_of(new)) == []
