"""The acknowledgement contract: reference faults A.2, HL7 v2 chapter 2.9, tables 0008, 0155 and 0357."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.core.statements import Fate, Problem
from wardline.formats.hl7v2.acknowledgement import is_acknowledgement, read_acknowledgement, replies, replies_to_unreadable, wants
from wardline.formats.hl7v2.message import Message, parse

AT = datetime(2025, 3, 1, 8, 15, tzinfo=UTC)
RECORDED = datetime(2025, 3, 1, 8, 16, tzinfo=UTC)
FIXABLE = Problem("field-missing", "PID-3 has no patient number", "PID-3")
HOPELESS = Problem("type-unsupported", "messages of type XYZ are not read here", "MSH-9.1", True)
STORED = Fate("stored", 7, RECORDED)
QUARANTINED = Fate("quarantined", 7, RECORDED, FIXABLE)
REJECTED = Fate("quarantined", 7, RECORDED, HOPELESS)
FULL = Fate("refused", 0, RECORDED, Problem("storage-full", "nothing can be stored at the moment"))


def message(accept: str = "", application: str = "", *, head: str = "MSH|^~\\&|LAB|NORTH|WARDLINE|HOSP") -> Message:
    return parse(f"{head}|20250301081500||ORU^R01^ORU_R01|M\\S\\1|P^T|2.5.1^GB|||{accept}|{application}||UNICODE UTF-8\rPID|1\r".encode())


def codes(fate: Fate, accept: str = "", application: str = "", agreed: str = "AE") -> list[str]:
    return [parse(answer).all("MSA")[0].field(1) for answer in replies(message(accept, application), fate, AT, agreed)]


# --- which ones are due ---


@pytest.mark.parametrize(("fate", "code"), [(STORED, "AA"), (QUARANTINED, "AE"), (REJECTED, "AR"), (FULL, "AE")])
def test_in_original_mode_there_is_exactly_one_answer(fate: Fate, code: str) -> None:
    assert codes(fate) == [code]


def test_in_original_mode_a_site_may_agree_to_hear_aa_for_what_is_kept_but_not_understood() -> None:
    assert codes(QUARANTINED, agreed="AA") == ["AA"]
    assert codes(REJECTED, agreed="AA") == ["AR"]
    assert codes(FULL, agreed="AA") == ["AE"]


# (MSH-15, MSH-16) -> what is heard when stored, when quarantined, when it cannot be stored
ENHANCED: Final = {
    ("AL", "NE"): (["CA"], ["CA"], ["CE"]),
    ("AL", "AL"): (["CA", "AA"], ["CA", "AE"], ["CE", "AE"]),
    ("AL", "ER"): (["CA"], ["CA", "AE"], ["CE", "AE"]),
    ("AL", "SU"): (["CA", "AA"], ["CA"], ["CE"]),
    ("NE", "AL"): (["AA"], ["AE"], ["AE"]),
    ("NE", "NE"): ([], [], []),
    ("ER", "NE"): ([], [], ["CE"]),
    ("ER", "AL"): (["AA"], ["AE"], ["CE", "AE"]),
    ("SU", "SU"): (["CA", "AA"], ["CA"], []),
    ("", "AL"): (["AA"], ["AE"], ["AE"]),
    ("AL", ""): (["CA"], ["CA"], ["CE"]),
    ("al", "ne"): (["CA"], ["CA"], ["CE"]),
}


@pytest.mark.parametrize(("asked", "heard"), ENHANCED.items())
def test_in_enhanced_mode_the_sender_hears_what_it_asked_for(asked: tuple[str, str], heard: tuple[list[str], ...]) -> None:
    assert tuple(codes(fate, *asked) for fate in (STORED, QUARANTINED, FULL)) == heard


def test_a_message_that_can_never_be_taken_is_held_and_rejected() -> None:
    assert codes(REJECTED, "AL", "AL") == ["CA", "AR"]
    assert codes(REJECTED._replace(state="refused"), "AL", "AL") == ["CR", "AR"]


def test_a_word_that_is_not_in_the_table_counts_as_always_because_the_sender_may_be_waiting() -> None:
    assert wants("XX", True)
    assert wants("XX", False)
    assert not wants("", True)


# --- what they look like ---


def test_sender_and_receiver_are_swapped_and_the_control_id_is_echoed_byte_for_byte() -> None:
    (answer,) = replies(message(), STORED, AT)
    assert answer == b"MSH|^~\\&|WARDLINE|HOSP|LAB|NORTH|20250301081600+0000||ACK^R01^ACK|W7|P^T|2.5.1^GB||||||UNICODE UTF-8\rMSA|AA|M\\S\\1\r"


def test_delimiters_and_character_set_are_those_of_the_message() -> None:
    raw = "MSH#:*!%#Läb#NORTH#W#H#2025##ADT:A01#1#P#2.3######8859/1\r".encode("iso8859-1")
    (answer,) = replies(parse(raw), QUARANTINED, AT)
    lines = answer.decode("iso8859-1").split("\r")
    assert lines[0] == "MSH#:*!%#W#H#Läb#NORTH#20250301081600+0000##ACK:A01:ACK#W7#P#2.3######8859/1"
    assert lines[2] == "ERR##PID:1:3#101:Required field missing:HL70357#E####PID-3 has no patient number"


def test_every_acknowledgement_ends_with_a_carriage_return() -> None:
    for fate in (STORED, QUARANTINED, REJECTED, FULL):
        assert all(answer.endswith(b"\r") for answer in replies(message("AL", "AL"), fate, AT))


def test_the_accept_and_the_application_acknowledgement_have_control_ids_of_their_own() -> None:
    first, second = (parse(answer) for answer in replies(message("AL", "AL"), STORED, AT))
    assert first.control_id != second.control_id
    assert first.all("MSA")[0].field(2) == second.all("MSA")[0].field(2) == "M\\S\\1"


@pytest.mark.parametrize(
    ("where", "location"),
    [("PID-3", "PID^1^3"), ("MSH-9.1", "MSH^1^9^1^1"), ("OBX(12)-5", "OBX^12^5"), ("PID", "PID"), ("MSH", "MSH"), ("line 7", ""), ("", "")],
)
def test_the_error_segment_says_where(where: str, location: str) -> None:
    (answer,) = replies(message(), QUARANTINED._replace(problem=FIXABLE._replace(where=where)), AT)
    err = parse(answer).all("ERR")[0]
    assert (err.field(2), err.field(4), err.field(8)) == (location, "E", FIXABLE.reason)


@pytest.mark.parametrize(
    ("code", "condition"),
    [("segment-missing", "100"), ("field-missing", "101"), ("charset-wrong", "102"), ("type-unsupported", "200"), ("trigger-unsupported", "201"),
     ("processing-id", "202"), ("version-unsupported", "203"), ("patient-unknown", "204"), ("control-id-reused", "205"), ("storage-full", "207"),
     ("anything else", "207")],
)  # fmt: skip
def test_the_condition_is_that_of_table_0357(code: str, condition: str) -> None:
    (answer,) = replies(message(), QUARANTINED._replace(problem=FIXABLE._replace(code=code)), AT)
    assert parse(answer).all("ERR")[0].text(3, 1) == condition


def test_a_positive_acknowledgement_has_no_error_segment() -> None:
    assert b"ERR" not in b"".join(replies(message("AL", "AL"), STORED, AT))


def test_the_answer_to_a_repeat_is_byte_for_byte_the_first_answer_whenever_it_comes() -> None:
    later = datetime(2025, 3, 9, tzinfo=UTC)
    for fate in (STORED, QUARANTINED, REJECTED):
        assert replies(message("AL", "AL"), fate, AT) == replies(message("AL", "AL"), fate, later)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_no_reason_can_break_the_acknowledgement_that_carries_it(reason: str) -> None:
    (answer,) = replies(message(), QUARANTINED._replace(problem=FIXABLE._replace(reason=reason)), AT)
    assert [segment.name for segment in parse(answer).segments] == ["MSH", "MSA", "ERR"]
    assert parse(answer).all("MSA")[0].field(2) == "M\\S\\1"


# --- what could not be read ---


def test_a_message_in_an_unknown_character_set_is_answered_with_its_own_control_id() -> None:
    raw = b"MSH|^~\\&|L\xe9b|NORTH|W|H|2025||ADT^A01|X9|P|2.5||||||EBCDIC\rPID|1||\xff\r"
    problem = Problem("charset-unknown", "the character set 'EBCDIC' is not supported", "MSH-18", True)
    (answer,) = replies_to_unreadable(raw, Fate("quarantined", 3, RECORDED, problem), AT)
    assert answer.split(b"\r")[0] == b"MSH|^~\\&|W|H|L\xe9b|NORTH|20250301081600+0000||ACK^A01^ACK|W3|P|2.5||||||EBCDIC"
    assert answer.split(b"\r")[1] == b"MSA|AR|X9|the character set 'EBCDIC' is not supported"


def test_bytes_without_a_header_are_answered_as_well_as_can_be() -> None:
    problem = Problem("header-missing", "the message does not start with an MSH segment", "MSH", True)
    (answer,) = replies_to_unreadable(b"\x00\x01garbage", Fate("quarantined", 3, RECORDED, problem), AT)
    assert answer.startswith(
        b"MSH|^~\\&|||||20250301081600+0000||ACK|W3|P|2.5.1\rMSA|AR||the message does not start with an MSH segment\rERR||MSH|100^"
    )


def test_the_modes_asked_for_hold_for_unreadable_messages_too() -> None:
    raw = b"MSH|^~\\&|L|N|W|H|2025||ADT^A01|X9|P|2.5|||AL|NE||EBCDIC\r"
    problem = Problem("charset-unknown", "no", "MSH-18", True)
    (answer,) = replies_to_unreadable(raw, Fate("quarantined", 3, RECORDED, problem), AT)
    assert b"MSA|CA|X9" in answer


# --- what is itself an acknowledgement ---


@pytest.mark.parametrize(
    "raw",
    [
        b"MSH|^~\\&|A|B|C|D|2025||ACK^R01^ACK|1|P|2.5\rMSA|AA|7\r",
        b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\nMSA|CA|7\n",
        b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5||||||EBCDIC\rMSA|AE|7|\xff\r",
        b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\r",
        b"MSH|^~\\&|A|B|C|D|2025||ORR^O02|1|P|2.3\rMSA|AA|7\rPID|1\r",
        b"MSH#:*!%#A#B#C#D#2025##ACK:A01#1#P#2.5\rMSA#AA#7\r",
    ],
)
def test_an_answer_is_recognised_in_any_character_set_and_with_any_delimiters(raw: bytes) -> None:
    assert is_acknowledgement(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"garbage MSA|",
        b"MSH|^~\\&|BACK|B|C|D|2025||ORU^R01|1|P|2.5\rPID|1||1||ACKROYD\rNTE|1||see MSA|AA\r",
        b"MSH|^~\\&|A|B|C|D|2025||ORU^R01|1|P|2.5\rZZZ|MSA\r",
    ],
)
def test_a_message_that_only_mentions_one_is_not(raw: bytes) -> None:
    assert not is_acknowledgement(raw)


# --- reading what others answer ---


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\rMSA|AA|7\r", ("AA", "7", "", True)),
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\rMSA|ca|7", ("CA", "7", "", True)),
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\rMSA|AE|7|no such patient\r", ("AE", "7", "no such patient", False)),
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\rMSA|AR|7\rERR||PID^1^3|204^Unknown key|E||||not known\r", ("AR", "7", "not known", False)),
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\rMSA|CE|7\rERR||PID^1^3|204^Unknown key|E\r", ("CE", "7", "Unknown key", False)),
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\rMSA|AE|7|ung\xfcltig\r", ("AE", "7", "ungültig", False)),
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5||||||EBCDIC\rMSA|AA|7\r", ("AA", "7", "", True)),
        (b"MSH|^~\\&|A|B|C|D|2025||ACK|1|P|2.5\rMSA\r", ("", "", "", False)),
    ],
)
def test_an_answer_is_read_whatever_its_text_is_written_in(raw: bytes, read: tuple[str, str, str, bool]) -> None:
    answer = read_acknowledgement(raw)
    assert (answer.code, answer.control_id, answer.text, answer.positive) == read


@pytest.mark.parametrize("raw", [b"", b"OK", b"MSH|^~\\&|A|B|C|D|2025||ORU^R01|1|P|2.5\rPID|1\r"])
def test_what_is_no_answer_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_acknowledgement(raw)


def test_our_own_acknowledgements_can_be_read_back() -> None:
    (answer,) = replies(message(), QUARANTINED, AT)
    assert read_acknowledgement(answer) == ("AE", "M^1", "PID-3 has no patient number")
