"""Which substances an order means, how much of it and by which way: what every check of the medication rests on."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.codings import Coding
from wardline.core.course import Medication
from wardline.science.medication.amounts import Amount, amount_of, daily_dose, times_a_day
from wardline.science.medication.classes import CLASSES, classes_of, members
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.products import PRODUCTS
from wardline.science.medication.recognising import BY_NAME, SUBSTANCES, atc_of, substances_of
from wardline.science.medication.routes import is_systemic, route_of


def names(what: str, *codings: Coding) -> list[str]:
    return [substance.name for substance in substances_of(what, codings)]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("Warfarin sodium 5 mg tablet", ["warfarin"]), ("Co-amoxiclav 625 mg", ["amoxicillin", "clavulanic acid"]),
        ("Hydrochlorothiazide 12.5 MG / Lisinopril 10 MG Oral Tablet", ["hydrochlorothiazide", "lisinopril"]),
        ("insulin glargine 100 units/mL", ["insulin glargine"]), ("Acetaminophen 325 MG", ["paracetamol"]), ("losartan potassium", ["losartan"]),
        ("Penicillin V Potassium 250 MG", ["phenoxymethylpenicillin"]), ("ferrous sulphate", ["ferrous sulfate"]), ("St. John's wort",
            ["st john's wort"]),
        ("PIPERACILLIN-TAZOBACTAM 4.5 G", ["piperacillin", "tazobactam"]), ("zzyzxol", []), ("", []),
    ],
)  # fmt: skip
def test_a_drug_is_recognised_by_the_words_of_its_order(what: str, expected: list[str]) -> None:
    assert names(what) == expected


def test_a_known_code_goes_before_the_words() -> None:
    assert names("nobody knows", Coding("11289", "rxnorm")) == ["warfarin"]
    assert names("nobody knows", Coding("J01EE01", "atc")) == ["trimethoprim", "sulfamethoxazole"]
    assert names("warfarin", Coding("999999999", "rxnorm")) == ["warfarin"]


def test_no_code_and_no_name_means_two_substances() -> None:
    named = Counter(name for substance in SUBSTANCES for name in {substance.name, *substance.also})
    rxnorm = Counter(substance.rxnorm for substance in SUBSTANCES if substance.rxnorm)

    assert [name for name, count in named.items() if count > 1] == []
    assert [code for code, count in rxnorm.items() if count > 1] == []
    assert all(part in BY_NAME for product in PRODUCTS for part in product.parts)


def test_every_class_has_members_that_exist() -> None:
    assert all(members(name) <= BY_NAME.keys() and members(name) for name in CLASSES)
    assert {"nsaid"} <= classes_of("ibuprofen")
    assert "lithium" not in members("antipsychotic")


def test_a_combination_has_its_own_atc_code_beside_those_of_its_parts() -> None:
    assert atc_of("sacubitril/valsartan") == {"C09DX04", "C09CA03"}


@pytest.mark.parametrize(
    ("dose", "frequency", "expected"),
    [
        ("1 g", "TID", Amount(3000, "mg")), ("500 mcg", "every 12 hours", Amount(1, "mg")), ("1,000 mg", "Q6H", Amount(4000, "mg")),
        ("20 mg/h", "", Amount(480, "mg")), ("15 mg/kg", "q8h", Amount(3150, "mg")), ("5 - 10 mg", "bid", None), ("5 mg", "when needed", None),
        ("5 mg", "", None), ("2 tablets", "bd", Amount(4, "tablet")), ("400 mg", "BID PRN", None),
    ],
)  # fmt: skip
def test_a_daily_dose_is_read_only_where_it_is_plain(dose: str, frequency: str, expected: Amount | None) -> None:
    assert daily_dose(dose, frequency, weight_kg=70) == expected


@pytest.mark.parametrize(
    "dose",
    [
        "1 000 mg",  # was 0 mg
        "10\u202f000 units",  # was 0 units
        "2 500 mg",  # was 500 mg: one number, or two tablets
        "2 x 500 mg", "2x500mg", "2 × 500 mg",  # were 500 mg
        "100 units/mL", "100 mcg / puff",  # were 100 units and 0.1 mg: a strength is no dose
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_no_amount(dose: str) -> None:
    assert amount_of(dose) is None


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        ("500 \u03bcg", Amount(0.5, "mg")), ("500 \u00b5g", Amount(0.5, "mg")), ("1 g/250 mL", Amount(1000, "mg")),
        ("15 mg/kg/dose", Amount(15, "mg/kg")),
        ("5 mg/24 h", Amount(5, "mg/day")), ("25 mcg/h", Amount(0.025, "mg/h")), ("1,000 units", Amount(1000, "unit")),
    ],
)  # fmt: skip
def test_what_wards_write_plainly_is_read(dose: str, expected: Amount) -> None:
    assert amount_of(dose) == expected


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("once per week", 1 / 7), ("2 times per week", 2 / 7), ("once per 2 weeks", 1 / 14), ("twice per day", 2), ("5 times per day", 5),
        ("once per 12 hours", 2), ("2 times per 3 days", 2 / 3), ("1 to 4 times per day", None), ("2 times per day on mon, wed", None),
    ],
)  # fmt: skip
def test_how_often_is_read_as_fhir_orders_say_it(frequency: str, expected: float | None) -> None:
    assert times_a_day(frequency) == (pytest.approx(expected) if expected is not None else None)


def test_a_dose_by_weight_is_nothing_without_the_weight() -> None:
    assert daily_dose("15 mg/kg", "q8h") is None


@given(st.floats(0.001, 9999, allow_nan=False).map(lambda value: round(value, 3)), st.integers(1, 24))
def test_more_often_is_more_a_day(value: float, hours: int) -> None:
    once = amount_of(f"{value} mg")
    often = times_a_day(f"Q{hours}H")
    assert once is not None
    assert often is not None
    daily = daily_dose(f"{value} mg", f"Q{hours}H")
    assert daily is not None
    assert daily.value == pytest.approx(once.value * 24 / hours)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_written_nothing_breaks(what: str, dose: str) -> None:
    substances_of(what)
    daily_dose(dose, what)
    route_of(what, dose)


def test_what_is_put_on_the_skin_does_not_reach_the_blood_and_an_unnamed_route_does() -> None:
    assert not is_systemic("topical")
    assert not is_systemic("", "Diclofenac 1 % gel")
    assert is_systemic("", "diclofenac 50 mg")
    assert is_systemic("PO", "diclofenac gel")


@pytest.mark.parametrize(("route", "what"), [("nasal", "Sumatriptan 20 mg"), ("TP", "Nitroglycerin 2 % ointment"), ("", "Fentanyl nasal spray")])
def test_what_is_meant_for_the_whole_body_reaches_it_also_by_nose_and_skin(route: str, what: str) -> None:
    (drug,) = drugs_of([Medication(what, route=route)]).all

    assert drug.is_systemic
    assert not drugs_of([Medication("Mometasone 50 mcg", route="nasal")]).all[0].is_systemic
