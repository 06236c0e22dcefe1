"""PID: who the message is about, and what an empty or deleted field does to what is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.hl7v2.door import PID, header, problem, reader, received, stated, statements, timeline
from wardline.core.events import DELETED, Identifier, Registered
from wardline.core.flags import FUTURE
from wardline.intake.hl7v2.sources import Source, zone_named

ADT = header("ADT^A08")


def registered(pid: str, kind: str = "ADT^A08") -> Registered:
    return stated(Registered, header(kind), pid)[0]


def test_a_patient_is_number_name_birth_date_sex_address_and_phone() -> None:
    person = registered("PID|1||1001^^^HOSP^MR||Moss^Ada^B||19550303|F|||1 Mill Lane^^Ely^CAM^CB7 4AA||01353 555 010")
    assert person.identifiers == (Identifier("1001", "HOSP", "MR"),)
    assert (person.family, person.given, person.born, person.sex, person.died) == ("Moss", "Ada", "1955-03-03", "F", None)
    assert (person.address, person.phone) == ("1 Mill Lane, Ely, CAM, CB7 4AA", "01353 555 010")


def test_an_admission_system_knows_better_than_a_result_that_carries_the_details_along() -> None:
    assert registered(PID).authority == 1
    assert registered(PID, "ORU^R01").authority == 0


def test_the_number_that_names_the_record_comes_first_and_the_others_follow() -> None:
    person = registered("PID|1|X1^^^EXT|77^^^NHS^NH~1001^^^HOSP^MR~77^^^NHS^NH|A1^^^ALT|||||||||||||||123-45-6789")
    assert person.identifiers == (
        Identifier("1001", "HOSP", "MR"), Identifier("77", "NHS", "NH"), Identifier("X1", "EXT"), Identifier("A1", "ALT"),
        Identifier("123-45-6789", "", "SS"),
    )  # fmt: skip


def test_a_source_may_prefer_another_type_of_number() -> None:
    source = Source("MPI", zone_named("UTC"), application="LAB", number_types=("NH", "MR"))
    pid = "PID|1||1001^^^HOSP^MR~77^^^NHS^NH"
    assert statements(ADT, pid, by=reader(source))[0].about == "NHS/77"
    assert statements(ADT, pid)[0].about == "HOSP/1001"


def test_the_assigner_is_the_namespace_or_the_universal_id_or_that_of_the_source() -> None:
    source = Source("OLD", zone_named("UTC"), application="LAB", assigner="NORTH")
    assert registered("PID|1||1^^^HOSP&1.2.3&ISO^MR").identifiers[0].assigner == "HOSP"
    assert registered("PID|1||1^^^&1.2.3&ISO^MR").identifiers[0].assigner == "1.2.3"
    assert statements(ADT, "PID|1||1", by=reader(source))[0].about == "NORTH/1"


def test_older_versions_have_the_number_in_pid_2_or_pid_4() -> None:
    assert registered("PID|1|1001").identifiers == (Identifier("1001"),)
    assert registered("PID|1|||1001").identifiers == (Identifier("1001"),)


def test_of_several_names_the_legal_one_counts() -> None:
    person = registered("PID|1||1||Ace^A^^^^^N~Moss^Ada^^^^^L")
    assert (person.family, person.given) == ("Moss", "Ada")
    assert registered("PID|1||1||Moss&van^Ada").family == "Moss"


def test_a_birth_date_is_as_precise_as_it_was_given() -> None:
    assert [registered(f"PID|1||1||||{text}").born for text in ("19550303", "195503031200", "195503", "1955", "unknown", "")] == [
        "1955-03-03", "1955-03-03", "1955-03", "1955", "", "",
    ]  # fmt: skip


def test_a_patient_died_when_pid_30_says_so_or_pid_29_says_when() -> None:
    dead = "PID|1||1" + "|" * 26
    assert registered(f"{dead}|Y").died
    assert registered(f"{dead}20250301|").died
    assert registered(f"{dead}20250301|N").died is False


@pytest.mark.parametrize(("death", "died"), [("|", True), ('""|', False), ('|""', False), ('""|""', False), ("|N", False), ("20250301|", True)])
def test_a_death_stands_until_it_is_taken_back_and_a_message_without_a_word_about_it_does_not_revive(death: str, died: bool) -> None:
    pid = "PID|1||1001^^^HOSP^MR" + "|" * 26
    dead = statements(header("ADT^A08", sent="20250301070000+0000"), f"{pid}20250301|Y")
    later = statements(header("ADT^A08", sent="20250301080000+0000"), f"{pid}{death}")
    for course in ((dead, later), (later, dead)):
        person = timeline(*course).person
        assert person is not None
        assert person.died is died


def test_a_phone_may_be_sent_in_parts() -> None:
    assert registered("PID|1||1||||||||||^PRN^PH^^44^1353^555010").phone == "1353555010"
    assert registered("PID|1||1||||||||||^NET^Internet^ada@example.org").phone == "ada@example.org"


def test_a_message_without_a_patient_number_is_refused() -> None:
    refused = problem(ADT, "PID|1||^^^HOSP^MR||Moss^Ada")
    assert (refused.code, refused.where, refused.reason) == ("field-missing", "PID-3", "PID-3 has no patient number")


def test_a_message_without_a_patient_is_refused() -> None:
    assert problem(ADT, "EVN|A08|20250301").reason == "there is no PID segment, so the message speaks about nobody"


def test_absurdly_many_numbers_are_refused() -> None:
    assert problem(ADT, f"PID|1||{'1~' * 2000}1").reason == "PID-3 has more than 1,000 repetitions"


# --- empty says nothing, two double quotes take back ---


def test_an_empty_field_changes_nothing_and_two_double_quotes_take_back_what_was_said() -> None:
    first = statements(header("ADT^A08", sent="20250301070000+0000"), "PID|1||1001^^^HOSP^MR||Moss^Ada||19550303|F|||1 Mill Lane||555")
    second = statements(header("ADT^A08", sent="20250301080000+0000"), 'PID|1||1001^^^HOSP^MR||Moss-Byrne^Ada|||""|||||')
    person = timeline(first, second).person
    assert person is not None
    assert (person.family, person.born, person.sex, person.address) == ("Moss-Byrne", "1955-03-03", "", "1 Mill Lane")


@given(st.permutations([0, 1, 2, 3]))
def test_the_order_in_which_statements_arrive_makes_no_difference(order: list[int]) -> None:
    pids = ["||Moss^Ada||19550303|F", "||||", '||Moss^Ada||""|U', "||Byrne^Ada|||"]
    messages = [
        statements(header("ADT^A08", sent=f"202503010{hour}0000+0000"), f"PID|1||1001^^^HOSP^MR{rest}") for hour, rest in enumerate(pids, 5)
    ]  # fmt: skip
    person = timeline(*(messages[place] for place in order)).person
    assert person is not None
    assert (person.family, person.born, person.sex) == ("Byrne", "", "U")


def test_a_deleted_field_is_told_apart_from_an_empty_one_as_it_is_read() -> None:
    deleted = registered('PID|1||1||""||""|""|||""||""')
    assert (deleted.family, deleted.given, deleted.born, deleted.sex, deleted.address, deleted.phone) == (DELETED,) * 6
    empty = registered("PID|1||1||||||||")
    assert (empty.family, empty.given, empty.born, empty.sex, empty.address, empty.phone) == ("",) * 6


# --- several patients, memory, times ---


def test_a_new_pid_starts_a_new_patient_with_nothing_left_over_from_the_one_before() -> None:
    both = statements(
        header("ORU^R01"), PID, "PV1|1|I|||||||||||||||||V1", "OBR|1||F1|K|||20250301070000+0000", "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F",
        "PID|2||1002^^^HOSP^MR", "OBX|1|NM|2823-3^^LN||4.2|mmol/L|||||F",
    )  # fmt: skip
    first, second = both[1], both[3]
    assert (first.about, first.encounter, first.value.order) == ("HOSP/1001", "V1", "F1")  # type: ignore[union-attr]
    assert (second.about, second.encounter, second.value.order) == ("HOSP/1002", "", "")  # type: ignore[union-attr]
    assert first.occurred_at != second.occurred_at


def test_the_same_pid_line_said_again_differs_only_in_when_it_was_said() -> None:
    by = reader()
    first = stated(Registered, header("ADT^A08", sent="20250301070000+0000"), PID, by=by)[0]
    again = stated(Registered, header("ADT^A08", sent="20250301080000+0000"), PID, by=by)[0]
    assert again == first._replace(issued_at=again.issued_at)
    assert again.issued_at != first.issued_at


def test_the_same_line_from_a_result_does_not_borrow_the_admission_systems_authority() -> None:
    by = reader()
    assert stated(Registered, ADT, PID, by=by)[0].authority == 1
    assert stated(Registered, header("ORU^R01"), PID, by=by)[0].authority == 0


def test_a_message_from_the_future_is_flagged_not_believed() -> None:
    lines = (header("ORU^R01", sent="20250401000000+0000"), PID, "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F")
    observation = statements(*lines)[1].value
    assert FUTURE in observation.flags  # type: ignore[union-attr]
    assert observation.value == "4.1"  # type: ignore[union-attr]


def test_the_patient_is_known_even_when_the_rest_is_refused() -> None:
    result = received(header("ORU^R01"), PID, "obx|1")
    assert (result.patient, result.statements) == ("HOSP/1001", ())
    assert result.problem is not None
    assert result.problem.reason == "line 3 does not start with a segment name"
