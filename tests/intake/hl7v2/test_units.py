"""OBX-6: spellings of units, units that do not fit, and units that contradict the code. Factors: reference clinical-definitions-checked 1.2."""

import pytest

from intake.hl7v2.door import measured, reader
from wardline.core.events import Measured
from wardline.intake.hl7v2.sources import LocalCode, Source, zone_named


def value(code: str, number: str, unit: str) -> Measured:
    return measured(f"OBX|1|NM|{code}^^LN||{number}|{unit}|||||F")


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        *(("8867-4", unit) for unit in ("/min", "{beats}/min", "{Beats}/min", "1/min", "bpm", "beats/min", "min-1")),
        *(("9279-1", unit) for unit in ("/min", "{breaths}/min", "breaths/min", "rpm", "br/min")),
        *(("8480-6", unit) for unit in ("mm[Hg]", "mmHg", "mm Hg", "MMHG", "mm(hg)")),
        *(("59408-5", unit) for unit in ("%", "percent", "pct", "%{Saturation}")),
        *(("8310-5", unit) for unit in ("Cel", "C", "degC", "°C", "deg C", "Celsius")),
        *(("2823-3", unit) for unit in ("mmol/L", "mmol/l", "MMOL/L", "mEq/L", "meq/l", "mmol/L^millimole per litre^UCUM", "mM^^L^mmol/L^^UCUM")),
        *(("2160-0", unit) for unit in ("mg/dL", "mg/dl", "MG/DL")),
        *(("6690-2", unit) for unit in ("10*9/L", "10*3/uL", "K/uL", "10E3/uL", "x10\\S\\9/L", "10^9/L", "x10^3/uL", "10e9/l", "10^3/uL^^L")),
        *(("29463-7", unit) for unit in ("kg", "KG", "kgs")),
    ],
)  # fmt: skip
def test_the_spellings_of_a_unit_mean_the_same(code: str, unit: str) -> None:
    number = {"8310-5": "37", "59408-5": "97", "29463-7": "70", "2823-3": "4.1", "8480-6": "120"}.get(code, "12")
    read = value(code, number, unit)
    assert (read.value, type(read.value), read.flags, read.received) == (float(number), float, (), "")


@pytest.mark.parametrize(
    ("code", "number", "unit", "kept", "kept_unit", "received"),
    [
        ("8310-5", "98.6", "[degF]", 37.0, "Cel", "98.6 [degF]"),
        ("8310-5", "98.6", "F", 37.0, "Cel", "98.6 F"),
        ("8480-6", "16", "kPa", 16 * 7.50062, "mm[Hg]", "16 kPa"),
        ("29463-7", "154", "[lb_av]", 154 * 0.45359237, "kg", "154 [lb_av]"),
        ("8302-2", "70", "[in_i]", 177.8, "cm", "70 [in_i]"),
        ("71835-3", "0.4", "1", 40.0, "%", "0.4 1"),
        ("1975-2", "1.2", "mg/dL", 1.2, "mg/dL", ""),
        ("718-7", "130", "g/L", 13.0, "g/dL", "130 g/L"),
        ("6301-6", "1.1", "", 1.1, "{INR}", ""),
        ("2744-1", "7.4", "", 7.4, "[pH]", ""),
        ("9269-2", "15", "{score}", 15.0, "{score}", ""),
    ],
)
def test_another_unit_of_the_same_thing_is_converted_and_what_was_received_is_kept(
    code: str, number: str, unit: str, kept: float, kept_unit: str, received: str
) -> None:
    read = value(code, number, unit)
    assert read.value == pytest.approx(kept)
    assert (read.unit, read.received, read.flags) == (kept_unit, received, ())


@pytest.mark.parametrize(
    ("code", "molar", "number", "milligrams"),
    [("2160-0", "14682-9", "88.4", 1.0), ("2345-7", "14749-6", "5.5", 99.0), ("17861-6", "2000-8", "2.5", 10.02), ("1975-2", "14631-6", "17.1", 1.0)],
)
def test_amount_of_substance_is_converted_by_the_substance_under_the_code_that_means_amount(
    code: str, molar: str, number: str, milligrams: float
) -> None:
    unit = "umol/L" if code in ("2160-0", "1975-2") else "mmol/L"
    assert value(molar, number, unit).value == pytest.approx(milligrams)
    assert value(code, number, unit).flags == ("unit contradicts the code",)
    assert value(molar, "1", "mg/dL").flags == ("unit contradicts the code",)


def test_milliequivalents_are_millimoles_for_single_charges_and_half_of_them_for_double_ones() -> None:
    assert value("2951-2", "140", "mEq/L").value == 140.0
    # ionised calcium has two charges: 2.4 mEq/L are 1.2 mmol/L
    assert value("1994-3", "2.4", "mEq/L").value == pytest.approx(1.2)
    assert value("2160-0", "1", "mEq/L").flags == ("unit does not fit",)


@pytest.mark.parametrize(("code", "unit"), [("2823-3", "mg/dL"), ("8867-4", "mm[Hg]"), ("8310-5", "%"), ("29463-7", "cm"), ("2823-3", "furlong")])
def test_a_unit_that_cannot_be_right_keeps_the_number_from_being_scored_and_is_shown_as_it_was_sent(code: str, unit: str) -> None:
    read = value(code, "40", unit)
    assert (read.value, read.flags, read.unit, read.received) == ("40", ("unit does not fit",), unit, f"40 {unit}")


@pytest.mark.parametrize("code", ["2823-3", "8310-5", "59408-5", "8867-4", "3150-0"])
def test_a_missing_unit_is_never_guessed(code: str) -> None:
    read = value(code, "40", "")
    assert (read.value, read.flags, read.unit, read.received) == ("40", ("no unit",), "", "40")


def test_a_unit_ten_times_off_is_found_by_the_plausible_range() -> None:
    assert value("718-7", "13", "g/L").value == pytest.approx(1.3)
    assert value("718-7", "130", "g/dL").flags == ("implausible",)


def test_a_correction_may_come_in_another_unit() -> None:
    first, corrected = value("2160-0", "1.0", "mg/dL"), value("14682-9", "176.8", "umol/L")
    assert (first.concept, first.unit) == (corrected.concept, corrected.unit)
    assert corrected.value == pytest.approx(2.0)


def test_a_sites_mapping_may_imply_the_unit_where_the_message_has_none() -> None:
    source = Source("LAB", zone_named("UTC"), application="LAB", codes={"K": LocalCode("potassium", "mmol/L"), "NA": LocalCode("sodium")})
    by = reader(source)
    assert measured("OBX|1|NM|K^Kalium^L||4.1||||||F", by=by).value == 4.1
    assert measured("OBX|1|NM|NA^Natrium^L||140||||||F", by=by).flags == ("no unit",)
    assert measured("OBX|1|NM|K^Kalium^L||4.1|mg/dL|||||F", by=by).flags == ("unit does not fit",)
