"""What other systems are told: findings as ORU, movements as ADT, as HL7 v2 that others can read."""

from datetime import timedelta

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message

from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import Hospital, Kit
from support.messages import ADA, BEN, ILL, WELL, Obx, Patient, adt, oru, vitals
from wardline.delivery.outbound.destinations import Destination
from wardline.delivery.outbound.hl7v2 import Outbound
from wardline.formats.hl7v2.message import Message, Segment, parse

EHR = Destination("ehr", "127.0.0.1", 2575, frozenset({"news2"}), True, "EHR", "HOSP")
REGISTRY = Destination("registry", "127.0.0.1", 2576, frozenset({"kdigo_aki"}))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hospital(open_hospital: OpenHospital) -> Hospital:
    return open_hospital(kit=Kit(reactions=lambda: (Outbound((EHR, REGISTRY), "General & Sons"),)))


def waiting(hospital: Hospital, destination: Destination = EHR) -> list[Message]:
    """What is in the outbox for a destination, in order."""
    return [parse(item.payload) for _, item in hospital.log.waiting(destination.topic)]


def observation(message: Message) -> Segment:
    (found,) = message.all("OBX")
    return found


def notes(message: Message) -> list[str]:
    return [note.text(3) for note in message.all("NTE")]


# --- findings -------------------------------------------------------------------------------------------------------------------


def test_a_finding_goes_out_with_its_value_its_time_and_whom_it_is_about(hospital: Hospital) -> None:
    hospital.send(vitals(ADA, ILL, at=MORNING - MINUTE))

    (message,) = waiting(hospital)
    assert message.first("MSH").field(9) == "ORU^R01^ORU_R01"  # type: ignore[union-attr]
    patient, order, found = message.first("PID"), message.first("OBR"), observation(message)
    assert patient is not None
    assert order is not None
    assert patient.field(3) == "1001^^^HOSP^MR"
    assert (patient.field(5), patient.field(7), patient.field(8)) == ("Moss^Ada", "19550303", "F")
    assert [found.field(2), found.text(3, 1), found.field(5)] == ["NM", "news2", "14"]  # RCP 2017, chart 1
    assert (found.text(6, 1), found.text(6, 3)) == ("{score}", "UCUM")
    assert (found.field(8), found.field(11), order.field(25)) == ("AA", "F", "F")  # tables 0078, 0085, 0123
    assert found.field(14) == "20260302080000+0000"


def test_an_incomplete_score_goes_out_as_at_least_and_names_what_is_missing(hospital: Hospital) -> None:
    without = {code: value for code, value in ILL.items() if code != "8310-5"}
    hospital.send(vitals(ADA, without, at=MORNING))

    (message,) = waiting(hospital)
    found = observation(message)
    assert (found.field(2), found.text(5, 1), found.text(5, 2)) == ("SN", ">=", "12")  # 14 without the 2 of the temperature
    assert "Missing: temperature" in notes(message)


def test_an_answer_that_is_unknown_is_not_sent(hospital: Hospital) -> None:
    hospital.send(oru(ADA, Obx("2823-3", 4.1), at=MORNING))
    assert waiting(hospital) == []


def test_a_correction_goes_out_as_one_and_meets_what_it_corrects(hospital: Hospital) -> None:
    first = vitals(ADA, ILL, at=MORNING - MINUTE, order="V1")
    hospital.send(first)
    hospital.clock.step(4 * MINUTE)
    corrected = first.replace(b"|ORU^R01^ORU_R01|C", b"|ORU^R01^ORU_R01|X").replace(b"|26|/min|||||F|", b"|16|/min|||||C|")
    assert corrected != first
    hospital.send(corrected)

    before, *after = waiting(hospital)
    revised = [message for message in after if observation(message).field(11) == "C"]
    assert [observation(message).field(5) for message in revised] == ["11"]  # 3 less: RCP 2017, chart 1, 16 a minute
    assert {message.first("OBR").field(3) for message in revised} == {before.first("OBR").field(3)}  # type: ignore[union-attr]
    assert revised[0].first("OBR").field(25) == "C"  # type: ignore[union-attr]
    assert len({message.control_id for message in (before, *after)}) == 1 + len(after)


def test_what_stood_on_a_wrong_patients_values_is_deleted(hospital: Hospital) -> None:
    first = vitals(ADA, ILL, at=MORNING - MINUTE, order="V1")
    hospital.send(first)
    hospital.clock.step(4 * MINUTE)
    withdrawn = first.replace(b"|ORU^R01^ORU_R01|C", b"|ORU^R01^ORU_R01|X").replace(b"|||||F|", b"|||||W|")
    hospital.send(withdrawn)

    before, after = waiting(hospital)
    found = observation(after)
    assert (found.text(3, 1), found.field(5), found.field(11)) == ("news2", "", "D")
    assert after.first("OBR").field(3) == before.first("OBR").field(3)  # type: ignore[union-attr]


def test_each_destination_gets_what_it_asked_for(hospital: Hospital) -> None:
    hospital.send(adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING))
    assert [message.first("MSH").text(9, 1) for message in waiting(hospital)] == ["ADT", "ORU"]  # type: ignore[union-attr]
    assert waiting(hospital, REGISTRY) == []


def test_names_with_delimiters_arrive_as_they_are(hospital: Hospital) -> None:
    odd = Patient("10|01", "O'Brien & Søn", "A^B", "19550303", "F")
    hospital.send(vitals(odd, ILL, at=MORNING))

    (message,) = waiting(hospital)
    patient, header = message.first("PID"), message.first("MSH")
    assert patient is not None
    assert header is not None
    assert (patient.text(3, 1), patient.text(5, 1), patient.text(5, 2)) == ("10|01", "O'Brien & Søn", "A^B")
    assert header.text(4, 1) == "General & Sons"


# --- movements ------------------------------------------------------------------------------------------------------------------


def test_movements_go_out_in_their_order_with_place_and_visit(hospital: Hospital) -> None:
    hospital.send(
        adt("A01", ADA, at=MORNING, unit="7A", bed="12"),
        adt("A02", ADA, at=MORNING + MINUTE, unit="ITU", bed="3"),
        adt("A03", ADA, at=MORNING + 2 * MINUTE, unit="ITU", bed="3"),
        adt("A13", ADA, at=MORNING + 3 * MINUTE, unit="ITU", bed="3"),
    )
    sent = waiting(hospital)
    assert [message.first("MSH").field(9) for message in sent] == [  # type: ignore[union-attr]
        "ADT^A01^ADT_A01", "ADT^A02^ADT_A02", "ADT^A03^ADT_A03", "ADT^A13^ADT_A01",
    ]  # fmt: skip
    places = [message.first("PV1") for message in sent]
    assert [place.field(3) for place in places if place is not None] == ["7A^^12", "ITU^^3", "ITU^^3", "ITU^^3"]
    assert {place.field(19) for place in places if place is not None} == {"V1"}
    assert {place.field(2) for place in places if place is not None} == {"I"}
    assert [message.first("EVN").field(1) for message in sent] == ["A01", "A02", "A03", "A13"]  # type: ignore[union-attr]


def test_a_cancelled_admission_names_the_visit_that_was_not(hospital: Hospital) -> None:
    hospital.send(adt("A01", ADA, at=MORNING), adt("A11", ADA, at=MORNING + MINUTE))
    place = waiting(hospital)[-1].first("PV1")
    assert place is not None
    assert (place.field(2), place.text(3, 1), place.field(19)) == ("U", "", "V1")  # table 0004: unknown


# --- as others read it ------------------------------------------------------------------------------------------------------------


def test_hl7apy_reads_every_kind_of_message_by_the_tables_of_its_version(hospital: Hospital) -> None:
    without = {code: value for code, value in ILL.items() if code != "8310-5"}
    moves = [adt(trigger, ADA, at=MORNING + number * MINUTE) for number, trigger in enumerate(("A01", "A02", "A12", "A03", "A13", "A11"))]
    hospital.send(*moves, vitals(BEN, WELL, at=MORNING - MINUTE), vitals(BEN, without, at=MORNING))

    read = [parse_message(item.payload.decode(), validation_level=VALIDATION_LEVEL.TOLERANT) for _, item in hospital.log.waiting(EHR.topic)]

    assert {message.name for message in read} == {"ADT_A01", "ADT_A02", "ADT_A03", "ADT_A09", "ADT_A12", "ORU_R01"}
    for message in read:
        assert message.validate()


def test_our_own_door_takes_what_we_send(hospital: Hospital, open_hospital: OpenHospital) -> None:
    """What another Wardline makes of it: the same person in the same bed; a score of ours is a code it does not know, and keeps."""
    hospital.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING))
    other = open_hospital("other")
    answers = other.send(*(item.payload for _, item in hospital.log.waiting(EHR.topic)))

    assert all(b"MSA|AA" in answer for answer in answers)
    timeline = other.timeline(ADA)
    assert timeline.person is not None
    assert (timeline.person.family, timeline.place.unit, timeline.place.bed) == ("Moss", "7A", "12")
