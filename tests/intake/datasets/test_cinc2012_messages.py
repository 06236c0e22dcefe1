"""What a stay becomes on the timeline, through the real reader and engine."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.datasets.written import Written, kind_of, lines_of, messages_of
from support.hospital import Hospital
from support.messages import Patient
from wardline.core.events import Measured, Overdue
from wardline.core.timeline import Timeline
from wardline.intake.datasets.cinc2012.messages import BEGINNING, admission, admitted
from wardline.intake.datasets.cinc2012.parameters import PARAMETERS
from wardline.intake.datasets.cinc2012.stays import Outcome, Stay
from wardline.intake.datasets.timed import Timed

TakeIn = Callable[[Iterable[Timed]], Hospital]
SEVEN = Patient("7", assigner="CINC2012")


def timeline_of(take_in: TakeIn, messages: Iterable[Timed]) -> Timeline:
    return take_in(messages).timeline(SEVEN)


def measured(timeline: Timeline, name: str) -> list[Measured]:
    return [event.value for event in timeline.observations.of(name)]


def test_measurements_reach_their_concept_in_its_unit_at_their_time(tmp_path: Path, taken_in: TakeIn) -> None:
    rows = (("01:30", "FiO2", "0.5"), ("01:30", "HR", "73"), ("01:30", "K", "4.1"), ("01:30", "Platelets", "221"), ("01:30", "GCS", "14"))
    timeline = timeline_of(taken_in, messages_of(tmp_path, Written("7", rows, height="170.2", weight="81")))

    def value(name: str) -> object:
        (event,) = timeline.observations.of(name)
        return event.value.value, event.value.unit, event.occurred_at - BEGINNING

    half_past_one = timedelta(hours=1, minutes=30)
    assert value("inspired_oxygen") == (50.0, "%", half_past_one)  # the set: a fraction, 0 to 1
    assert value("pulse") == (73.0, "/min", half_past_one)
    assert value("potassium") == (4.1, "mmol/L", half_past_one)  # 1 mEq of a single charge is 1 mmol
    assert value("platelets") == (221.0, "10*9/L", half_past_one)  # cells/nL
    assert value("glasgow_total") == (14.0, "{score}", half_past_one)
    assert value("height") == (170.2, "cm", timedelta())
    assert value("weight") == (81.0, "kg", timedelta())


def test_zeros_of_pressures_are_kept_and_flagged_and_never_scored(tmp_path: Path, taken_in: TakeIn) -> None:
    rows = (("00:10", "DiasABP", "0"), ("00:10", "MAP", "0"), ("00:10", "SysABP", "0"))
    timeline = timeline_of(taken_in, messages_of(tmp_path, Written("7", rows)))

    for name in ("diastolic_pressure", "mean_pressure", "systolic_pressure"):
        (pressure,) = measured(timeline, name)
        assert (pressure.value, pressure.flags) == ("0", ("implausible",))


def test_two_ways_of_measuring_a_pressure_at_one_moment_are_both_kept(tmp_path: Path, taken_in: TakeIn) -> None:
    rows = (("00:10", "NISysABP", "118"), ("00:10", "SysABP", "124"), ("00:10", "MAP", "67"), ("00:10", "MAP", "69"))
    timeline = timeline_of(taken_in, messages_of(tmp_path, Written("7", rows)))

    pressures = measured(timeline, "systolic_pressure")
    assert [(each.value, each.code.split("^")[3]) for each in pressures] == [(118.0, "NISysABP"), (124.0, "SysABP")]
    assert [each.value for each in measured(timeline, "mean_pressure")] == [67.0, 69.0]


def test_magnesium_waits_for_somebody_to_say_its_unit(tmp_path: Path, taken_in: TakeIn) -> None:
    timeline = timeline_of(taken_in, messages_of(tmp_path, Written("7", (("00:10", "Mg", "2.0"),))))

    assert measured(timeline, "magnesium") == []
    (kept,) = measured(timeline, "Mg^Serum magnesium^99CINC2012")
    assert (kept.value, kept.unit, kept.flags) == ("2.0", "", ("unmapped",))


def test_a_conventional_troponin_is_not_taken_for_a_sensitive_one(tmp_path: Path, taken_in: TakeIn) -> None:
    timeline = timeline_of(taken_in, messages_of(tmp_path, Written("7", (("00:10", "TroponinT", "0.25"),))))

    assert measured(timeline, "troponin_t_hs") == []
    assert any(name.startswith("6598-7^") for name in timeline.observations)


def test_an_enzyme_written_with_an_exponent_is_sent_as_a_plain_number(tmp_path: Path) -> None:
    (_, first, second, *_) = messages_of(tmp_path, Written("7", (("00:10", "AST", "1.422e+04"),)))

    assert [fields[5] for fields in lines_of(second, "OBX")] == ["14220"]
    assert kind_of(first) == "R01"


def test_the_patient_is_as_old_as_the_set_says_and_the_age_itself_is_kept(tmp_path: Path, taken_in: TakeIn) -> None:
    timeline = timeline_of(taken_in, messages_of(tmp_path, Written("7", age="54", gender="0")))

    assert timeline.age_years(BEGINNING) == 54
    assert timeline.sex == "F"
    assert [each.value for each in measured(timeline, "Age^Age in years^99CINC2012")] == ["54"]


@given(age=some.integers(15, 90), days=some.integers(0, 150), minutes=some.integers(0, 1439))
def test_the_made_up_birthday_gives_the_true_age_on_admission(age: int, days: int, minutes: int) -> None:
    at = BEGINNING + timedelta(days=days, minutes=minutes)
    stay = Stay("7", str(age), "F", "1", ())
    person = admission(stay, Outcome("7", None, None, 5, None, died=False), 1, at)

    born = datetime.strptime(person.born, "%Y%m%d").replace(tzinfo=UTC).date()
    assert (born.month, born.day) == (1, 1)
    assert date(at.year, at.month, at.day) >= date(born.year + age, 1, 1)
    assert at.year - born.year == age
    assert f"||{person.born}|F" in admitted(person).raw.decode()


def test_the_unit_is_the_one_of_icu_type_until_the_record_ends(tmp_path: Path, taken_in: TakeIn) -> None:
    messages = messages_of(tmp_path, Written("7", (("47:10", "HR", "80"),), icu="2", days=5))
    house = taken_in(message for message in messages if kind_of(message) in ("A01", "R01"))
    place = house.timeline(SEVEN).place
    assert (place.is_in, place.unit, place.bed, place.encounter) == (True, "CSRU", "1", "7")

    house.send(messages[-2].raw)

    place = house.timeline(SEVEN).place
    assert (place.is_in, place.disposition, place.since) == (False, "", BEGINNING + timedelta(hours=48))


def test_after_the_record_ends_nothing_is_overdue(tmp_path: Path, taken_in: TakeIn) -> None:
    ill = tuple(("47:10", parameter, value) for parameter, value in (("HR", "135"), ("RespRate", "26"), ("SysABP", "88")))
    messages = messages_of(tmp_path, Written("7", ill, days=20), Written("8", (("00:10", "HR", "80"),), days=30))

    house = taken_in(messages)

    assert house.timeline(SEVEN).answers["news2", ""].value.value == 9  # RCP 2017, chart 1: 3 + 3 + 3
    assert [event for event in house.events(Overdue) if event.about == house.key(SEVEN) and event.recorded_at > BEGINNING + timedelta(hours=48)] == []


@pytest.mark.parametrize(
    ("stay", "days", "disposition"),
    [
        (Written("7", days=9), 9, ""),
        (Written("7", days=9, survived=30), 9, ""),  # died after the stay: a survivor
        (Written("7", days=9, survived=6, died=1), 6, "20"),
        (Written("7", days=2, survived=1, died=1), 2, "20"),  # never before the record ends
        (Written("7", days=-1), 2, ""),
    ],
)
def test_the_stay_ends_when_the_outcome_says_and_says_how(tmp_path: Path, taken_in: TakeIn, stay: Written, days: int, disposition: str) -> None:
    timeline = timeline_of(taken_in, messages_of(tmp_path, stay))

    assert (timeline.place.is_in, timeline.place.since) == (False, BEGINNING + timedelta(days=days))
    assert timeline.place.disposition == disposition
    assert timeline.person is not None
    assert bool(timeline.person.died) is (disposition == "20")


def test_a_stay_of_months_never_makes_the_feed_clock_leap(tmp_path: Path, taken_in: TakeIn) -> None:
    messages = messages_of(tmp_path, Written("7", days=146))

    assert timeline_of(taken_in, messages).place.since == BEGINNING + timedelta(days=146)
    assert [kind_of(message) for message in messages[-3:]] == ["A08", "A08", "A03"]


def test_every_parameter_of_the_challenge_has_a_name_and_only_three_have_no_code() -> None:
    # The challenge's page: 37 time series, and of the six descriptors age and height are measured too (weight is both).
    assert len(PARAMETERS) == 37 + 2
    assert {name for name, parameter in PARAMETERS.items() if not parameter.loinc} == {"Age", "Mg", "MechVent"}
