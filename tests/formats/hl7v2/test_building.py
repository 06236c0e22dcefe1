"""Writing messages: values in, bytes out, nothing in a value can break the message."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from wardline.formats.hl7v2.builder import header, message, segment, timestamp
from wardline.formats.hl7v2.escapes import Separators
from wardline.formats.hl7v2.message import parse

AT = datetime(2025, 3, 1, 8, 15, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).filter(lambda text: text.strip() and text != '""')


def test_a_segment_is_its_fields_and_trailing_empty_ones_are_left_out() -> None:
    assert segment("PID", "1", None, ("1001", None, None, "HOSP", "MR"), None, ("Moss", "Ada", None), None) == "PID|1||1001^^^HOSP^MR||Moss^Ada"


def test_a_list_is_repetitions_and_a_tuple_is_components() -> None:
    assert segment("PID", [("1", "A"), ("2", "B")]) == "PID|1^A~2^B"


def test_numbers_are_written_as_people_write_them() -> None:
    assert segment("OBX", 37.0, 36.6, 4, AT) == "OBX|37|36.6|4|20250301081500+0000"


def test_a_time_keeps_its_offset_and_milliseconds_only_where_there_are_any() -> None:
    assert timestamp(AT.astimezone(timezone(timedelta(hours=-5)))) == "20250301031500-0500"
    assert timestamp(AT.replace(microsecond=250_000)) == "20250301081500.250+0000"


def test_a_header_says_who_what_when_and_in_which_character_set() -> None:
    written = header(application="SIM", facility="H|1", at=AT, kind="ORU^R01^ORU_R01", control_id="7", accept="AL", application_ack="NE")
    read = parse(message([written]))
    assert (read.type, read.trigger, read.control_id, read.sending_facility) == ("ORU", "R01", "7", "H|1")
    assert [read.header.text(number) for number in (7, 15, 16, 18)] == ["20250301081500+0000", "AL", "NE", "UNICODE UTF-8"]


@given(st.lists(texts, min_size=1, max_size=6))
def test_whatever_is_written_into_components_is_read_from_them(values: list[str]) -> None:
    written = message([header(application="A", facility="B", at=AT, kind="ORU^R01", control_id="1"), segment("ZZZ", tuple(values))])
    read = parse(written).segments[1]
    assert [read.text(1, number) for number in range(1, len(values) + 1)] == values


def test_other_delimiters_are_escaped_in_their_own_way() -> None:
    assert segment("ZZZ", "a#b:c", separators=Separators("#", ":", "*", "!", "%")) == "ZZZ#a!F!b!S!c"


def test_every_line_ends_with_a_carriage_return_the_last_one_too() -> None:
    assert message(["A|1", "B|2"]) == b"A|1\rB|2\r"
