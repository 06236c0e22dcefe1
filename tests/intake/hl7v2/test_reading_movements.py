"""ADT A01-A04, A06-A08, A11-A13, A31: who is where, and since when."""

from datetime import UTC, datetime

import pytest

from intake.hl7v2.door import PID, header, problem, stated, statements, timeline
from wardline.core.events import Admitted, Cancelled, Discharged, Registered, Transferred
from wardline.core.statements import Statement

EVN = "EVN||20250301075500+0000||||20250301074500+0000"
PV1 = "PV1|1|I|4W^412^A^GENERAL||||1234^Smith^John|||MED|||||||||V9"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, 1, hour, minute, tzinfo=UTC)


def movement(trigger: str, *lines: str) -> Statement:
    """The one movement of an ADT message."""
    found = [each for each in statements(header(f"ADT^{trigger}"), *lines) if not isinstance(each.value, Registered)]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("trigger", ["A01", "A04"])
def test_an_admission_says_place_class_service_doctor_and_reason(trigger: str) -> None:
    moved = movement(trigger, EVN, PID, PV1, "PV2|||I50.9^Heart failure^I10")
    assert moved == Statement(
        Admitted("V9", "4W", "412", "A", "I", "MED", "John Smith", "Heart failure", datetime(2025, 3, 1, 8, 15, tzinfo=UTC), "GENERAL"),
        "HOSP/1001", at(7, 45), "V9",
    )  # fmt: skip


def test_an_admission_happened_when_pv1_44_says_so() -> None:
    assert movement("A01", EVN, PID, PV1 + "|" * 25 + "20250301071500+0000").occurred_at == at(7, 15)


def test_without_pv1_44_it_happened_when_evn_6_or_else_evn_2_says() -> None:
    assert movement("A01", EVN, PID, PV1).occurred_at == at(7, 45)
    assert movement("A01", "EVN|A01|20250301075500+0000", PID, PV1).occurred_at == at(7, 55)
    assert movement("A01", PID, PV1).occurred_at == at(8, 15)


@pytest.mark.parametrize("trigger", ["A02", "A06", "A07", "A17"])
def test_a_transfer_says_the_new_place(trigger: str) -> None:
    moved = movement(trigger, EVN, PID, PV1)
    assert isinstance(moved.value, Transferred)
    assert (moved.value.unit, moved.value.bed, moved.occurred_at) == ("4W", "A", at(7, 45))


def test_a_transfer_may_say_when_the_stay_began_and_that_holds_when_the_admission_never_came() -> None:
    moved = statements(header("ADT^A02"), EVN, PID, PV1 + "|" * 25 + "20250228210000+0000")
    assert timeline(moved).place.admitted_at == datetime(2025, 2, 28, 21, tzinfo=UTC)
    assert timeline(statements(header("ADT^A02"), EVN, PID, PV1)).place.admitted_at == at(7, 45)
    admitted = statements(header("ADT^A01"), "EVN||20250301060000+0000", PID, PV1)
    assert timeline(moved, admitted).place.admitted_at == timeline(admitted, moved).place.admitted_at


def test_two_patients_who_change_beds_are_each_in_the_others() -> None:
    """HL7 v2.5.1 chapter 3, A17: a PID and a PV1 for each of the two."""
    ben = "PID|2||1002^^^HOSP^MR||Byrne^Ben"
    found = [
        each for each in statements(header("ADT^A17"), EVN, PID, PV1, ben, PV1.replace("V9", "V10").replace("412^A", "412^B"))
        if isinstance(each.value, Transferred)
    ]  # fmt: skip
    assert [(each.about, each.encounter, each.value.bed) for each in found] == [("HOSP/1001", "V9", "A"), ("HOSP/1002", "V10", "B")]  # type: ignore[union-attr]


def test_an_empty_detail_of_a_visit_stays_as_it_was_and_two_double_quotes_take_it_back() -> None:
    admitted = statements(header("ADT^A01", sent="20250301060000+0000"), "EVN||20250301060000+0000", PID, PV1, "PV2|||I50.9^Heart failure^I10")
    empty = "PV1|1||||||||||||||||||V9"
    deleted = 'PV1|1|""|""||||""|||""|||||||||V9'
    later = header("ADT^A02", sent="20250301070000+0000"), "EVN||20250301070000+0000", PID
    place = timeline(admitted, statements(*later, empty, "PV2|||")).place
    assert (place.is_in, place.patient_class, place.unit, place.service, place.doctor, place.reason) == (
        True, "I", "4W", "MED", "John Smith", "Heart failure",
    )  # fmt: skip
    place = timeline(admitted, statements(*later, deleted, 'PV2|||""')).place
    assert (place.is_in, place.patient_class, place.unit, place.service, place.doctor, place.reason) == (True, "", "", "", "", "")


def test_a_discharge_says_when_and_how() -> None:
    pv1 = PV1 + "|" * 17 + "20" + "|" * 9 + "20250301070000+0000"
    moved = movement("A03", EVN, PID, pv1)
    assert moved.value == Discharged("V9", "20", datetime(2025, 3, 1, 8, 15, tzinfo=UTC))
    assert moved.occurred_at == at(7)


@pytest.mark.parametrize(("trigger", "what"), [("A11", "Admitted"), ("A12", "Transferred"), ("A13", "Discharged")])
def test_a_cancellation_names_what_did_not_happen(trigger: str, what: str) -> None:
    assert movement(trigger, EVN, PID, PV1).value == Cancelled("V9", what, datetime(2025, 3, 1, 8, 15, tzinfo=UTC))


@pytest.mark.parametrize("trigger", ["A05", "A08", "A09", "A10", "A14", "A16", "A21", "A24", "A28", "A31", "A60"])
def test_other_events_update_the_person_and_move_nobody(trigger: str) -> None:
    assert [type(each.value) for each in statements(header(f"ADT^{trigger}"), EVN, PID, PV1)] == [Registered]


@pytest.mark.parametrize("trigger", ["A01", "A02", "A03", "A04", "A06", "A07", "A11", "A12", "A13", "A17"])
def test_a_movement_without_a_visit_is_refused(trigger: str) -> None:
    refused = problem(header(f"ADT^{trigger}"), EVN, PID)
    assert (refused.code, refused.where, refused.reason) == ("segment-missing", "PV1", f"{trigger} needs a PV1 segment to say where")


def test_the_visit_is_pv1_19_or_the_alternate_visit_or_the_account() -> None:
    assert movement("A01", PID, "PV1|1|I|4W|||||||||||||||||||||||||||||||||||||||||||||||ALT").encounter == "ALT"
    assert movement("A01", PID + "|" * 10 + "ACC1^^^HOSP", "PV1|1|I|4W").encounter == "ACC1"
    assert movement("A01", PID + "|" * 10 + "ACC1", PV1).encounter == "V9"


def test_a_result_names_the_visit_and_moves_nobody() -> None:
    found = statements(header("ORU^R01"), PID, PV1, "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F")
    assert [type(each.value).__name__ for each in found] == ["Registered", "Measured"]
    assert found[1].encounter == "V9"


def test_the_event_may_be_named_in_evn_only() -> None:
    assert isinstance(movement("", "EVN|A01|20250301075500+0000", PID, PV1).value, Admitted)


def test_an_adt_message_that_names_no_event_is_refused() -> None:
    assert problem(header("ADT"), PID, PV1).reason == "neither MSH-9 nor EVN-1 says which event this is"


def test_each_visit_has_its_own_reason() -> None:
    first, second = stated(Admitted, header("ADT^A01"), PID, PV1, PV1.replace("V9", "V10"), "PV2|||^Fever")
    assert (first.reason, second.reason) == ("", "Fever")


def test_a_stay_from_admission_to_cancelled_discharge() -> None:
    admitted = statements(header("ADT^A01", sent="20250301060000+0000"), "EVN||20250301060000+0000", PID, PV1)
    moved = statements(header("ADT^A02", sent="20250301070000+0000"), "EVN||20250301070000+0000", PID, PV1.replace("4W^412", "ICU^1"))
    left = statements(header("ADT^A03", sent="20250301080000+0000"), "EVN||20250301080000+0000", PID, PV1)
    not_left = statements(header("ADT^A13", sent="20250301081000+0000"), "EVN||20250301081000+0000", PID, PV1)
    assert not timeline(admitted, moved, left).place.is_in
    place = timeline(admitted, moved, left, not_left).place
    assert (place.is_in, place.unit, place.admitted_at, place.since) == (True, "ICU", at(6), at(7))
