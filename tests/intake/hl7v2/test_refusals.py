"""Every refusal: its exact sentence, its place, whether trying again can help, and never a word about the patient."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.hl7v2.door import NOW, PID, header, hearing, problem, reader, received
from wardline.core.errors import Refused
from wardline.core.statements import Problem
from wardline.intake.hl7v2.sources import Source, zone_named
from wardline.intake.hl7v2.walking import KEYED

CANARY = "Xanthippe"
"""A name that must appear in no sentence."""
NAMED = f"PID|1||1001^^^HOSP^MR||{CANARY}^{CANARY}"


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        (("MSH|^~\\&|LAB|HOSP|||20250301||||P|2.5",), Problem("field-missing", "MSH-9 does not say what type of message this is", "MSH-9", True)),
        (("MSH|^~\\&|LAB|HOSP|||20250301||ADT^A08||P|2.5",),
         Problem("field-missing", "MSH-10 is empty, so a repeat of the message could not be recognised", "MSH-10")),
        ((header("ADT^A08", control="9" * 200),), Problem("field-missing", "MSH-10 is longer than 199 characters", "MSH-10")),
        ((header("QBP^Q11"),), Problem("type-unsupported", "messages of type QBP are not read here", "MSH-9.1", True)),
        (("MSH|^~\\&|LAB|HOSP|||20250301||ADT^A08|1|X|2.5", NAMED),
         Problem("processing-id", "processing id 'X' is not accepted from this source", "MSH-11", True)),
        (("MSH|^~\\&|LAB|HOSP|||20250301||ADT^A08|1|P|3.0", NAMED),
         Problem("version-unsupported", "version '3.0' is not HL7 version 2", "MSH-12", True)),
        ((header("ORU^R01"), NAMED, f"{CANARY} writes prose"), Problem("segment-name", "line 3 does not start with a segment name", "line 3")),
        ((header("ORU^R01"), "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F", NAMED),
         Problem("segment-missing", "OBX without a patient: there is no PID segment before it", "PID")),
        ((header("ADT^A08"), f"AL1|1||{CANARY}", NAMED),
         Problem("segment-missing", "Allergic without a patient: there is no PID segment before it", "PID")),
        ((header("ORU^R01"), NAMED, f"OBX|7|NM|||{CANARY}"), Problem("field-missing", "OBX-3 does not say what was observed", "OBX(7)-3")),
        ((header("ADT^A08"), f"PID|1||||{CANARY}"), Problem("field-missing", "PID-3 has no patient number", "PID-3")),
        ((header("ORU^R01"), *[NAMED] * 101), Problem("too-large", "the message has more than 100 PID segments", "PID", True)),
        ((header("ADT^A02"), NAMED, *["PV1|1|I|7A"] * 101), Problem("too-large", "the message has more than 100 PV1 segments", "PV1", True)),
        ((header("ADT^A40"), NAMED, *["MRG|2"] * 101), Problem("too-large", "the message has more than 100 MRG segments", "MRG", True)),
        ((header("ORU^R01"), NAMED, "OBX|1|NM|2823-3^^LN||1", "ADD|2|mmol/L|||||F"),
         Problem("fragment", "a segment goes on in an ADD segment; parts of a message are not put together here", "ADD")),
        ((header("ORU^R01"), NAMED, "OBX|1|NM|2823-3^^LN||1", "DSC|M1-2|F"),
         Problem("fragment", "the message goes on in another one (DSC-1); parts are not put together here", "DSC-1")),
        ((header("ADT^A08"), f"{NAMED}|{'x' * 1_000_000}"), Problem("too-large", "PID is longer than 1,000,000 characters", "PID", True)),
    ],
)  # fmt: skip
def test_a_refusal_says_exactly_what_is_wrong_and_where(lines: tuple[str, ...], refusal: Problem) -> None:
    found = problem(*lines)
    assert found == refusal
    assert CANARY not in found.reason


@pytest.mark.parametrize("dsc", ["DSC|", "DSC||F", "DSC|7|I"])
def test_a_message_that_does_not_go_on_or_can_only_be_asked_for_more_is_whole(dsc: str) -> None:
    """HL7 table 0398: I is interactive continuation, of a query's answer; F is fragmentation."""
    assert received(header("ORU^R01"), NAMED, "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F", dsc).problem is None


def test_a_source_may_accept_other_processing_ids() -> None:
    training = Source("LAB", zone_named("UTC"), application="LAB", processing_ids=("T",))
    lines = ("MSH|^~\\&|LAB|HOSP|||20250301||ADT^A08|1|T|2.5", NAMED)
    assert received(*lines, by=reader(training)).problem is None
    assert problem(lines[0].replace("|T|", "|P|"), NAMED, by=reader(training)).code == "processing-id"


def test_a_type_that_a_source_sends_for_nothing_is_kept_without_being_read() -> None:
    ignoring = Source("LAB", zone_named("UTC"), application="LAB", ignored=("DFT",))
    result = received(header("DFT^P03"), "no segment at all", by=reader(ignoring))
    assert (result.problem, result.statements) == (None, ())


@pytest.mark.parametrize("kind", sorted(KEYED - {"MFN", "ADT"}))
def test_every_type_that_is_read_needs_a_patient(kind: str) -> None:
    assert problem(header(kind), "ZZZ|1").reason == "there is no PID segment, so the message speaks about nobody"


def test_a_master_file_speaks_about_nobody_and_says_nothing() -> None:
    result = received(header("MFN^M02"), "MFI|STF", "STF|C1")
    assert (result.problem, result.statements) == (None, ())


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.2", "2.9", ""])
def test_every_version_two_is_read(version: str) -> None:
    assert received(f"MSH|^~\\&|LAB|HOSP|||20250301||ADT^A08|1|P|{version}^GB", PID).problem is None


def test_nothing_of_a_refused_message_is_stated() -> None:
    result = received(header("ORU^R01"), PID, "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F", "OBX|2|NM|||7")
    assert (result.statements, result.patient) == ((), "HOSP/1001")


def test_an_absurd_leap_of_the_senders_clock_is_refused_with_the_clocks_own_reason() -> None:
    def hear(stated_at: object) -> object:
        if stated_at is not None:
            raise Refused("MSH-7 is 400 days ahead of the feed", code="clock", where="MSH-7")
        return NOW

    result = reader().read(f"{header('ADT^A08')}\r{PID}\r".encode(), hear)  # type: ignore[arg-type]
    assert result.problem == Problem("clock", "MSH-7 is 400 days ahead of the feed", "MSH-7")
    assert result.statements == ()


# --- bytes that cannot be read as a message ---


def test_an_unreadable_message_with_a_header_is_filed_under_its_sender_and_number() -> None:
    raw = f"{header('ADT^A08', charset='UNICODE UTF-8')}\rPID|1||1||M\xf6ss\r".encode("iso8859-1")
    result = reader().read(raw, hearing(NOW))
    assert (result.feed, result.sender, result.control_id) == ("LAB HOSP", "LAB|HOSP", "M1")
    assert result.problem is not None
    assert (result.problem.code, result.problem.rejected) == ("charset-wrong", True)
    assert result.same_as(raw.replace(b"20250301081500", b"20250301081600"))
    assert not result.same_as(raw.replace(b"M\xf6ss", b"Moss"))


def test_bytes_without_a_header_are_filed_as_unreadable() -> None:
    result = reader().read(b"\x00\x01", hearing(NOW))
    assert (result.feed, result.sender, result.control_id, result.patient) == ("unreadable", "", "", "")


@given(st.binary(max_size=200))
def test_any_bytes_are_either_stated_or_refused_and_always_answered(raw: bytes) -> None:
    from wardline.core.statements import Fate

    result = reader().read(raw, hearing(NOW))
    state = "stored" if result.problem is None else "quarantined"
    (answer,) = result.replies(Fate(state, 1, NOW, result.problem))
    assert answer.startswith(b"MSH")
