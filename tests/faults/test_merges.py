"""FT-18: records that are joined, parted, joined in a chain or a circle; visits that move; numbers that are used twice."""

import pytest

from delivery.ward import changed
from support import oracle
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit, texts
from support.messages import ADA, BEN, ILL, WELL, Obx, Patient, adt, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.core.events import Alerted, Disputed, Found, GapAhead, Merged
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.engine.past import timeline_as_of

OLD = ADA._replace(number="9001")
OLDER = ADA._replace(number="9002")
POLICY = changed(("    capability: critical_values", f"    capability: {OUT_OF_LIMITS.id}"))
KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (AlertPolicy(POLICY, key=b"alerts"),))


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING))
    return hospital


def tell(ward: Hospital, trigger: str, patient: Patient, **more: object) -> str:
    """Send an ADT ten minutes later; returns MSA-1."""
    ward.clock.step(hours(1 / 6))
    return texts(ward.send(adt(trigger, patient, at=ward.clock.now(), **more)))[0]  # type: ignore[arg-type]


def values(ward: Hospital, patient: Patient, concept: str = "potassium") -> list[object]:
    return [event.value.value for event in ward.timeline(patient).observations.of(concept)]


def test_ft18_a_merge_reads_both_records_as_one_person(ward: Hospital) -> None:
    ward.send(oru(ADA, Obx("2823-3", 4.0), at=MORNING - hours(1), order="L1"), oru(OLD, Obx("2823-3", 5.0), at=MORNING, order="L2"))
    assert tell(ward, "A40", ADA, retired=OLD) == "AA"
    assert values(ward, ADA) == values(ward, OLD) == [4.0, 5.0]
    oracle.check(ward)


def test_ft18_nothing_is_listed_under_the_retired_number(ward: Hospital) -> None:
    ward.send(oru(OLD, Obx("2823-3", 5.0), at=MORNING, order="L2"))
    assert ward.engine.house.directory.search("9001")
    tell(ward, "A40", ADA, retired=OLD)
    assert ward.key(OLD) not in ward.engine.house.directory
    assert ward.engine.house.directory.search("9001") == []
    tell(ward, "A08", OLD)
    assert [entry.number for entry in ward.engine.house.directory.search("moss")] == ["1001"]


def test_ft18_a_merge_asks_again_with_what_both_records_know(ward: Hospital) -> None:
    ward.send(vitals(OLD, ILL, at=MORNING))
    assert ward.answer(ADA) is None
    tell(ward, "A40", ADA, retired=OLD)
    answer = ward.answer(ADA)
    assert answer is not None
    assert answer.value == 14  # RCP 2017, chart 1
    oracle.check(ward)


def test_ft18_a_merge_does_not_rewrite_what_was_shown_before(ward: Hospital) -> None:
    ward.send(oru(OLD, Obx("2823-3", 5.0), at=MORNING, order="L2"))
    before = ward.clock.now()
    tell(ward, "A40", ADA, retired=OLD)
    as_it_was = timeline_as_of(ward.log, ward.key(ADA), before, ward.engine.house.links)
    assert list(as_it_was.observations) == []
    assert timeline_as_of(ward.log, ward.key(OLD), before, ward.engine.house.links).about == ward.key(OLD)


@pytest.mark.parametrize("order", ["forwards", "backwards"])
def test_ft18_a_chain_of_merges_ends_at_the_last_record(ward: Hospital, order: str) -> None:
    ward.send(oru(OLDER, Obx("2823-3", 3.0), at=MORNING - hours(1), order="L1"), oru(OLD, Obx("2823-3", 4.0), at=MORNING, order="L2"))
    links = [(OLD, OLDER), (ADA, OLD)]
    for survivor, retired in links if order == "forwards" else reversed(links):
        assert tell(ward, "A40", survivor, retired=retired) == "AA"
    assert values(ward, ADA) == values(ward, OLDER) == [3.0, 4.0]
    assert ward.timeline(OLDER).about == ward.key(ADA)
    oracle.check(ward)


def test_ft18_a_merge_that_would_close_a_circle_is_put_aside_for_a_person(ward: Hospital) -> None:
    tell(ward, "A40", OLD, retired=OLDER)
    tell(ward, "A40", ADA, retired=OLD)
    assert tell(ward, "A40", OLDER, retired=ADA) == "AE"
    (gap,) = ward.events(GapAhead)
    assert "circle" in gap.value.reason
    assert ward.timeline(OLDER).about == ward.key(ADA)
    oracle.check(ward)


def test_ft18_two_merges_in_one_message_that_close_a_circle_are_put_aside_whole(ward: Hospital) -> None:
    circle = adt("A40", ADA, at=MORNING, retired=OLD) + OLD.pid().encode() + b"\rMRG|1001^^^HOSP^MR\r"
    assert texts(ward.send(circle)) == ["AE"]
    assert ward.events(Merged) == []
    assert values(ward, ADA) == values(ward, OLD) == []


@pytest.mark.parametrize(("detail", "value"), [("birth date", "19550304"), ("sex", "M")])
def test_ft18_records_that_contradict_each_other_go_to_a_person(ward: Hospital, detail: str, value: str) -> None:
    other = OLD._replace(born=value) if detail == "birth date" else OLD._replace(sex=value)
    ward.send(adt("A01", other, at=MORNING, visit="V9"))
    tell(ward, "A40", ADA, retired=other)
    (dispute,) = ward.events(Disputed)
    assert (dispute.value.what, dispute.value.other) == (detail, ward.key(OLD))
    assert len(ward.timeline(ADA).disputes) == 1


def test_ft18_a_contradiction_that_comes_after_the_merge_is_noticed_too_and_once(ward: Hospital) -> None:
    tell(ward, "A40", ADA, retired=OLD)
    for _ in range(3):
        tell(ward, "A08", OLD._replace(sex="M"))
    assert [event.value.values for event in ward.events(Disputed)] == [("F", "M")]


def test_ft18_a_corrected_birth_date_of_one_record_is_no_contradiction(ward: Hospital) -> None:
    tell(ward, "A08", ADA._replace(born="19550304"))
    ward.send(adt("A01", OLD._replace(born="19550304"), at=MORNING, visit="V9"))
    tell(ward, "A40", ADA._replace(born="19550304"), retired=OLD)
    assert ward.events(Disputed) == []


def test_ft18_a_birth_year_does_not_contradict_the_whole_birth_date(ward: Hospital) -> None:
    ward.send(adt("A01", OLD._replace(born="1955"), at=MORNING, visit="V9"))
    tell(ward, "A40", ADA, retired=OLD)
    assert ward.events(Disputed) == []


def test_ft18_an_unmerge_gives_each_record_back_what_is_its_own(ward: Hospital) -> None:
    ward.send(oru(ADA, Obx("2823-3", 4.0), at=MORNING, order="L1"), oru(OLD._replace(sex="M"), Obx("2823-3", 7.1), at=MORNING, order="L2"))
    tell(ward, "A40", ADA, retired=OLD)
    assert tell(ward, "A37", ADA, other=OLD._replace(sex="M")) == "AA"
    assert (values(ward, ADA), values(ward, OLD)) == ([4.0], [7.1])
    assert ward.timeline(ADA).disputes == []
    assert {entry.number for entry in ward.engine.house.directory.search("moss")} == {"1001", "9001"}
    oracle.check(ward)


def test_ft18_after_an_unmerge_no_score_of_the_other_person_stays_on_the_chart(ward: Hospital) -> None:
    tell(ward, "A40", ADA, retired=OLD)
    joined_at = ward.clock.now()
    ward.send(vitals(OLD, ILL, at=joined_at))
    tell(ward, "A37", OLD, other=ADA)
    answer = ward.answer(ADA)
    assert answer is not None
    assert answer.outcome == "unknown"
    past = [event.value for event in ward.timeline(ADA).answers_over_time["news2", ""] if event.occurred_at == joined_at]
    assert [(found.outcome, found.revised) for found in past] == [("unknown", True)]
    assert any(event.value.revised for event in ward.events(Found))
    oracle.check(ward)


def test_ft18_records_that_were_parted_can_be_joined_again(ward: Hospital) -> None:
    ward.send(oru(OLD, Obx("2823-3", 5.0), at=MORNING, order="L2"))
    for trigger, more in (("A40", {"retired": OLD}), ("A37", {"other": OLD}), ("A40", {"retired": OLD})):
        tell(ward, trigger, ADA, **more)
    assert values(ward, ADA) == [5.0]
    oracle.check(ward)


def test_ft18_an_open_alert_is_not_raised_again_by_a_merge(ward: Hospital) -> None:
    ward.send(oru(ADA, Obx("2823-3", 7.1), at=MORNING, order="L1"))
    tell(ward, "A40", ADA, retired=OLD)
    tell(ward, "A40", ADA, retired=OLDER)
    assert len(ward.events(Alerted)) == 1
    oracle.check(ward)


def test_ft18_a_moved_visit_takes_its_data_and_nothing_else_along(ward: Hospital) -> None:
    right, wrong = oru(BEN, Obx("2823-3", 4.0), at=MORNING, order="L1", visit="B1"), oru(BEN, Obx("2823-3", 7.1), at=MORNING, order="L2", visit="V1")
    ward.send(adt("A01", BEN, at=MORNING, visit="B1"), right, wrong)
    assert tell(ward, "A45", ADA, retired=BEN, retired_visit="V1") == "AA"
    assert (values(ward, ADA), values(ward, BEN)) == ([7.1], [4.0])
    late = oru(BEN, Obx("2823-3", 6.9), at=MORNING + hours(0.1), order="L3", visit="V1")
    ward.send(late)
    assert (values(ward, ADA), values(ward, BEN)) == ([7.1, 6.9], [4.0])
    oracle.check(ward)


def test_ft18_a_visit_can_move_on_and_back(ward: Hospital) -> None:
    cora = Patient("1003", "Cole", "Cora", "19700101", "F")
    ward.send(oru(BEN, Obx("2823-3", 7.1), at=MORNING, order="L2", visit="V1"), oru(cora, Obx("2951-2", 140, unit="mmol/L"), at=MORNING, order="L9"))
    moves = [(ADA, BEN), (cora, ADA), (BEN, cora), (ADA, BEN)]
    for target, origin in moves:
        tell(ward, "A45", target, retired=origin, retired_visit="V1")
        assert values(ward, target) == [7.1]
        assert [each for each in (ADA, BEN, cora) if values(ward, each)] == [target]
        oracle.check(ward)


def test_ft18_the_same_number_from_two_authorities_is_two_people(ward: Hospital) -> None:
    stranger = Patient("1001", "Stone", "Sid", "19800101", "M", assigner="CLINIC")
    ward.send(oru(stranger, Obx("2823-3", 7.1), at=MORNING, order="L1"))
    assert ward.key(stranger) != ward.key(ADA)
    assert (values(ward, ADA), values(ward, stranger)) == ([], [7.1])
    oracle.check(ward)


def test_ft18_a_number_used_again_for_somebody_else_is_noticed_after_a_merge(ward: Hospital) -> None:
    """The retired number comes back with another birth date: its data is read as the survivor's, so a person must decide."""
    tell(ward, "A40", ADA, retired=OLD)
    ward.clock.step(hours(1))
    newcomer = Patient(OLD.number, "Young", "Yan", "20010101", "M")
    ward.send(adt("A01", newcomer, at=ward.clock.now(), visit="V7"))
    assert {event.value.what for event in ward.events(Disputed)} == {"birth date", "sex"}
    assert ward.timeline(ADA).person is not None
    assert ward.timeline(ADA).person.family == "Moss"  # type: ignore[union-attr]


def test_ft18_a_merge_before_the_record_is_known_joins_what_comes_later(ward: Hospital) -> None:
    tell(ward, "A40", ADA, retired=OLD)
    ward.send(oru(OLD, Obx("2823-3", 5.0), at=MORNING, order="L2"), vitals(OLD, WELL, at=ward.clock.now()))
    assert values(ward, ADA) == [5.0]
    assert ward.answer(ADA) is not None
    oracle.check(ward)
