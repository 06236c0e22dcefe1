"""`wardline replay` as a person calls it: a folder, a running server, and what it refuses."""

import csv
import gzip
import re
import tarfile
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from intake.datasets.written import Written, write_set
from support.clocks import MORNING
from support.messages import ADA, Obx, oru
from wardline.app.bootstrap import open_log
from wardline.app.cli.replaying import replay
from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.events import Measured, Registered
from wardline.engine.past import timeline_as_of
from wardline.intake.datasets.cinc2012.feed import INTERVAL
from wardline.intake.datasets.cinc2012.messages import BEGINNING
from wardline.intake.datasets.cinc2012.parameters import PARAMETERS

pytestmark = pytest.mark.usefixtures("own_logging")

ROUNDS = tuple((f"{hour:02}:07", "HR", "80") for hour in range(48))


def test_a_set_goes_through_a_socket_into_a_new_folder_on_the_feeds_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_set(tmp_path, [Written("100", ROUNDS), Written("101", ROUNDS, survived=4, died=1)])

    assert replay("cinc2012", path, data=tmp_path / "data") == 0

    assert "104 sent, 104 accepted, 0 not" in capsys.readouterr().out  # two of: A01, 49 ORU, A03, A03
    assert (tmp_path / "data" / "clock").read_text(encoding="ascii").strip() == "feed"
    log = open_log(tmp_path / "data")
    assert len(list(log.messages())) == 104
    log.close()


def test_a_replay_again_is_recognised_and_adds_nothing(tmp_path: Path) -> None:
    path = write_set(tmp_path, [Written("100", ROUNDS)])

    assert [replay("cinc2012", path, data=tmp_path / "data") for _ in range(2)] == [0, 0]

    log = open_log(tmp_path / "data")
    assert len(list(log.messages())) == 52
    log.close()


def test_a_folder_on_the_wall_clock_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "1.hl7").write_bytes(oru(ADA, Obx("8867-4", 70), at=MORNING))
    assert replay("hl7", folder, data=tmp_path / "data") == 0

    with pytest.raises(Conflict, match="runs on the wall clock"):
        replay("cinc2012", write_set(tmp_path, [Written("100")]), data=tmp_path / "data")


def test_a_message_that_is_not_accepted_makes_exit_code_1_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "good.hl7").write_bytes(oru(ADA, Obx("8867-4", 70), at=MORNING, control="1"))
    (folder / "nobody.hl7").write_bytes(oru(ADA, at=MORNING, control="2").replace(b"PID|", b"ZID|"))

    assert replay("hl7", folder, data=tmp_path / "data") == 1

    shown = capsys.readouterr().out
    assert "2 sent, 1 accepted, 1 not" in shown
    assert "(first: nobody.hl7)" in shown


def test_speed_needs_times_and_a_limit_needs_a_number(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no times to keep"):
        replay("hl7", tmp_path, data=tmp_path / "data", speed=2)
    with pytest.raises(Refused, match="--speed must be above 0"):
        replay("cinc2012", tmp_path, data=tmp_path / "data", speed=0)
    with pytest.raises(Refused, match="--limit must be at least 1"):
        replay("cinc2012", tmp_path, data=tmp_path / "data", limit=0)
    assert not (tmp_path / "data").exists()


def test_a_set_that_is_not_there_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        replay("cinc2012", tmp_path / "set-a.csv.gz", data=tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_speed_stretches_feed_time_over_real_time(tmp_path: Path) -> None:
    path = write_set(tmp_path, [Written("100", (("00:30", "HR", "80"),), days=2)])
    before = time.monotonic()

    assert replay("cinc2012", path, data=tmp_path / "data", speed=48 * 3600 / 0.5) == 0  # 48 hours in half a second

    assert time.monotonic() - before >= 0.5


@pytest.mark.reference
def test_every_message_of_a_published_set_is_accepted_straight_from_its_archive_but_the_one_that_deletes_a_person(
    tmp_path: Path, clinical: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = clinical / "hl7v2_ms_fhir_converter/messages_dev.tar.gz"

    assert replay("hl7", archive, data=tmp_path / "data") == 1

    # Two of the 97 wish for no acknowledgement (MSH-15 and MSH-16 NE).
    summary, reason = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert summary.startswith("97 sent, 94 accepted, 1 not, 2 that wished for no answer")
    assert reason.strip() == "1 AE  A29 deletes a person, which is not followed here  (first: input/ADT-A29-01.hl7)"


@pytest.mark.reference
def test_of_the_mapping_samples_only_those_without_a_patient_are_refused(tmp_path: Path, clinical: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Many show a single field and have no patient number, or no PID at all: nobody's chart could take them."""
    archive = clinical / "hl7v2_reportstream/pairs_dev.tar.gz"
    with tarfile.open(archive) as tar:
        messages = [content.read() for member in tar if member.name.endswith(".hl7") and (content := tar.extractfile(member)) is not None]
    nobody = sum(re.search(rb"[\r\n]PID\|", each) is None for each in messages)
    numberless = sum(re.search(rb"[\r\n]PID\|[^|\r\n]*\|[^|\r\n]*\|[^|^~\r\n]", each) is None for each in messages) - nobody

    assert replay("hl7", archive, data=tmp_path / "data") == 1

    summary, *reasons = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert summary.startswith(f"{len(messages)} sent, ")
    assert [line.split("  (")[0] for line in reasons] == [
        f"{numberless} AE  PID-3 has no patient number", f"{nobody} AE  there is no PID segment, so the message speaks about nobody",
    ]  # fmt: skip


@pytest.mark.reference
@pytest.mark.slow
def test_twenty_real_stays_are_on_their_timelines_value_for_value(tmp_path: Path, cinc2012_set: Path) -> None:
    assert replay("cinc2012", cinc2012_set, data=tmp_path / "data", limit=20) == 0

    written = _values_of(cinc2012_set, 20)
    log = open_log(tmp_path / "data")
    registered = (event for step in log.steps() for _, events in step.rows for event in events if isinstance(event.value, Registered))
    records = {event.about: event.value.identifiers[0].number for event in registered}
    assert sorted(records.values()) == sorted(written)

    for about, record in records.items():
        admitted_at = BEGINNING + sorted(written).index(record) * INTERVAL
        timeline = timeline_as_of(log, about, None)
        stored = defaultdict(list)
        for name in timeline.observations:
            for event in timeline.observations.of(name):
                measured: Measured = event.value
                parts = measured.code.split("^")
                own = parts[3] if len(parts) > 3 else parts[0]
                stored[own, event.occurred_at - admitted_at].append(_as_written(own, measured))
        assert stored == written[record]
    log.close()


def _as_written(own: str, measured: Measured) -> float:
    """The number in the file, from what the timeline keeps. FiO2 is kept in per cent and written as a fraction."""
    value = float(measured.value or 0)
    return round(value / 100, 6) if own == "FiO2" and "implausible" not in measured.flags else value


def _values_of(path: Path, stays: int) -> dict[str, dict[tuple[str, timedelta], list[float]]]:
    """Record -> (parameter, time since admission) -> values, straight from the file."""
    values: dict[str, dict[tuple[str, timedelta], list[float]]] = {}
    with gzip.open(path, "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["RecordID"] not in values and len(values) == stays:
                break
            of_record = values.setdefault(row["RecordID"], {})
            hours, minutes = row["Time"].split(":")
            if row["Parameter"] in PARAMETERS and row["Value"] != "-1":
                at = timedelta(hours=int(hours), minutes=int(minutes))
                of_record.setdefault((row["Parameter"], at), []).append(float(row["Value"]))
    return values
