"""FT-32: whoever looks after the clock dies silently, hangs, or is there twice: another process notices, and nothing happens twice."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from time import monotonic, sleep

import pytest

from support import oracle
from support.bell import Bell
from support.clocks import MORNING, ManualClock
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Kit
from support.messages import ADA, ILL, adt, vitals
from support.served import DidNotStart, Served
from wardline.app.watch import MARK, STALLED, STOPPED, watch
from wardline.core.errors import Conflict
from wardline.core.events import Escalated

KIT = Kit(capabilities=(NEWS2,), reactions=lambda: (Bell(),))
PAGE = f"<h1>Ward 7</h1>{MARK}<!-- end of state --><p>as of 08:00</p>"


@contextmanager
def watched(folder: Path, silence_seconds: float) -> Iterator[int]:
    """The watcher at work on the other end of a pipe; gives the end to speak into."""
    (folder / "ward-7.html").write_text(PAGE, encoding="utf-8")
    hears, speaks = os.pipe()
    watcher = threading.Thread(target=watch, args=(hears, folder, UTC, silence_seconds), daemon=True)
    watcher.start()
    yield speaks
    watcher.join(5)
    assert not watcher.is_alive()
    os.close(hears)


def until(page: Path, is_so: bool, what: str) -> None:
    """The page says it, or no longer does, within seconds."""
    ends = monotonic() + 10
    while (what in page.read_text(encoding="utf-8")) is not is_so:
        assert monotonic() < ends, page.read_text(encoding="utf-8")
        sleep(0.02)


def test_ft32_a_process_that_hangs_is_noticed_from_outside_and_taken_back_when_it_speaks_again(tmp_path: Path) -> None:
    with watched(tmp_path, silence_seconds=0.2) as speaks:
        os.write(speaks, b".")
        until(tmp_path / "ward-7.html", True, STALLED)
        os.write(speaks, b".")
        until(tmp_path / "ward-7.html", False, STALLED)
        assert (tmp_path / "ward-7.html").read_text(encoding="utf-8") == PAGE
        os.close(speaks)
    assert STOPPED in (tmp_path / "ward-7.html").read_text(encoding="utf-8")


def test_ft32_a_served_house_that_is_killed_is_reported_by_the_process_that_outlives_it(tmp_path: Path) -> None:
    with Served(tmp_path / "data") as ward:
        ward.send(adt("A01", ADA, at=MORNING, unit="7A"))
    pages = tmp_path / "data" / "downtime"
    assert list(pages.glob("*.html"))
    with Served(tmp_path / "data") as ward:
        ward.kill()
        for page in pages.glob("*.html"):
            until(page, True, STOPPED)
        until(ward.log, True, "clinical_process_gone")


def test_ft32_a_second_process_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with Served(tmp_path / "data") as first:
        with pytest.raises(DidNotStart, match="another Wardline works on"):
            Served(tmp_path / "data")
        first.send(adt("A01", ADA, at=MORNING))
        first.kill()
    with Served(tmp_path / "data") as second:
        second.send(adt("A01", ADA, at=MORNING))  # the lock does not outlive its process


def test_ft32_two_schedulers_cannot_both_ring(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=KIT)
    ward.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING))
    with pytest.raises(Conflict, match="another Wardline works on"):
        open_hospital(clock=ManualClock(MORNING + hours(1)), kit=KIT)
    ward.clock.step(hours(0.5))
    ward.turn()
    ward.turn()
    assert len(ward.events(Escalated)) == 1
    oracle.check(ward)
