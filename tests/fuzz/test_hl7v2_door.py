"""Reference fault FT-19: whatever bytes arrive at the HL7 v2 door, nothing crashes, hangs or eats the memory."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.corpus import MESSAGES
from fuzz.invariants import check_framing, check_parts, check_reading
from wardline.formats.hl7v2.framing import LARGEST_MESSAGE, Deframer, TooLarge, frame

HERE = Path(__file__).parent
SPECIAL = [
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"\r",
    b"\n",
    b"\r\n",
    b'""',
    b"\x00",
    b"\x0b",
    b"\x1c",
    b"\\E\\",
    b"\\X",
    b"\xff",
    b"\xc3",
    b"#",
    b"-",
    b"9" * 50,
]
pieces = st.sampled_from(SPECIAL) | st.binary(max_size=8) | st.sampled_from([line for message in MESSAGES for line in message.split(b"\r")])
edits = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 12), pieces, st.sampled_from(["replace", "insert", "cut", "repeat"])), max_size=6)


def edited(message: bytes, changes: list[tuple[int, int, bytes, str]]) -> bytes:
    """The message with some places replaced, pieces inserted, lengths cut out or lines repeated."""
    for at, length, piece, how in changes:
        place = at * len(message) // 1000 if message else 0
        match how:
            case "replace":
                message = message[:place] + piece + message[place + length :]
            case "insert":
                message = message[:place] + piece + message[place:]
            case "cut":
                message = message[:place] + message[place + length * 3 :]
            case _:
                lines = message.split(b"\r")
                message = b"\r".join([*lines[: length + 1], *lines[length : length + 1] * 3, *lines[length + 1 :]])
    return message


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(MESSAGES), edits)
def test_a_message_that_was_damaged_on_its_way_is_read_or_refused(message: bytes, changes: list[tuple[int, int, bytes, str]]) -> None:
    raw = edited(message, changes)
    check_reading(raw)
    check_parts(raw)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    check_reading(raw)
    check_reading(b"MSH|^~\\&|A|B|||2025||ORU^R01|1|P|2.5\rPID|1||1\r" + raw)
    check_parts(raw)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*SPECIAL, *(frame(message) for message in MESSAGES[:3])]) | st.binary(max_size=20), max_size=12), st.integers(1, 40))
def test_any_stream_is_cut_into_the_same_messages_however_it_arrives(parts: list[bytes], step: int) -> None:
    check_framing(b"".join(parts), step)


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_to_start_from_is_a_message(message: bytes) -> None:
    check_reading(message)
    check_parts(message)
    check_framing(frame(message), 7)


def test_a_segment_of_two_hundred_megabytes_is_given_up_at_the_limit() -> None:
    deframer, chunk = Deframer(), b"x" * 1_048_576
    deframer.feed(b"\x0bMSH|^~\\&|A\rOBX|1|TX|N||")
    for _ in range(LARGEST_MESSAGE // len(chunk) - 1):
        deframer.feed(chunk)
    with pytest.raises(TooLarge) as error:
        deframer.feed(chunk)
    assert len(error.value.head) == 65_536
    assert not deframer.is_inside  # nothing is kept of it, so the other 184 megabytes are skipped as they come
    assert deframer.feed(chunk) == []
    assert deframer.skipped == len(chunk)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["reading", "taking-in"])
def test_messages_made_to_hurt_cost_less_than_a_second_and_a_bounded_memory(what: str) -> None:
    result = subprocess.run([sys.executable, "-m", "fuzz.hostile", what], cwd=HERE.parent, capture_output=True, text=True, timeout=110, check=False)
    assert result.returncode == 0, result.stderr[-4_000:]  # a MemoryError: beyond `hostile.LARGEST_MEMORY`
    seconds, name = result.stdout.split(maxsplit=1)
    assert float(seconds) < 1.0, name


@pytest.mark.slow
def test_the_coverage_guided_fuzzer_finds_nothing_in_twenty_seconds(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: the coverage-guided fuzzer cannot run")
    command = [sys.executable, str(HERE / "fuzz_hl7v2.py"), "-max_total_time=20", f"-artifact_prefix={tmp_path}/", str(tmp_path)]
    # A process is told the peak memory of the one that started it, and the fuzzer takes it for its own: a small one stands between.
    between = [sys.executable, "-c", "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"]
    result = subprocess.run([*between, *command], capture_output=True, text=True, timeout=110, check=False)
    assert result.returncode == 0, result.stderr[-4_000:]
