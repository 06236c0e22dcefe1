"""The hospital as a whole: the same seed tells the same day, and the day is one that a hospital could have had."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.listening import LIVE_AT, pv1, trigger
from wardline.core.errors import Refused
from wardline.simulator.feeds import FEEDS
from wardline.simulator.hospital import Hospital
from wardline.simulator.places import FEWEST
from wardline.simulator.post import Sent
from wardline.simulator.settings import Deteriorations, Faults, Settings

HOURS = timedelta(hours=1)


def a_morning(seed: int, beds: int = 20, hours: float = 3) -> list[Sent]:
    return list(Hospital(seed, live_at=LIVE_AT, beds=beds).messages(LIVE_AT - hours * HOURS, LIVE_AT))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), beds=st.integers(FEWEST, 90))
def test_the_same_seed_sends_the_same_bytes(seed: int, beds: int) -> None:
    assert a_morning(seed, beds, hours=1) == a_morning(seed, beds, hours=1)


def test_another_seed_is_another_hospital() -> None:
    names = [{line for each in a_morning(seed) for line in each.raw.split(b"\r") if line.startswith(b"PID")} for seed in (1, 2)]
    assert not names[0] & names[1]


def test_looking_longer_does_not_change_what_came_before() -> None:
    hospital, start = Hospital(5, live_at=LIVE_AT, beds=20), LIVE_AT - 3 * HOURS
    shorter, longer = (list(hospital.messages(start, start + hours * HOURS)) for hours in (2, 5))
    assert longer[: len(shorter)] == shorter
    assert len(longer) > len(shorter)


def test_messages_come_in_the_order_in_which_they_are_sent(a_day: list[Sent]) -> None:
    assert all(before.send_at <= after.send_at for before, after in pairwise(a_day))


def test_every_feed_counts_its_messages_up(a_day: list[Sent]) -> None:
    for feed in FEEDS:
        numbers = [each.raw.split(b"|")[9] for each in a_day if each.feed == feed.name and each.raw.startswith(b"MSH")]
        first_seen = list(dict.fromkeys(numbers))
        assert first_seen == sorted(first_seen)


def test_a_feed_speaks_under_one_name_with_explicit_offsets(a_day: list[Sent]) -> None:
    for each in a_day:
        if each.raw.startswith(b"MSH"):
            fields = each.raw.split(b"\r", 1)[0].split(b"|")
            assert fields[2].decode() == each.feed
            assert fields[6].endswith(b"+0000")


def test_a_day_of_sixty_beds_is_ten_to_fifteen_thousand_messages(a_day: list[Sent]) -> None:
    assert 10_000 <= len(a_day) <= 15_000


def test_a_day_has_every_kind_of_message_a_hospital_sends(a_day: list[Sent]) -> None:
    kinds = Counter(trigger(each.raw) for each in a_day)
    usual = {
        "ADT^A01": 40, "ADT^A02": 4, "ADT^A03": 8, "ADT^A04": 10, "ADT^A08": 20, "ORU^R01": 5000, "OML^O21": 100, "RDE^O11": 100,
        "RAS^O17": 200, "MDM^T02": 80, "SIU^S12": 1,
    }  # fmt: skip
    assert {kind: kinds[kind] for kind, least in usual.items() if kinds[kind] < least} == {}


def test_every_rare_event_happens_where_it_is_made_common() -> None:
    clumsy = Settings(faults=Faults(cancelled=0.3, duplicate_record=0.3, unmerged=0.5), deteriorations=Deteriorations(sepsis=9))
    hospital = Hospital(11, live_at=LIVE_AT, settings=clumsy)
    rare: Counter[str] = Counter()
    for each in hospital.messages(LIVE_AT - 24 * HOURS, LIVE_AT + 60 * HOURS):
        kind = trigger(each.raw)
        rare[kind] += 1
        rare["death"] += kind == "ADT^A03" and pv1(each.raw, 36) == "20"
        rare["chest film"] += kind == "ORM^O01"
    wanted = ("ADT^A11", "ADT^A12", "ADT^A13", "ADT^A31", "ADT^A37", "ADT^A40", "SIU^S15", "death", "chest film")
    assert {each: rare[each] for each in wanted if not rare[each]} == {}
    assert rare["death"] <= 12


def test_the_wards_stay_well_filled() -> None:
    hospital = Hospital(2, live_at=LIVE_AT)
    inside: set[str] = set()
    census = []
    next_count = LIVE_AT
    for each in hospital.messages(LIVE_AT - 24 * HOURS, LIVE_AT + 60 * HOURS):
        kind, visit = trigger(each.raw), pv1(each.raw, 19)
        if kind in ("ADT^A01", "ADT^A04", "ADT^A13"):
            inside.add(visit)
        elif kind in ("ADT^A03", "ADT^A11"):
            inside.discard(visit)
        if each.send_at >= next_count:
            next_count += 8 * HOURS
            census.append(len(inside))
    assert all(40 <= count <= 60 for count in census), census


def test_no_two_patients_lie_in_one_bed(a_flawless_day: list[Sent]) -> None:
    """Once the next patient is measured in a bed, the one before is never measured there again."""
    order: dict[str, list[str]] = {}
    for each in a_flawless_day:
        if each.feed in ("MONITORS", "CHARTING"):
            visits = order.setdefault(pv1(each.raw, 3), [])
            visit = pv1(each.raw, 19)
            if not visits or visits[-1] != visit:
                visits.append(visit)
    assert len(order) >= 50
    assert {bed: visits for bed, visits in order.items() if len(set(visits)) != len(visits)} == {}


@pytest.mark.parametrize("beds", [FEWEST, 24, 60, 61, 200])
def test_a_hospital_of_any_size_opens(beds: int) -> None:
    hospital = Hospital(1, live_at=LIVE_AT, beds=beds)
    assert sum(unit.beds for unit in hospital.units) == beds
    assert next(hospital.messages(LIVE_AT - HOURS)).feed == "ADT"


def test_a_hospital_that_is_too_small_says_so() -> None:
    with pytest.raises(Refused, match=str(FEWEST)):
        Hospital(1, live_at=LIVE_AT, beds=FEWEST - 1)
