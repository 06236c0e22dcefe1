"""Batches (FHS/BHS ... BTS/FTS) and files with several messages."""

import pytest

from wardline.core.errors import Refused
from wardline.formats.hl7v2.message import parse, split_batch

ONE = b"MSH|^~\\&|LAB|H|||20250301||ORU^R01|1|P|2.5\rPID|1||A\rOBX|1|TX|N||x\r"
TWO = b"MSH|^~\\&|LAB|H|||20250301||ORU^R01|2|P|2.5\rPID|1||B\r"


@pytest.mark.parametrize(
    "batch",
    [
        b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r" + ONE + TWO + b"BTS|2\rFTS|1\r",
        b"BHS|^~\\&|LAB\r" + ONE + TWO + b"BTS|2\r",
        b"BHS|^~\\&|LAB\r" + ONE + TWO + b"BTS",
        b"FHS|^~\\&\rBHS|^~\\&\r" + ONE + b"BTS|1\rBHS|^~\\&\r" + TWO + b"BTS|1\rFTS|2\r",
        b"\xef\xbb\xbf\r\n" + ONE + TWO,
    ],
)
def test_the_messages_of_a_batch_come_out_one_by_one_as_they_were_sent(batch: bytes) -> None:
    assert split_batch(batch) == [ONE, TWO]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_batch_may_use_other_line_ends(end: bytes) -> None:
    batch = (b"BHS|^~\\&\r" + ONE + TWO + b"BTS|2\r").replace(b"\r", end)
    messages = split_batch(batch)
    assert messages is not None
    assert [(parse(message).control_id, len(parse(message).lines)) for message in messages] == [("1", 3), ("2", 2)]


@pytest.mark.parametrize("raw", [ONE, TWO, b"\r\n" + ONE, b"", b"garbage", b"\x00", b"MSH"])
def test_a_single_message_or_none_is_no_batch(raw: bytes) -> None:
    assert split_batch(raw) is None


def test_a_batch_of_one_is_a_batch() -> None:
    assert split_batch(b"BHS|^~\\&\r" + ONE + b"BTS|1\r") == [ONE]


def test_an_empty_batch_holds_no_message() -> None:
    assert split_batch(b"FHS|^~\\&\rBHS|^~\\&\rBTS|0\rFTS|1\r") == []


def test_a_message_whose_header_is_damaged_is_not_lost_between_the_others() -> None:
    damaged = TWO.replace(b"MSH", b"M\x00H")
    assert split_batch(b"BHS|^~\\&\r" + damaged + ONE + b"BTS|2\r") == [damaged, ONE]
    assert split_batch(b"BHS|^~\\&\r" + ONE + b"BTS|1\r" + damaged + b"FTS|1\r") == [ONE, damaged]
    assert split_batch(b"BHS|^~\\&\r" + ONE + damaged + b"BTS|2\r") == [ONE + damaged]  # refused for its lines, not read in part


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_software_credentials_and_comments_of_a_batch_are_no_message(end: bytes) -> None:
    """HL7 v2.7 chapter 2: SFT and UAC may follow FHS and BHS. Some files end with the end-of-file mark of old systems (1A)."""
    batch = b"FHS|^~\\&\rSFT|Sender|1\rBHS|^~\\&\rSFT|Sender|1\rUAC|KERB\rNTE|1||nightly\r" + ONE + b"BTS|1\rFTS|1\r\x1a"
    assert split_batch(batch.replace(b"\r", end)) == [ONE.replace(b"\r", end)]


def test_a_text_that_mentions_msh_does_not_cut_a_message_in_two() -> None:
    noted = ONE.replace(b"||x\r", b"||see the\nMSH segment, MSH|9 and BTS\r")
    assert split_batch(noted) is None
    assert split_batch(noted + TWO) == [noted, TWO]


def test_an_endless_batch_is_refused() -> None:
    assert len(split_batch(TWO * 5, most=5) or []) == 5
    with pytest.raises(Refused, match="the batch holds more than 5 messages"):
        split_batch(TWO * 7, most=5)
