"""Results read over time and by range, against sums done another way."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.capabilities.laboratory.range_tables import Range
from wardline.capabilities.laboratory.result_trend import _slope
from wardline.capabilities.laboratory.variation_tables import biological_variation
from wardline.core.capability import Reading

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
HEAD = {"owner": "Laboratory", "version": "1", "date": "2026-11-21", "source": "this test", "signed_by": "Dr Test"}
values = st.lists(st.tuples(st.integers(0, 20_000), st.floats(0.1, 500)), min_size=3, max_size=20, unique_by=lambda each: each[0])


@given(st.floats(0.1, 50), st.floats(0.1, 50))
def test_the_reference_change_value_is_that_of_harris_and_yasaka(within: float, analytical: float) -> None:
    """Clin Chem 1983;29:25-30: the square root of two times z times the total variation."""
    table = biological_variation({**HEAD, "limits": {"creatinine": {"within_person_percent": within, "analytical_percent": analytical}}})

    assert table.change_values["creatinine"] == pytest.approx(2**0.5 * 1.96 * (within**2 + analytical**2) ** 0.5)


@given(values)
def test_the_slope_is_the_line_of_least_squares(results: list[tuple[int, float]]) -> None:
    readings = tuple(Reading(BEGINNING + timedelta(minutes=minute), value) for minute, value in sorted(results))

    slope = _slope(readings)

    line = np.polynomial.polynomial.polyfit([minute / 1440 for minute, _ in sorted(results)], [value for _, value in sorted(results)], 1)
    assert slope == pytest.approx(line[1], rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=5, unique=True), st.integers(0, 110))
def test_ranges_that_follow_each_other_leave_nobody_out_and_count_nobody_twice(ages: list[float], age: int) -> None:
    edges = [0.0, *sorted(edge for edge in ages if edge > 0), math.inf]
    ranges = [Range(1, 2, from_age=low, below_age=high) for low, high in pairwise(edges)]

    assert sum(bool(each.fits(age, None)) for each in ranges) == 1
    assert not any(one.overlaps(other) for place, one in enumerate(ranges) for other in ranges[:place])
