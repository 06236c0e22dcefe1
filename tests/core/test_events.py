"""The kinds of events: what is stored must stay readable."""

from typing import get_args, get_type_hints

import pytest

from support.clocks import MORNING
from wardline.core.events import KINDS, Event, Lapsed, Value

FIRST_KINDS = (
    "Registered", "Merged", "Unmerged", "Moved", "Admitted", "Transferred", "Discharged", "Cancelled", "Measured", "Ordered", "Administered",
    "Diagnosed", "Allergic", "Documented", "Scheduled", "Found", "Lapsed", "Overdue", "Alerted", "Shown", "Acknowledged", "Overridden", "Escalated",
    "StoodDown", "Resolved", "Withdrawn", "Notified", "Silent", "Heard", "Disputed", "Incident", "GapAhead", "GapClosed",
    "PolicyActivated", "Assigned", "Mapped",
)  # fmt: skip
"""Stored rows name a kind by its place in this list. Kinds may follow; none may move."""


def test_no_kind_has_moved_from_its_place_in_stored_rows() -> None:
    assert tuple(kind.__name__ for kind in KINDS)[: len(FIRST_KINDS)] == FIRST_KINDS


def test_every_kind_of_value_can_be_stored_exactly_once() -> None:
    assert set(get_args(Value)) == set(KINDS)
    assert len(KINDS) == len(set(KINDS))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_optional_fields_come_last_so_that_older_rows_stay_readable(kind: type) -> None:
    fields, defaults = kind._fields, kind._field_defaults  # type: ignore[attr-defined]
    assert list(defaults) == list(fields[len(fields) - len(defaults) :])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_of_every_kind_says_what_type_it_is(kind: type) -> None:
    assert set(get_type_hints(kind)) == set(kind._fields)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_says_in_a_sentence_what_has_happened(kind: type) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(kind.__name__ + "(")


def test_an_event_is_called_by_the_kind_of_its_value() -> None:
    assert Event(Lapsed("news2"), "ada", MORNING, MORNING).kind == "Lapsed"
