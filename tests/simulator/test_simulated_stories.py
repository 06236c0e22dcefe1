"""The two stories every visitor sees: the patient in bed 12 gets worse within two hours, and a potassium is corrected within three."""

from datetime import timedelta
from statistics import correlation

import pytest

from simulator.listening import LIVE_AT, ReadBack, events_of, pv1, read_back
from wardline.capabilities.deterioration.news2 import CHART, Vitals
from wardline.core import concepts as c
from wardline.core.bedside import on_oxygen
from wardline.core.events import Measured
from wardline.core.timeline import Timeline
from wardline.simulator.hospital import Hospital
from wardline.simulator.settings import Settings

SEEDS = pytest.mark.parametrize("seed", [7, 1, 2, 3])


def told(seed: int, bed: str, *, hours: float, beds: int = 60) -> list[ReadBack]:
    """What is said about the patient in a bed of ward 7, from twelve hours before the visitors come."""
    hospital = Hospital(seed, live_at=LIVE_AT, beds=beds)
    sent = hospital.messages(LIVE_AT - timedelta(hours=12), LIVE_AT + timedelta(hours=hours))
    return read_back(each for each in sent if pv1(each.raw, 3).startswith(f"W7^7{(int(bed) + 1) // 2:02d}^{bed}^"))


def scores(read: list[ReadBack]) -> list[tuple[timedelta, int]]:
    """NEWS2 after every charted round: (time since the visitors came, score)."""
    about = read[0].received.patient
    timeline, found = Timeline(about), []
    for each in read:
        for event in events_of([each], about):
            timeline.apply(event)
        if each.sent.feed == "CHARTING" and any(statement.value.concept == c.CONSCIOUSNESS.id for statement in each.measured):
            found.append((each.sent.send_at - LIVE_AT, CHART(vitals(timeline, each)).total))
    return found


def vitals(timeline: Timeline, each: ReadBack) -> Vitals:
    def latest(concept: c.Concept) -> float | str:
        value = timeline.latest((concept,), each.sent.send_at, timedelta(hours=12))
        assert value is not None, concept.id
        return value[0]

    return Vitals(
        respiratory_rate=latest(c.RESPIRATORY_RATE), oxygen_saturation=latest(c.OXYGEN_SATURATION), spo2_scale=1,
        supplemental_oxygen=bool(on_oxygen(latest(c.OXYGEN_FLOW), c.OXYGEN_FLOW)), systolic_pressure=latest(c.SYSTOLIC_PRESSURE),
        pulse=latest(c.PULSE), consciousness=latest(c.CONSCIOUSNESS), temperature=latest(c.TEMPERATURE),
    )  # type: ignore[arg-type]  # fmt: skip


@SEEDS
def test_the_patient_in_bed_12_goes_from_a_low_score_to_seven_within_two_hours(seed: int) -> None:
    found = scores(told(seed, "12", hours=2))
    before = [score for since, score in found if since < timedelta(minutes=10)]
    after = [score for since, score in found if since > timedelta(minutes=85)]
    assert len(before) >= 3
    assert max(before) <= 2
    assert max(after) >= 7


@SEEDS
def test_breathing_and_pulse_rise_while_the_pressure_falls_and_the_temperature_climbs(seed: int) -> None:
    read = told(seed, "12", hours=2)
    course = {concept: [] for concept in (c.RESPIRATORY_RATE, c.PULSE, c.SYSTOLIC_PRESSURE, c.TEMPERATURE)}
    for each in read:
        if each.sent.feed == "CHARTING" and each.sent.send_at > LIVE_AT:
            for statement in each.measured:
                for concept, values in course.items():
                    if statement.value.concept == concept.id:
                        values.append(statement.value.value)
    first, last = ({concept: values[place] for concept, values in course.items()} for place in (0, -1))
    assert last[c.RESPIRATORY_RATE] >= first[c.RESPIRATORY_RATE] + 6
    assert last[c.PULSE] >= first[c.PULSE] + 20
    assert last[c.SYSTOLIC_PRESSURE] <= first[c.SYSTOLIC_PRESSURE] - 20
    assert last[c.TEMPERATURE] > 38
    assert correlation(course[c.PULSE], course[c.SYSTOLIC_PRESSURE]) < -0.8


def test_treated_the_patient_in_bed_12_is_better_by_the_afternoon() -> None:
    found = scores(told(7, "12", hours=10))
    assert [score for since, score in found if timedelta(hours=2) < since < timedelta(hours=4)]
    assert found[-1][1] <= 4


def test_the_treatment_can_be_read_from_the_drug_chart() -> None:
    given = [each for each in told(7, "12", hours=3) if each.sent.feed == "PHARMACY" and b"J01CR05" in each.sent.raw and b"RAS^O17" in each.sent.raw]
    assert given
    assert given[0].sent.send_at > LIVE_AT + timedelta(hours=2)


@SEEDS
def test_a_potassium_of_7_1_is_corrected_to_4_1_four_minutes_later(seed: int) -> None:
    results: list[tuple[timedelta, Measured]] = [
        (each.sent.send_at - LIVE_AT, statement.value)  # type: ignore[misc]
        for each in told(seed, "15", hours=3)
        if each.sent.send_at > LIVE_AT
        for statement in each.measured
        if statement.value.concept == c.POTASSIUM.id
    ]
    (first, wrong), (second, right) = results
    assert (wrong.value, wrong.status) == (7.1, "F")
    assert (right.value, right.status) == (4.1, "C")
    assert wrong.order == right.order
    assert second - first == timedelta(minutes=4)
    assert second < timedelta(hours=3)


def test_the_stories_are_told_in_a_small_hospital_too() -> None:
    hospital = Hospital(1, live_at=LIVE_AT, beds=12)
    raw = b"".join(each.raw for each in hospital.messages(LIVE_AT, LIVE_AT + timedelta(hours=2)) if each.feed == "LAB")
    assert b"|7.1|mmol/L|3.5-5.1|H|||F" in raw
    assert b"|4.1|mmol/L|3.5-5.1|N|||C" in raw


def test_a_hospital_can_do_without_stories() -> None:
    hospital = Hospital(1, live_at=LIVE_AT, settings=Settings(stories=False))
    raw = b"".join(each.raw for each in hospital.messages(LIVE_AT, LIVE_AT + timedelta(hours=3)) if each.feed == "LAB")
    assert b"|7.1|mmol/L|" not in raw
