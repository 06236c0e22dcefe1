"""Events to bytes and back: every kind, every field, whatever they refer to."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.clocks import MORNING
from wardline.adapters.embedded.packing import Compression, microseconds, moment, pack, unpack
from wardline.core.events import EVENTS_PER_ROW, KINDS, Assigned, Event, Found, Identifier, Lapsed, Measured

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))
NUMBERS = st.one_of(st.none(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.text(max_size=20))
ROW = 7
IDS = st.integers(1, 2 * ROW * EVENTS_PER_ROW)
REASONS = st.tuples(
    st.text(max_size=9), st.one_of(st.booleans(), NUMBERS), st.one_of(st.none(), st.integers(0, 9)), st.text(max_size=9), st.one_of(st.just(0), IDS)
)


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    options = [option for option in get_args(hint) if option is not type(None)]
    if get_origin(hint) is tuple:
        element = get_args(hint)[0]
        return st.lists(values_of(element), max_size=3).map(tuple) if get_args(hint)[-1] is Ellipsis else st.tuples(*map(values_of, get_args(hint)))
    if options:
        found = st.one_of(*map(values_of, options))
        return st.one_of(st.none(), found) if type(None) in get_args(hint) else found
    if hint is Identifier:
        return st.builds(Identifier, st.text(max_size=9), st.text(max_size=9), st.text(max_size=4))
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(max_size=30), int: st.integers(-(2**53), 2**53), float: st.floats(allow_nan=False), bool: st.booleans(), datetime: MOMENTS,
    }  # fmt: skip
    return simple[hint]


def values(kind: type) -> st.SearchStrategy[Any]:
    fields = {name: values_of(hint) for name, hint in get_type_hints(kind).items()}
    if kind is Found:
        fields["because"] = st.lists(REASONS, max_size=3).map(tuple)
    return st.builds(kind, **fields)


def events(kind: type) -> st.SearchStrategy[Event]:
    return st.builds(
        Event, values(kind), st.just("ada"), MOMENTS, st.just(MORNING), st.sampled_from(["LAB", "wardline"]), st.text(max_size=5),
        st.lists(IDS, max_size=3).map(tuple), st.text(max_size=5), st.just(0),
    )  # fmt: skip


def test_a_row_of_before_assignments_named_an_account_is_read() -> None:
    place = KINDS.index(Assigned)
    old = msgspec.msgpack.encode(("LAB", [(place, microseconds(MORNING), ("nurse", "Amelia Brandt"), "", (), "eve", "")]))

    (event,) = unpack(old, row=ROW, record="ada", recorded_at=MORNING)

    assert event.value == Assigned("nurse", "Amelia Brandt", "")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=30)
@given(data=st.data())
def test_every_kind_of_event_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    row = data.draw(st.lists(events(kind), min_size=1, max_size=3))
    row = [event._replace(id=ROW * EVENTS_PER_ROW + place) for place, event in enumerate(row)]
    assert unpack(pack(row), row=ROW, record="ada", recorded_at=MORNING) == row


@pytest.mark.parametrize("place", [ROW * EVENTS_PER_ROW - 1, ROW * EVENTS_PER_ROW, ROW * EVENTS_PER_ROW + 1, (ROW + 1) * EVENTS_PER_ROW, 1])
def test_a_reason_keeps_its_event_wherever_that_stands(place: int) -> None:
    """The first event of the row itself included, and none at all."""
    found = Found("news2", "2017", "", "finding", because=(("pulse", 70.0, 0, "", place), ("temperature", None, None, "", 0)))
    (event,) = unpack(
        pack([Event(found, "ada", MORNING, MORNING, "LAB", id=ROW * EVENTS_PER_ROW)]), row=ROW, record="ada", recorded_at=MORNING
    )  # fmt: skip
    assert [line[4] for line in event.value.because] == [place, 0]


@given(MOMENTS)
def test_a_moment_survives_to_the_microsecond(at: datetime) -> None:
    assert moment(microseconds(at)) == at


def test_moments_before_1970_are_moments_too() -> None:
    before = datetime(1955, 3, 3, 12, 0, 0, 1, tzinfo=UTC)
    assert moment(microseconds(before)) == before
    assert microseconds(before) < 0


@pytest.mark.parametrize("name", ["events", "messages"])
@given(plain=st.binary(max_size=2000))
def test_what_is_compressed_comes_back(name: str, plain: bytes) -> None:
    compression = Compression(name)
    assert compression.decompress(compression.compress(plain)) == plain


def test_a_row_of_a_whole_panel_is_smaller_than_what_it_says() -> None:
    minutes = [MORNING + timedelta(minutes=place) for place in range(20)]
    panel = [
        Event(Measured("pulse", 70.0 + place, "/min", issued_at=MORNING), "ada", at, MORNING, "MONITOR", id=ROW * EVENTS_PER_ROW + place)
        for place, at in enumerate(minutes)
    ]
    packed = pack(panel)
    assert len(Compression("events").compress(packed)) < len(packed) / 2


def test_an_event_without_a_reason_to_exist_is_small() -> None:
    assert len(pack([Event(Lapsed("news2"), "ada", MORNING, MORNING, "wardline", id=ROW * EVENTS_PER_ROW)])) < 60
