"""A served Wardline's data folder once nobody serves it: what the log says it holds, and the whole house opened on it for the oracle."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from delivery.receiver import Receiver
from support import oracle
from support.hospital import Hospital, Kit
from wardline.adapters.embedded.clocks import FeedClock, WallClock
from wardline.app.discovery import discover
from wardline.core.events import Alerted, Notified
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.outbound.hl7v2 import Outbound
from wardline.delivery.worklists.incidents import Incidents


def check(data: Path, acknowledged: list[tuple[bytes, bytes]], phones: Receiver, path: str = "ok") -> None:
    """Everything acknowledged is there once, the oracle has nothing to say, and every page reached its phone as one."""
    hashes = stored(data)
    assert len(hashes) == len(set(hashes)), "a message is there twice"
    assert {hashlib.sha256(message).hexdigest() for message, _ in acknowledged} <= set(hashes)
    hospital = opened(data, acknowledged)
    oracle.check(hospital)
    _every_page_reached_its_phone_as_one(hospital, phones, path)
    hospital.abandon()


def stored(data: Path) -> list[str]:
    """SHA-256 of every message, as `wardline log` says."""
    words = [sys.executable, "-m", "wardline", "log", "--raw", "--json", "--data", str(data)]
    lines = subprocess.run(words, capture_output=True, check=True, timeout=60).stdout.splitlines()
    return [json.loads(line)["sha256"] for line in lines]


def opened(data: Path, acknowledged: list[tuple[bytes, bytes]]) -> Hospital:
    """The house that served it, made of the same parts."""
    is_simulated = (data / "clock").read_text(encoding="ascii").strip() == "feed"
    kit = Kit(capabilities=tuple(discover().capabilities), reactions=lambda: (AlertPolicy(key=b"alerts"), Incidents(), Outbound((), "")))
    hospital = Hospital(data, FeedClock() if is_simulated else WallClock(), kit)
    hospital.acknowledged = acknowledged
    return hospital


def _every_page_reached_its_phone_as_one(hospital: Hospital, phones: Receiver, path: str) -> None:
    """I2: repeats carry the same id, which phones drop; and nobody who had to be told was not."""
    pages = [event for event in hospital.events(Alerted) if event.value.tier == "page" and not event.value.why]
    assert pages
    rung = phones.ids(path)
    for page in pages:
        assert sum(id.startswith(f"{page.value.alert}-{page.id:x}-") for id in rung) == len(page.value.roles)
    assert {event.value.outcome for event in hospital.events(Notified)} == {"sent"}
    assert hospital.log.waiting("notify") == []
