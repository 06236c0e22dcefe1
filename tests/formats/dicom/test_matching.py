"""The matching of DICOM queries (PS3.4 C.2.2.2), against examples of the standard and against a slower way to say the same."""

from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.formats.dicom.matching import Condition, condition, met


def holds(vr: str, asked: str, *values: Any, fuzzy: bool = False) -> bool:
    wanted = condition("00100000", vr, asked, fuzzy=fuzzy)
    assert wanted is not None
    return wanted.holds({"00100000": {"vr": vr, "Value": list(values)}})


@pytest.mark.parametrize(("vr", "asked", "value", "wanted"), [
    ("LO", "4711", "4711", True), ("LO", "4711", "47110", False), ("LO", "ab", "AB", False),
    ("CS", "CT", "CT", True), ("LO", "47*", "4711", True), ("LO", "4?11", "4711", True), ("LO", "4?1", "4711", False),
    ("UI", "1.2.3", "1.2.3", True), ("UI", "1.2.3", "1.2.34", False), ("UI", "1.2.*", "1.2.3", False),
    ("IS", "3", 3, True), ("IS", "03", 3, True), ("DS", "2.50", 2.5, True), ("DS", "x", 2.5, False),
    ("LO", "a.c", "abc", False), ("LO", "[a]*", "[a]b", True),
])  # fmt: skip
def test_a_value_matches_or_not(vr: str, asked: str, value: Any, wanted: bool) -> None:
    assert holds(vr, asked, value) is wanted


@pytest.mark.parametrize(("asked", "name", "wanted"), [
    ("Moss^Ada", {"Alphabetic": "Moss^Ada"}, True), ("moss^ada", {"Alphabetic": "Moss^Ada"}, True), ("Moss^Ada", {"Alphabetic": "Moss^Ada^^^"}, True),
    ("Moss", {"Alphabetic": "Moss^Ada"}, False), ("Mos*", {"Alphabetic": "MOSS^ADA"}, True), ("Muller*", {"Alphabetic": "Müller^Zoë"}, True),
    ("山田^太郎", {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎"}, True), ("Yamada*", {"Ideographic": "山田^太郎"}, False),
    ("Yamada^Tarou=山田^太郎", {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎"}, True),
])  # fmt: skip
def test_names_match_without_case_and_accents_in_any_way_they_are_written(asked: str, name: dict[str, str], wanted: bool) -> None:
    assert holds("PN", asked, name) is wanted


@pytest.mark.parametrize(("asked", "wanted"), [("ada mo", True), ("moss", True), ("zoe", False), ("ad mos", True), ("da", False)])
def test_fuzzy_names_match_by_the_beginnings_of_words(asked: str, wanted: bool) -> None:
    assert holds("PN", asked, {"Alphabetic": "Moss^Ada"}, fuzzy=True) is wanted


@pytest.mark.parametrize(("vr", "asked", "value", "wanted"), [
    ("DA", "20260301", "20260301", True), ("DA", "20260228-20260301", "20260301", True), ("DA", "20260302-", "20260301", False),
    ("DA", "-20260301", "20260301", True), ("DA", "20260301", "2026.03.01", True), ("DA", "20260301", "", False),
    ("TM", "10-12", "1159", True), ("TM", "10-12", "125959.5", True), ("TM", "10-12", "13", False), ("TM", "10", "105900", True),
    ("TM", "101500", "10:15:00", True), ("DT", "2026", "20260301101500", True), ("DT", "20260301-20260302", "20260302235959", True),
    ("DT", "2019-2021", "2020", True), ("DT", "202603011200+0100", "202603011100+0000", True),
    ("DT", "202603011200+0100-", "202603011030+0000", False),
    ("DT", "202603011200-0500", "202603011700+0000", True),
])  # fmt: skip
def test_dates_and_times_match_as_far_as_they_are_written(vr: str, asked: str, value: str, wanted: bool) -> None:
    assert holds(vr, asked, value) is wanted


@pytest.mark.parametrize(("vr", "text"), [("DA", "yesterday"), ("DA", "2026-03-01"), ("TM", "noon"), ("DA", "-"), ("DT", "20261")])
def test_a_date_that_is_none_is_refused_with_what_to_write(vr: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"neither|none"):
        condition("00080020", vr, text)


def test_an_empty_key_asks_for_nothing_and_a_lone_star_even_matches_what_is_not_there() -> None:
    assert condition("00100010", "PN", "  ") is None
    star = condition("00100010", "PN", "*")
    assert star is not None
    assert star.holds({})
    assert not holds("LO", "a*", None)


def test_any_of_several_values_is_enough() -> None:
    assert holds("CS", "MR", "CT", "MR")
    assert holds("UI", "1.2\\1.3", "1.3")
    assert Condition("00080060", "CS", "single", ("CT", "PT")).holds({"00080060": {"vr": "CS", "Value": ["PT"]}})


def test_one_item_of_a_sequence_must_meet_all_of_its_keys() -> None:
    asked = Condition(
        "00400100", "SQ", "sequence", items=(Condition("00080060", "CS", "single", ("CT",)), Condition("00400001", "AE", "single", ("A",)))
    )

    def item(modality: str, station: str) -> dict[str, Any]:
        return {"00080060": {"vr": "CS", "Value": [modality]}, "00400001": {"vr": "AE", "Value": [station]}}

    assert met([asked], {"00400100": {"vr": "SQ", "Value": [item("MR", "A"), item("CT", "A")]}})
    assert not met([asked], {"00400100": {"vr": "SQ", "Value": [item("CT", "B"), item("MR", "A")]}})
    assert not met([asked], {"00400100": {"vr": "SQ"}})


LETTERS = st.text("abAB*?.", min_size=1, max_size=8).filter(lambda text: bool(set(text) & set("*?")))


@given(LETTERS, st.text("abAB.", min_size=1, max_size=8))
def test_wildcards_mean_what_they_mean_in_file_names(pattern: str, value: str) -> None:
    assert holds("LO", pattern, value) is fnmatchcase(value, pattern)


DAYS = st.integers(0, 4000).map(lambda days: f"{datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days):%Y%m%d}")


@given(DAYS, DAYS, DAYS)
def test_a_range_of_days_holds_its_ends_and_what_is_between(first: str, last: str, day: str) -> None:
    assert holds("DA", f"{first}-{last}", day) is (first <= day <= last)


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))
OFFSETS = st.integers(-48, 56).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(MOMENTS, OFFSETS, MOMENTS, OFFSETS)
def test_moments_are_compared_in_one_zone(asked: datetime, one: timedelta, value: datetime, other: timedelta) -> None:
    def written(moment: datetime, offset: timedelta) -> str:
        minutes = round(offset.total_seconds() / 60)
        return f"{moment:%Y%m%d%H%M%S.%f}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"

    assert holds("DT", written(asked, one) + "-", written(value, other)) is (value - other >= asked - one)
