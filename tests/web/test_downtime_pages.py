"""Downtime pages: what people read when everything else is down. FT-36: as-of in large type, the age of every number."""

import asyncio
import os
import re
import stat
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from support.messages import ADA, BEN, ILL, WELL, Patient, adt, vitals
from support.served import agree
from wardline.app.bootstrap import open_wardline
from wardline.app.serving import Running
from wardline.app.settings import load
from wardline.formats.hl7v2 import builder
from wardline.web import downtime
from wardline.web.downtime import Ward

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
TAKEN = NOW - timedelta(minutes=90)
AS_OF = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
UNITS = '7A: {label: "Ward 7, internal medicine", beds: [2, 10, 12]}\n'
SCRIPT = Patient("1009", "<script>alert(1)</script>", "Mal", "19700101", "M")


@pytest.fixture
def pages(tmp_path: Path) -> Callable[..., Path]:
    """Takes messages into a real Wardline, writes its pages, returns their folder."""

    def written(messages: Iterable[bytes], **settings: Any) -> Path:
        agree(tmp_path / "data" / "config", units=UNITS)
        return asyncio.run(_written(load(data=tmp_path / "data", hospital="General Hospital", **settings), messages))

    return written


async def _written(settings: Any, messages: Iterable[bytes]) -> Path:
    wardline = open_wardline(settings)
    running = Running(wardline)
    wardline.engine.start()
    for message in messages:
        told = asyncio.get_running_loop().create_future()
        wardline.engine.receive(message, told.set_result)
        (answer,) = await asyncio.wait_for(told, 10)
        assert b"MSA|AA" in answer
    running.downtime.write()
    wardline.close()
    return Path(settings.downtime_folder)


def words(page: Path) -> str:
    """The page as somebody reads it."""
    body = page.read_text(encoding="utf-8").partition("<body>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<!--.*?-->|<[^>]+>", " ", body))


def write(folder: Path, *wards: Ward, as_of: datetime = AS_OF, zone: str = "UTC", simulated: bool = False) -> None:
    downtime.write(
        folder, wards, hospital="General Hospital", as_of=as_of, zone=ZoneInfo(zone), simulated=simulated, stale_after=timedelta(minutes=5)
    )


def test_a_ward_is_shown_bed_by_bed_with_scores_vital_signs_and_their_ages(pages: Callable[..., Path]) -> None:
    folder = pages([
        adt("A01", ADA, at=TAKEN, unit="7A", bed="12"), vitals(ADA, ILL, at=TAKEN),
        adt("A01", BEN, at=TAKEN, unit="7A", bed="2"), vitals(BEN, WELL, at=TAKEN),
    ])  # fmt: skip
    shown = words(folder / "7A.html")

    assert "Ward 7, internal medicine" in shown
    assert re.search(r"As of \d\d:\d\d, \d+ [A-Z][a-z]{2} 20\d\d", shown)
    assert shown.index("Byrne, Ben") < shown.index("Free bed") < shown.index("Moss, Ada")  # beds 2, 10, 12
    assert "14" in shown[shown.index("Moss, Ada") :]  # NEWS2: RCP 2017, chart 1
    assert (
        "Respirations 26 /min, SpO₂ 90 %, Air or oxygen air, Systolic pressure 88 mmHg, Pulse 135 /min, Consciousness A, Temperature 39.5 °C" in shown
    )
    minutes = int((datetime.now(UTC) - TAKEN).total_seconds() // 60)  # this file may have been read long before
    assert any(f"{TAKEN:%H:%M}, {each // 60} h {each % 60:02} min old" in shown for each in (minutes - 1, minutes))
    assert "nobody has seen it" in shown
    assert words(folder / "index.html").count("Ward 7") == 1
    assert "Ward 7, internal medicine 2 1" in words(folder / "index.html")  # two patients, one needs somebody


def test_an_incomplete_score_says_at_least_and_what_is_missing(pages: Callable[..., Path]) -> None:
    without = {code: value for code, value in ILL.items() if code != "8310-5"}
    folder = pages([adt("A01", ADA, at=TAKEN, unit="7A"), vitals(ADA, without, at=TAKEN)])
    shown = words(folder / "7A.html")
    assert "≥ 12" in shown
    assert "temperature missing" in shown


def test_allergies_are_there_when_the_chart_cannot_be_opened(pages: Callable[..., Path]) -> None:
    al1 = builder.segment("AL1", "1", "DA", ("PEN", "Penicillin", "L"), "SV", "Anaphylaxis")
    admission = adt("A01", ADA, at=TAKEN, unit="7A") + al1.encode() + b"\r"
    assert "Allergies: Penicillin" in words(pages([admission]) / "7A.html")


def test_a_patient_without_any_measurement_is_shown_as_such(pages: Callable[..., Path]) -> None:
    shown = words(pages([adt("A01", ADA, at=TAKEN, unit="7A")]) / "7A.html")
    assert "Moss, Ada" in shown
    assert "none in 24 h" in shown


def test_what_senders_write_is_text_and_never_markup(pages: Callable[..., Path]) -> None:
    page = pages([adt("A01", SCRIPT, at=TAKEN, unit="7A")]) / "7A.html"
    assert "<script" not in page.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page.read_text(encoding="utf-8")


def test_times_are_those_of_the_site_and_say_so(pages: Callable[..., Path]) -> None:
    folder = pages([adt("A01", ADA, at=TAKEN, unit="7A"), vitals(ADA, WELL, at=TAKEN)], zone="Asia/Kolkata")
    shown = words(folder / "7A.html")
    assert "All times Asia/Kolkata" in shown
    assert f"{TAKEN.astimezone(ZoneInfo('Asia/Kolkata')):%H:%M}, 1 h" in shown


def test_a_silent_feed_is_said_on_every_ward(tmp_path: Path) -> None:
    feed = {"label": "Laboratory", "silent_since": AS_OF - timedelta(hours=2)}
    write(tmp_path, Ward("7A", "Ward 7", [], [feed]))
    assert "Laboratory has been silent since 05:15: results from it may be missing." in words(tmp_path / "7A.html")


def test_the_moment_stands_in_the_largest_type(tmp_path: Path) -> None:
    write(tmp_path, Ward("7A", "Ward 7", [], []), zone="Europe/Vienna")
    text = (tmp_path / "7A.html").read_text(encoding="utf-8")
    assert '<p class="as-of">As of 08:15, 2 Mar 2026</p>' in text
    sizes = {name: int(size) for name, size in re.findall(r"(\S+) \{[^}]*font-size: (\d+)px", text)}
    assert max(sizes, key=lambda name: sizes[name]) == ".as-of"


def test_a_page_needs_no_server_and_no_network(tmp_path: Path) -> None:
    write(tmp_path, Ward("7A", "Ward 7", [], []))
    for page in tmp_path.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"""(src|href)=["'](?!index\.html|7A\.html)|@import|url\(|<script""", text), page.name


def test_units_whose_names_are_no_file_names_keep_a_page_each(tmp_path: Path) -> None:
    names = ("7A", "7/A", "7-A", "7 A", "index", "../7A", "Ünit")
    write(tmp_path / "pages", *(Ward(name, f"Ward {name}", [], []) for name in names))
    titles = [re.search(r"<h1>(.*)</h1>", page.read_text(encoding="utf-8"))[1] for page in (tmp_path / "pages").iterdir()]  # type: ignore[index]
    assert sorted(titles) == sorted([*(f"Ward {name}" for name in names), "General Hospital: downtime pages"])
    assert [path.name for path in tmp_path.iterdir()] == ["pages"]


def test_pages_are_for_their_owner_alone(tmp_path: Path) -> None:
    write(tmp_path / "pages", Ward("7A", "Ward 7", [], []))
    assert stat.S_IMODE((tmp_path / "pages").stat().st_mode) == 0o700
    assert {stat.S_IMODE(page.stat().st_mode) for page in (tmp_path / "pages").iterdir()} == {0o600}


def test_a_unit_that_is_gone_is_kept_a_day_and_no_longer(tmp_path: Path) -> None:
    write(tmp_path, Ward("7A", "Ward 7", [], []), Ward("8B", "Ward 8", [], []))
    hour = 3600
    for hours, there in ((23, True), (25, False)):
        os.utime(tmp_path / "8B.html", (time.time() - hours * hour,) * 2)
        write(tmp_path, Ward("7A", "Ward 7", [], []))
        assert (tmp_path / "8B.html").exists() is there
    assert (tmp_path / "7A.html").exists()


def test_a_folder_that_cannot_be_written_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be", encoding="utf-8")

    async def story() -> str:
        wardline = open_wardline(load(data=tmp_path / "data", downtime=tmp_path / "blocked"))
        running = Running(wardline)
        running.downtime.renew()
        wardline.close()
        return running.downtime.failed

    assert asyncio.run(story()) == "File exists"
