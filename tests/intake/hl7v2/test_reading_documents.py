"""MDM, SIU, DG1, PRB, AL1, IAM: documents, appointments, diagnoses, problems and allergies."""

from datetime import UTC, datetime

import pytest

from intake.hl7v2.door import PID, SENT, header, stated, statements, timeline
from wardline.core.events import TAKEN_BACK, Allergic, Diagnosed, Documented, Measured, Scheduled

TXA = "TXA|1|DS^Discharge summary|TX|20250301070000+0000|C1^Moss^Ann|20250301071000+0000|||C6^Woolfson^Kathleen|||D77^HIS|||||AU"
TEXT = ("OBX|1|TX|N^Note^L||Admitted with fever.||||||F", r"OBX|2|FT|N^Note^L||Better \T\ home.~Bye.||||||F")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, 1, hour, minute, tzinfo=UTC)


# --- documents ---


def test_a_document_is_its_kind_author_status_time_and_the_texts_that_follow() -> None:
    (said,) = (each for each in statements(header("MDM^T02"), "EVN|T02", PID, TXA, *TEXT) if isinstance(each.value, Documented))
    assert said.value == Documented(
        "D77", "Discharge summary", "Admitted with fever.\nBetter & home.\nBye.", "AU", "text/plain", "Kathleen Woolfson", SENT
    )  # fmt: skip
    assert said.occurred_at == at(7)


def test_the_lines_of_a_document_are_no_observations_but_a_measurement_among_them_is() -> None:
    found = stated(Measured, header("MDM^T02"), PID, TXA, *TEXT, "OBX|3|NM|2823-3^^LN||4.1|mmol/L|||||F")
    assert [each.concept for each in found] == ["potassium"]


def test_a_file_in_a_document_is_the_document() -> None:
    (document,) = stated(Documented, header("MDM^T02"), PID, TXA, "OBX|1|ED|P^R^L||^application^pdf^Base64^JVBERi0=||||||F")
    assert (document.document, document.media_type, document.text) == ("D77", "application/pdf", "")


def test_two_documents_in_one_message_have_their_own_texts() -> None:
    found = stated(Documented, header("MDM^T02"), PID, TXA, TEXT[0], TXA.replace("D77", "D78"), TEXT[1])
    assert [(each.document, each.text) for each in found] == [("D77", "Admitted with fever."), ("D78", "Better & home.\nBye.")]


def test_a_text_in_a_result_that_follows_belongs_to_the_result() -> None:
    found = stated(Measured, header("OUL^R22"), PID, TXA, TEXT[0], "OBR|1||F1", TEXT[1])
    assert [each.value for each in found] == ["Better & home.\nBye."]


def test_a_cancelled_document_says_so() -> None:
    assert stated(Documented, header("MDM^T11"), PID, TXA)[0].status == "CA"


def test_a_document_without_a_number_is_known_by_its_message() -> None:
    assert stated(Documented, header("MDM^T02", control="M5"), PID, "TXA|1|DS", TEXT[0])[0].document == "M5"


def test_an_endless_document_is_shortened_and_says_so() -> None:
    lines = [f"OBX|{number}|TX|N^Note^L||{'word ' * 1000}||||||F" for number in range(60)]
    (document,) = stated(Documented, header("MDM^T02"), PID, TXA, *lines)
    assert document.text.endswith("\n[The document goes on. All of it is in the message as received.]")
    assert len(document.text) < 201_000


# --- appointments ---


@pytest.mark.parametrize(
    ("trigger", "status"),
    [("S12", "booked"), ("S13", "rescheduled"), ("S14", "changed"), ("S15", "cancelled"), ("S17", "deleted"), ("S26", "no show")],
)
def test_an_appointment_is_booked_moved_or_cancelled(trigger: str, status: str) -> None:
    (appointment,) = stated(
        Scheduled, header(f"SIU^{trigger}"), "SCH|A1^HIS|A2||||ROUTINE|CHK^Check-up|FOL^Follow-up|||^^60^20250309100000+0000", PID
    )
    assert appointment == Scheduled("A1", "Check-up", status, datetime(2025, 3, 9, 10, tzinfo=UTC), SENT)


@pytest.mark.parametrize(
    "line", ["TQ1|1||||||20250309100000+0000", "AIS|1|A|X^Scan|20250309100000+0000", "AIG|1|A|X|||||20250309100000+0000",
             "AIL|1|A|ROOM|||20250309100000+0000", "AIP|1|A|C1|||20250309100000+0000"],
)  # fmt: skip
def test_in_newer_versions_the_time_is_with_the_service_the_room_or_the_person(line: str) -> None:
    (appointment,) = stated(Scheduled, header("SIU^S12"), "SCH||A2|||||CHK", PID, "RGS|1", line)
    assert (appointment.appointment, appointment.what, appointment.starts_at) == ("A2", "CHK", datetime(2025, 3, 9, 10, tzinfo=UTC))


def test_of_two_times_that_of_the_newer_segment_counts() -> None:
    lines = ("SCH|A1||||||||||^^60^20250309100000+0000", "TQ1|1||||||20250309110000+0000", PID, "AIS|1|A|X|20250309120000+0000")
    assert stated(Scheduled, header("SIU^S12"), *lines)[0].starts_at == datetime(2025, 3, 9, 11, tzinfo=UTC)
    assert stated(Scheduled, header("SIU^S12"), *lines[:1], *lines[2:])[0].starts_at == datetime(2025, 3, 9, 10, tzinfo=UTC)


def test_the_later_word_on_an_appointment_stands() -> None:
    booked = statements(header("SIU^S12", sent="20250301070000+0000"), "SCH|A1", PID)
    cancelled = statements(header("SIU^S15", sent="20250301080000+0000"), "SCH|A1", PID)
    assert timeline(cancelled, booked).scheduled["A1"].value.status == "cancelled"


# --- diagnoses and problems ---


def test_a_diagnosis_says_code_text_system_and_when() -> None:
    (said,) = (
        each
        for each in statements(header("ADT^A08"), PID, "DG1|1|I10|I50.9^Heart failure^I10|decompensated|20250228|A")
        if isinstance(each.value, Diagnosed)
    )
    assert said.value == Diagnosed("I50.9", "Heart failure", "I10", SENT)
    assert said.occurred_at == datetime(2025, 2, 28, tzinfo=UTC)


def test_older_diagnoses_have_text_and_system_in_fields_of_their_own() -> None:
    assert stated(Diagnosed, header("ADT^A08"), PID, "DG1|1|I9|428.0|Heart failure")[0] == Diagnosed("428.0", "Heart failure", "I9", SENT)
    assert stated(Diagnosed, header("ADT^A08"), PID, "DG1|1|I9") == []


def test_a_diagnosis_that_is_taken_back_stands_no_longer_in_whatever_order_the_messages_come() -> None:
    said = statements(header("ADT^A08", sent="20250301070000+0000"), PID, "DG1|1||I50.9^Heart failure^I10")
    back = statements(header("ADT^A08", sent="20250301080000+0000"), PID, f"DG1|1||I50.9^Heart failure^I10{'|' * 18}D")
    assert [event.value.code for event in timeline(said).diagnoses] == ["I50.9"]
    assert timeline(said, back).diagnoses == timeline(back, said).diagnoses == []


@pytest.mark.parametrize(("action", "end", "status"), [("AD", "", ""), ("DE", "", TAKEN_BACK), ("UP", "20250201", "resolved")])
def test_a_problem_is_added_resolved_or_taken_back(action: str, end: str, status: str) -> None:
    (problem,) = stated(Diagnosed, header("PPR^PC1"), PID, f"PRB|{action}|20250301|44054006^Diabetes^SCT|P1|||20200101||{end}")
    assert problem == Diagnosed("44054006", "Diabetes", "SCT", SENT, status)


# --- allergies ---


def test_an_allergy_says_to_what_how_severe_and_which_reactions() -> None:
    (said,) = (
        each
        for each in statements(header("ADT^A01"), PID, "PV1|1|I|7A", "AL1|1|DA|7980^Penicillin^RXN|SV|HIVES^Hives~Wheeze|20100101")
        if isinstance(each.value, Allergic)
    )
    assert said.value == Allergic("7980", "Penicillin", "Hives, Wheeze", "SV", "DA", SENT)
    assert said.occurred_at == datetime(2010, 1, 1, tzinfo=UTC)


def test_an_allergy_message_may_take_one_back() -> None:
    added = statements(header("ADT^A60", sent="20250301070000+0000"), PID, "IAM|1|DA|7980^Penicillin^RXN|SV||A|||||20100101")
    deleted = statements(header("ADT^A60", sent="20250301080000+0000"), PID, "IAM|1|DA|7980^Penicillin^RXN|SV||D")
    assert [event.value.text for event in timeline(added).allergies] == ["Penicillin"]
    assert timeline(added, deleted).allergies == timeline(deleted, added).allergies == []


def test_an_allergy_to_nothing_is_none() -> None:
    assert stated(Allergic, header("ADT^A08"), PID, "AL1|1|DA") == []
