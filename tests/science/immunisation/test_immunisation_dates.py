"""Ages and intervals as the schedule writes them, by the rules CALCDT-1 to 5 of CDC's logic specification."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.science.immunisation.dates import Span, added, day_of, span

DAYS = st.dates(date(1950, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        # CDSi quick guide "Calculating dates": its own examples.
        (date(2000, 1, 1), "3 years", date(2003, 1, 1)),
        (date(2000, 1, 1), "3 months", date(2000, 4, 1)),
        (date(2000, 2, 1), "5 weeks", date(2000, 3, 7)),
        (date(2000, 7, 31), "2 months", date(2000, 10, 1)),
        (date(2008, 8, 6), "12 months - 4 days", date(2009, 8, 2)),
        (date(2024, 2, 29), "1 year", date(2025, 3, 1)),
        (date(2024, 1, 31), "19 months + 4 weeks", date(2025, 9, 28)),
    ],
)
def test_a_span_after_a_day_is_what_the_guide_says(start: date, text: str, expected: date) -> None:
    found = span(text)

    assert found is not None
    assert found.after(start) == expected


@given(day=DAYS, months=st.integers(0, 1200))
def test_months_keep_the_day_or_move_to_the_first(day: date, months: int) -> None:
    later = added(day, months)

    assert later.day in (day.day, 1)
    assert later >= day


@given(day=DAYS, months=st.integers(0, 600), days=st.integers(-4, 400))
def test_a_longer_span_never_ends_earlier(day: date, months: int, days: int) -> None:
    assert Span(months, days).after(day) <= Span(months + 1, days).after(day)
    assert Span(months, days + 1).after(day) - Span(months, days).after(day) == timedelta(days=1)


@pytest.mark.parametrize("text", ["", "n/a", None])
def test_nothing_written_is_no_span(text: str | None) -> None:
    assert span(text) is None


def test_words_that_are_no_span_are_refused() -> None:
    with pytest.raises(Refused, match="no age or interval"):
        span("soon")


def test_days_are_read_in_both_ways_the_schedule_writes_them() -> None:
    assert (day_of("01/02/1957"), day_of("2025-08-27"), day_of("")) == (date(1957, 1, 2), date(2025, 8, 27), None)
