"""MLLP framing, however the network cuts it up."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.formats.hl7v2.framing import LARGEST_MESSAGE, Deframer, TooLarge, frame
from wardline.formats.hl7v2.message import check_segment, parse

MESSAGE = b"MSH|^~\\&|LAB|H|||20250301||ORU^R01|1|P|2.5\rPID|1||A\r"
contents = st.binary(min_size=1, max_size=40).map(lambda data: data.replace(b"\x0b", b"").replace(b"\x1c", b"")).filter(bool)
outside = st.binary(max_size=10).map(lambda data: data.replace(b"\x0b", b""))


def fed(stream: bytes, cuts: list[int], limit: int = LARGEST_MESSAGE) -> tuple[list[bytes], Deframer]:
    """What comes out when the stream arrives cut at these places."""
    deframer = Deframer(limit)
    places = [0, *sorted({min(cut, len(stream)) for cut in cuts}), len(stream)]
    return [message for start, end in pairwise(places) for message in deframer.feed(stream[start:end])], deframer


def test_one_frame_is_one_message() -> None:
    deframer = Deframer()
    assert deframer.feed(frame(MESSAGE)) == [MESSAGE]
    assert not deframer.is_inside


def test_several_frames_in_one_read_come_out_in_order() -> None:
    assert Deframer().feed(frame(b"A") + frame(b"B") + frame(b"C")) == [b"A", b"B", b"C"]


@given(st.lists(contents, max_size=4), st.lists(outside, min_size=5, max_size=5), st.lists(st.integers(0, 200), max_size=8))
def test_where_the_network_cuts_the_stream_makes_no_difference(messages: list[bytes], garbage: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(before + frame(message) for before, message in zip(garbage, messages, strict=False)) + garbage[-1]
    whole, first = fed(stream, [])
    pieces, second = fed(stream, cuts)
    assert pieces == whole
    assert (second.skipped, second.abandoned, second.is_inside) == (first.skipped, first.abandoned, first.is_inside)


def test_every_single_cut_of_two_frames_gives_the_same_two_messages() -> None:
    stream = b"noise" + frame(MESSAGE) + b"\r\n" + frame(b"second") + b"tail"
    for cut in range(len(stream) + 1):
        messages, deframer = fed(stream, [cut])
        assert messages == [MESSAGE, b"second"]
        assert deframer.skipped == len(b"noise") + len(b"tail")


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=20))
def test_any_bytes_cut_anywhere_are_taken_without_an_error(stream: bytes, cuts: list[int]) -> None:
    whole, first = fed(stream, [])
    pieces, second = fed(stream, cuts)
    assert (pieces, second.skipped, second.abandoned) == (whole, first.skipped, first.abandoned)
    assert all(message and b"\x0b" not in message and b"\x1c" not in message for message in pieces)


def test_garbage_outside_a_frame_is_skipped_and_counted_but_line_ends_are_not_garbage() -> None:
    messages, deframer = fed(b"\r\nhello" + frame(MESSAGE) + b"\r\n\r\n", [])
    assert messages == [MESSAGE]
    assert deframer.skipped == len(b"hello")


def test_a_start_block_inside_a_frame_means_that_the_sender_gave_up_on_the_message_before() -> None:
    messages, deframer = fed(b"\x0bMSH|half of it" + frame(MESSAGE), [])
    assert messages == [MESSAGE]
    assert deframer.abandoned == 1


def test_a_sender_that_starts_again_and_again_without_ever_finishing_fills_no_memory() -> None:
    deframer = Deframer(limit=1_000)
    for _ in range(1_000):
        assert deframer.feed(b"\x0bMSH|" + b"x" * 900) == []
    assert deframer.feed(b"\x1c\r") == [b"MSH|" + b"x" * 900]
    assert deframer.abandoned == 999


def test_a_missing_end_block_leaves_the_message_unfinished() -> None:
    messages, deframer = fed(b"\x0b" + MESSAGE + b"\r", [])
    assert messages == []
    assert deframer.is_inside


def test_an_end_block_without_its_carriage_return_ends_the_message_too() -> None:
    assert fed(b"\x0bA\x1c\x0bB\x1c", [])[0] == [b"A", b"B"]


def test_an_empty_frame_is_no_message_whether_it_comes_whole_or_in_pieces() -> None:
    for cut in range(4):
        assert fed(frame(b""), [cut])[0] == []


# --- too large ---


def fed_until_too_large(stream: bytes, cuts: list[int], limit: int) -> tuple[list[bytes], TooLarge]:
    """The messages that came out whole, and the report of the one that was too large."""
    deframer, messages = Deframer(limit), []
    for start, end in pairwise([0, *cuts, len(stream)]):
        try:
            messages += deframer.feed(stream[start:end])
        except TooLarge as too_large:
            assert not deframer.is_inside
            return messages + too_large.whole, too_large
    raise AssertionError("nothing was too large")


@pytest.mark.parametrize("cuts", [[], [3], [50], list(range(7, 300, 7))])
def test_a_message_beyond_the_limit_is_reported_with_how_it_began_and_those_before_it_are_not_lost(cuts: list[int]) -> None:
    messages, too_large = fed_until_too_large(frame(b"first") + frame(b"MSH|" + b"x" * 300), cuts, 100)
    assert messages == [b"first"]
    assert str(too_large) == "a message is larger than 100 bytes"
    assert too_large.head.startswith(b"MSH|xxx")


def test_a_message_of_exactly_the_limit_is_taken() -> None:
    assert Deframer(100).feed(frame(b"x" * 100)) == [b"x" * 100]


def test_the_memory_of_an_endless_message_is_bounded_by_the_limit() -> None:
    stream = b"\x0b" + b"x" * 3_000_000
    _, too_large = fed_until_too_large(stream, list(range(65_536, 3_000_000, 65_536)), 1_000_000)
    assert len(too_large.head) == 65_536


def test_the_beginning_of_a_message_that_was_too_large_can_never_be_read_as_the_whole() -> None:
    deframer = Deframer(200)
    with pytest.raises(TooLarge) as error:
        deframer.feed(frame(MESSAGE + b"OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F\r" * 9))
    message = parse(error.value.beginning)
    assert message.lines[:2] == [MESSAGE.split(b"\r")[0].decode(), "PID|1||A"]
    with pytest.raises(Refused, match="only its beginning was kept") as refusal:
        check_segment(message.lines[-1], len(message.lines), message.separators)
    assert refusal.value.code == "too-large"
