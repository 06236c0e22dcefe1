"""ADT A34, A40, A47 (two numbers, one person), A37 (two persons after all), A45 (a visit under the wrong patient)."""

import pytest

from intake.hl7v2.door import PID, SENT, header, problem, statements
from wardline.core.events import Merged, Moved, Registered, Unmerged
from wardline.core.statements import Statement

MRG = "MRG|2002^^^HOSP^MR||||V7^^^HOSP"
EVN = "EVN||20250301075500+0000"


def links(trigger: str, *lines: str) -> list[Statement]:
    return [each for each in statements(header(f"ADT^{trigger}"), EVN, *lines) if not isinstance(each.value, Registered)]


@pytest.mark.parametrize("trigger", ["A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47"])
def test_the_prior_number_is_read_as_part_of_the_surviving_record(trigger: str) -> None:
    (merged,) = links(trigger, PID, MRG)
    assert (merged.about, merged.value) == ("HOSP/1001", Merged("HOSP/2002", SENT, "2002"))


def test_several_records_may_be_merged_by_one_message() -> None:
    other = PID.replace("1001", "1003")
    found = links("A40", PID, MRG, other, MRG.replace("2002", "2004"))
    assert [(each.about, each.value.retired) for each in found] == [("HOSP/1001", "HOSP/2002"), ("HOSP/1003", "HOSP/2004")]  # type: ignore[union-attr]


def test_older_merges_have_the_prior_number_in_mrg_4() -> None:
    (merged,) = links("A34", PID, "MRG||||2002^^^HOSP^MR")
    assert merged.value == Merged("HOSP/2002", SENT, "2002")


def test_a_changed_number_list_that_keeps_the_record_says_nothing() -> None:
    assert links("A47", PID, "MRG|1001^^^HOSP^MR") == []


@pytest.mark.parametrize(
    ("lines", "where", "reason"),
    [
        ((PID,), "MRG", "A40 needs an MRG segment after its PID"),
        ((MRG, PID), "MRG", "A40 needs an MRG segment after its PID"),
        ((PID, "MRG|^^^HOSP"), "MRG-1", "MRG-1 has no patient number"),
        ((PID, "MRG|1001^^^HOSP^MR"), "MRG-1", "MRG-1 and PID-3 are the same record"),
    ],
)
def test_a_merge_that_does_not_say_which_records_is_refused(lines: tuple[str, ...], where: str, reason: str) -> None:
    refused = problem(header("ADT^A40"), EVN, *lines)
    assert (refused.where, refused.reason) == (where, reason)


def test_an_unlink_makes_two_persons_of_one() -> None:
    (unlinked,) = links("A37", PID, PID.replace("1001", "2002"))
    assert (unlinked.about, unlinked.value) == ("HOSP/1001", Unmerged("HOSP/2002", SENT))


@pytest.mark.parametrize("lines", [(PID,), (PID, PID), (PID, PID, PID.replace("1001", "2"))])
def test_an_unlink_needs_two_different_patients(lines: tuple[str, ...]) -> None:
    assert problem(header("ADT^A37"), EVN, *lines).reason == "A37 needs two PID segments, one for each person"


def test_a_visit_moves_from_the_record_it_was_filed_under() -> None:
    (moved,) = links("A45", PID, MRG, "PV1|1|I|||||||||||||||||V8")
    assert (moved.about, moved.value) == ("HOSP/1001", Moved("V7", "HOSP/2002", SENT))


def test_a_visit_that_keeps_its_number_is_named_by_pv1() -> None:
    (moved,) = links("A45", PID, "MRG|2002^^^HOSP^MR", "PV1|1|I|||||||||||||||||V8")
    assert moved.value == Moved("V8", "HOSP/2002", SENT)


def test_several_visits_may_move_with_one_message() -> None:
    pv1 = "PV1|1|I|||||||||||||||||"
    found = links("A45", PID, "MRG|2002^^^HOSP^MR", f"{pv1}V8", "MRG|2003^^^HOSP^MR", f"{pv1}V9")
    assert [each.value for each in found] == [Moved("V8", "HOSP/2002", SENT), Moved("V9", "HOSP/2003", SENT)]


@pytest.mark.parametrize(
    ("lines", "where"),
    [((PID,), "MRG-1"), ((PID, "MRG|", "PV1|1|I"), "MRG-1"), ((PID, "MRG|2002^^^HOSP^MR", "PV1|1|I"), "MRG-5")],
)
def test_a_move_that_does_not_say_what_and_from_where_is_refused(lines: tuple[str, ...], where: str) -> None:
    assert problem(header("ADT^A45"), EVN, *lines).where == where


@pytest.mark.parametrize(
    ("trigger", "what"),
    [("A23", "deletes the record of a patient"), ("A29", "deletes a person"), ("A42", "merges two visits"),
     ("A43", "moves numbers from one patient to another"),
     ("A44", "moves an account from one patient to another"), ("A50", "changes the number of a visit")],
)  # fmt: skip
def test_what_wardline_does_not_follow_is_put_before_a_person_instead_of_being_half_done(trigger: str, what: str) -> None:
    refused = problem(header(f"ADT^{trigger}"), EVN, PID, MRG)
    assert (refused.code, refused.reason) == ("trigger-unsupported", f"{trigger} {what}, which is not followed here")
