"""Whose study is this? Everything it says must agree; what contradicts goes to a person and never to another patient."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.events import Identifier, Registered
from wardline.core.images import StudyRecord
from wardline.intake.dicom.placing import Doubt, Known, Placed, contradicts, placed

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ELENA = Registered((Identifier("4015", "HOSP"),), "Marchetti", "Elena", "1961-06-22", "F")
BRUNO = Registered((Identifier("7001", "HOSP"),), "Keller", "Bruno", "1950-01-02", "M")


def study(
    *, patient_id: str = "4015", issuer: str = "HOSP", name: str = "MARCHETTI^ELENA", birth_date: str = "19610622", sex: str = "F",
    accession: str = "",
) -> StudyRecord:  # fmt: skip
    return StudyRecord("1.2.3", patient_id, issuer, name, birth_date, sex, accession, "PET/CT", NOON, "complete", NOON)


def known(orders: dict[str, str] | None = None, merged: dict[str, str] | None = None) -> Known:
    people = {"HOSP|4015": ELENA, "HOSP|7001": BRUNO}
    return Known(
        lambda identifier: f"{identifier.assigner}|{identifier.number}", people.get, lambda record: (merged or {}).get(record, record),
        lambda number: (orders or {}).get(number, ""),
    )  # fmt: skip


def test_number_and_details_that_agree_place_a_study() -> None:
    assert placed(study(), known(), "") == Placed("HOSP|4015", "identity")


def test_an_accession_number_of_their_own_order_says_so() -> None:
    assert placed(study(accession="RAD-77"), known({"RAD-77": "HOSP|4015"}), "") == Placed("HOSP|4015", "order")


def test_an_accession_number_of_somebody_elses_order_goes_to_a_person_who_sees_both() -> None:
    found = placed(study(accession="RAD-77"), known({"RAD-77": "HOSP|7001"}), "")

    assert isinstance(found, Doubt)
    assert "another patient's order" in found.why
    assert found.candidates == ("HOSP|7001", "HOSP|4015")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"birth_date": "19610623"}, "birth date"),
        ({"sex": "M"}, "sex"),
        ({"name": "KELLER^BRUNO"}, "name"),
        ({"name": "", "birth_date": ""}, "neither its name nor its birth date"),
    ],
)
def test_a_detail_that_contradicts_goes_to_a_person(said: dict[str, str], why: str) -> None:
    found = placed(study(**said), known(), "")

    assert isinstance(found, Doubt)
    assert why in found.why
    assert found.candidates == ("HOSP|4015",)


def test_a_new_family_name_with_the_same_given_name_and_birth_date_is_the_same_person() -> None:
    assert placed(study(name="ROSSI^ELENA"), known(), "") == Placed("HOSP|4015", "identity")


def test_a_name_is_compared_without_accents_case_and_hyphens() -> None:
    person = ELENA._replace(family="Müller-Lüdenscheid", given="Zoë")

    assert contradicts(study(name="MUELLER LUEDENSCHEID^ZOE"), person) is None


def test_no_number_goes_to_a_person_who_is_shown_whose_order_it_was() -> None:
    assert placed(study(patient_id="", accession="RAD-77"), known({"RAD-77": "HOSP|4015"}), "HOSP") == Doubt(
        "it carries no patient number", ("HOSP|4015",)
    )


def test_who_assigns_numbers_comes_from_the_site_where_the_study_does_not_say() -> None:
    assert placed(study(issuer=""), known(), "HOSP") == Placed("HOSP|4015", "identity")


def test_the_same_number_of_another_hospital_is_somebody_else() -> None:
    """Recycled numbers across hospitals have merged two people in other systems."""
    found = placed(study(issuer="OTHER", name="NOWAK^JAN", birth_date="19800101", sex="M"), known(), "HOSP")

    assert isinstance(found, Placed)
    assert found.about == "OTHER|4015"
    assert found.registers is not None
    assert (found.registers.family, found.registers.born, found.registers.authority) == ("NOWAK", "1980-01-01", 0)


@pytest.mark.parametrize("said", [{"issuer": ""}, {"name": ""}, {"birth_date": ""}])
def test_an_unknown_number_without_issuer_name_or_birth_date_registers_nobody(said: dict[str, str]) -> None:
    found = placed(study(**{"patient_id": "9999", **said}), known(), "")

    assert isinstance(found, Doubt)
    assert "nobody here has this patient number" in found.why


def test_a_record_that_was_merged_is_read_under_the_one_that_survives() -> None:
    merged = {"HOSP|4000": "HOSP|4015"}

    assert placed(study(patient_id="4000"), known(merged=merged), "") == Placed("HOSP|4015", "identity")


@given(name=st.text(max_size=20), birth_date=st.text(alphabet="0123456789", max_size=9), sex=st.sampled_from(["F", "M", "O", ""]))
def test_whatever_a_study_says_it_never_lands_on_a_chart_whose_birth_date_or_sex_it_contradicts(name: str, birth_date: str, sex: str) -> None:
    found = placed(study(name=name, birth_date=birth_date, sex=sex), known(), "")

    if isinstance(found, Placed):
        assert sex != "M"
        assert birth_date == "19610622" or len(birth_date) != 8
