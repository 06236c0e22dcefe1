"""HL7 timestamps: precision, offsets, daylight saving, and what is none."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.flags import AMBIGUOUS, ASSUMED_ZONE, DATE_ONLY, SKIPPED
from wardline.formats.hl7v2.builder import timestamp
from wardline.formats.hl7v2.times import iso_date, moment

LONDON = ZoneInfo("Europe/London")
BERLIN = ZoneInfo("Europe/Berlin")
KATHMANDU = ZoneInfo("Asia/Kathmandu")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "moment_in_utc"),
    [
        ("20250301081500+0000", at(2025, 3, 1, 8, 15)),
        ("20250301081500-0500", at(2025, 3, 1, 13, 15)),
        ("20250301081500+0545", at(2025, 3, 1, 2, 30)),
        ("20250301081500.1234+0000", at(2025, 3, 1, 8, 15, 0, 123400)),
        ("202503010815+0000", at(2025, 3, 1, 8, 15)),
        ("2025030108+0000", at(2025, 3, 1, 8)),
        ("  20250301081500+0000 ", at(2025, 3, 1, 8, 15)),
    ],
)
def test_a_time_with_an_offset_needs_no_assumption(text: str, moment_in_utc: datetime) -> None:
    assert moment(text, BERLIN) == (moment_in_utc, ())


@pytest.mark.parametrize(
    ("zone", "moment_in_utc"),
    [(LONDON, at(2025, 7, 1, 11)), (BERLIN, at(2025, 7, 1, 10)), (KATHMANDU, at(2025, 7, 1, 6, 15)), (UTC, at(2025, 7, 1, 12))],
)
def test_a_time_without_an_offset_is_in_the_zone_of_its_source_and_says_so(zone: ZoneInfo, moment_in_utc: datetime) -> None:
    assert moment("202507011200", zone) == (moment_in_utc, (ASSUMED_ZONE,))


@pytest.mark.parametrize(("text", "day"), [("20250301", (2025, 3, 1)), ("202503", (2025, 3, 1)), ("2025", (2025, 1, 1))])
def test_a_date_is_the_start_of_that_day_in_the_zone_of_the_source(text: str, day: tuple[int, int, int]) -> None:
    assert moment(text, LONDON) == (at(*day), (DATE_ONLY, ASSUMED_ZONE))


def test_a_local_time_that_comes_twice_in_autumn_is_the_first_and_says_so() -> None:
    # London, 26 October 2025: 02:00 BST becomes 01:00 GMT.
    assert moment("20251026013000", LONDON) == (at(2025, 10, 26, 0, 30), (ASSUMED_ZONE, AMBIGUOUS))
    assert moment("20251026013000+0000", LONDON) == (at(2025, 10, 26, 1, 30), ())
    assert moment("20251026023000", LONDON) == (at(2025, 10, 26, 2, 30), (ASSUMED_ZONE,))


def test_a_local_time_that_spring_skips_is_moved_forward_and_says_so() -> None:
    # Berlin, 30 March 2025: 02:00 CET becomes 03:00 CEST.
    assert moment("20250330023000", BERLIN) == (at(2025, 3, 30, 1, 30), (ASSUMED_ZONE, SKIPPED))
    assert moment("20250330033000", BERLIN) == (at(2025, 3, 30, 1, 30), (ASSUMED_ZONE,))


def test_the_leap_second_is_the_second_after_it() -> None:
    assert moment("20161231235960+0000", UTC) == (at(2017, 1, 1), ())
    assert moment("20170101005960.5", ZoneInfo("Europe/Paris")) == (at(2017, 1, 1), (ASSUMED_ZONE,))


def test_the_end_of_time_is_a_time_or_none_but_never_an_error() -> None:
    assert moment("99991231", UTC) == (at(9999, 12, 31), (DATE_ONLY, ASSUMED_ZONE))
    assert moment("99991231235959-1400", UTC) is None
    assert moment("00010101000000+1400", UTC) is None
    assert moment("0000", UTC) is None


@pytest.mark.parametrize(
    "garbage",
    ["", " ", "yesterday", "2025-03-01", "2025-03-01T08:15:00Z", "20251301", "20250230", "202503012515", "20250301081561", "20250301081500+2500",
     "20250301081500+00", "20250301081500Z", "202", "20250", "٢٠٢٥٠٣٠١", "20250301 081500", "20250301081500.", "20250301081500+0000+0000", "1" * 400,
     "²⁰²⁵"],
)  # fmt: skip
def test_what_is_no_timestamp_is_none(garbage: str) -> None:
    assert moment(garbage, UTC) is None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_written_time_reads_as_the_same_moment(local: datetime, minutes: int) -> None:
    written = local.replace(tzinfo=timezone(timedelta(minutes=minutes)), microsecond=local.microsecond // 1000 * 1000)
    assert moment(timestamp(written), UTC) == (written.astimezone(UTC), ())


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    read = moment(text, BERLIN)
    assert read is None or read.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "date"),
    [("19550303", "1955-03-03"), ("195503", "1955-03"), ("1955", "1955"), ("19550303120000+0100", "1955-03-03"), ("1955-03-03", "1955"),
     ("19550230", ""), ("195513", ""), ("00000000", ""), ("", ""), ("unknown", ""), ("١٩٥٥", "")],
)  # fmt: skip
def test_a_birth_date_is_as_precise_as_it_was_given(text: str, date: str) -> None:
    assert iso_date(text) == date


PARTS = (st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32), st.integers(0, 24), st.integers(0, 61), st.integers(0, 61))


@given(st.tuples(*PARTS), st.sampled_from("+-"), st.integers(0, 25), st.integers(0, 99))
def test_the_usual_way_of_writing_a_time_means_the_same_as_any_other(parts: tuple[int, ...], sign: str, hours: int, minutes: int) -> None:
    text, offset = "{:04}{:02}{:02}{:02}{:02}{:02}".format(*parts), f"{sign}{hours:02}{minutes:02}"
    assert moment(f"{text}{offset}", BERLIN) == moment(f"{text}.0{offset}", BERLIN)
