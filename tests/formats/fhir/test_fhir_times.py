"""What a FHIR date or time means as a stretch of time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.formats.fhir.search.times import span_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moments(text: str, zone: str = "UTC") -> tuple[datetime, datetime]:
    low, high = span_of(text, ZoneInfo(zone))
    return EPOCH + timedelta(microseconds=low), EPOCH + timedelta(microseconds=high + 1)


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2026", "2026-01-01T00:00Z", "2027-01-01T00:00Z"), ("2026-12", "2026-12-01T00:00Z", "2027-01-01T00:00Z"),
        ("2024-02", "2024-02-01T00:00Z", "2024-03-01T00:00Z"), ("2026-11-21", "2026-11-21T00:00Z", "2026-11-22T00:00Z"),
        ("2026-11-21T03:12Z", "2026-11-21T03:12Z", "2026-11-21T03:13Z"),
        ("2026-11-21T03:12:09+02:00", "2026-11-21T01:12:09Z", "2026-11-21T01:12:10Z"),
        ("2026-11-21T03:12:09.25Z", "2026-11-21T03:12:09.250Z", "2026-11-21T03:12:09.260Z"),
    ],
)  # fmt: skip
def test_a_time_is_as_long_as_what_it_leaves_open(text: str, begins: str, ends: str) -> None:
    assert _moments(text) == (datetime.fromisoformat(begins), datetime.fromisoformat(ends))


def test_a_day_is_the_hospitals_day_also_when_clocks_change() -> None:
    begins, ends = _moments("2026-03-29", "Europe/Copenhagen")
    assert (begins, ends - begins) == (datetime(2026, 3, 28, 23, tzinfo=UTC), timedelta(hours=23))


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13", "2026-02-30", "2026-1-1", "2026-11-21T25:00Z", "20261121", "2026-11-21T03:12:09.Z"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        span_of(text)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_longer_words_mean_less_time_within_the_shorter(moment: datetime) -> None:
    text = moment.replace(tzinfo=UTC).isoformat(timespec="microseconds")
    spans = [span_of(text[:length], UTC) for length in (4, 7, 10)] + [span_of(f"{text[:19]}Z", UTC), span_of(text, UTC)]
    for (low, high), (inner_low, inner_high) in pairwise(spans):
        assert low <= inner_low <= inner_high <= high
