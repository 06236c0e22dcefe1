"""The watcher: when the clinical process stalls or is gone, the downtime pages say so; when it is back, they say nothing."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from wardline.app.watch import watch
from wardline.web import downtime
from wardline.web.downtime import Ward

SILENCE = 0.3
VIENNA = ZoneInfo("Europe/Vienna")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    downtime.write(
        tmp_path, [Ward("7A", "Ward 7", [], [])], hospital="General Hospital", as_of=datetime(2026, 3, 2, 7, 15, tzinfo=UTC), zone=VIENNA,
        simulated=False, stale_after=timedelta(minutes=5),
    )  # fmt: skip
    return tmp_path


@contextmanager
def watched(folder: Path, silence: float = SILENCE) -> Iterator[Callable[[bytes], None]]:
    """A watcher at the other end of a pipe; call to say "still here"."""
    reading, writing = os.pipe()
    watcher = threading.Thread(target=watch, args=(reading, folder, VIENNA, silence))
    watcher.start()
    closed = False

    def say(words: bytes) -> None:
        nonlocal closed
        if words:
            os.write(writing, words)
        else:
            os.close(writing)
            closed = True
            watcher.join(5)

    try:
        yield say
    finally:
        if not closed:
            os.close(writing)
        watcher.join(5)
        os.close(reading)


def state(folder: Path) -> set[str]:
    """What the pages say about themselves, each wording once."""
    pages = [page.read_text(encoding="utf-8") for page in folder.glob("*.html")]
    assert len(pages) == 2
    return {said[1] if (said := re.search(r'<p class="state">(.*?)</p>', page)) else "" for page in pages}


def becomes(folder: Path, said: str) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if all(words.startswith(said) and bool(words) is bool(said) for words in state(folder)):
            return True
        time.sleep(0.02)
    return False


def test_a_process_that_is_there_leaves_the_pages_as_they_are(folder: Path) -> None:
    before = {page.name: page.read_bytes() for page in folder.iterdir()}
    # So patient that no load of the machine that runs the test looks like silence.
    with watched(folder, silence=60) as say:
        for _ in range(6):
            say(b".")
            time.sleep(0.05)
        assert {page.name: page.read_bytes() for page in folder.iterdir()} == before


def test_a_stalled_process_is_said_on_every_page_and_unsaid_when_it_is_back(folder: Path) -> None:
    with watched(folder) as say:
        say(b".")
        assert becomes(folder, "Wardline has not answered since")
        say(b".")
        assert becomes(folder, "")


def test_a_process_that_is_gone_is_said_with_the_sites_time(folder: Path) -> None:
    with watched(folder) as say:
        say(b".")
        say(b"")
    (said,) = state(folder)
    now = datetime.now(VIENNA)
    assert said.startswith("Wardline stopped at ")
    assert said[20:25] in {f"{now:%H:%M}", f"{now - timedelta(minutes=1):%H:%M}"}
    assert "(Europe/Vienna). Nothing on this page is newer than it says." in said


def test_an_orderly_end_is_said_as_well(folder: Path) -> None:
    with watched(folder) as say:
        say(b"!")
        say(b"")
    (said,) = state(folder)
    assert said.startswith("Wardline stopped at ")


def test_a_page_that_cannot_be_marked_does_not_keep_the_others_from_it(folder: Path) -> None:
    (folder / "7A.new").mkdir()  # the draft of this page cannot be written
    with watched(folder) as say:
        say(b"")
    assert "Wardline stopped at" in (folder / "index.html").read_text(encoding="utf-8")


def test_a_new_page_carries_no_old_mark(folder: Path) -> None:
    with watched(folder) as say:
        say(b"")
    downtime.write(
        folder, [Ward("7A", "Ward 7", [], [])], hospital="General Hospital", as_of=datetime(2026, 3, 2, 8, 0, tzinfo=UTC), zone=VIENNA,
        simulated=False, stale_after=timedelta(minutes=5),
    )  # fmt: skip
    assert state(folder) == {""}
