"""Reference faults FT-20 and FT-21: nothing that is not plainly a number in a plausible range is ever scored, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.hl7v2.door import measured, oru, reader, stated
from wardline.core.concepts import POTASSIUM
from wardline.core.events import Measured
from wardline.core.observations import usable
from wardline.intake.hl7v2.sources import Source, zone_named

COMMA = reader(Source("LAB", zone_named("UTC"), application="LAB", decimal_comma=True))


def potassium(field: str, kind: str = "NM", unit: str = "mmol/L") -> Measured:
    return measured(f"OBX|1|{kind}|2823-3^Potassium^LN||{field}|{unit}|||||F")


# OBX-2, OBX-5 -> what is scored, or what is shown and why it is not scored
TRAPS = [
    ("NM", "4.1", 4.1, "", ()),
    ("NM", "4", 4.0, "", ()),
    ("NM", "+4.1", 4.1, "", ()),
    ("NM", "4.", 4.0, "", ()),
    ("NM", " 4.1 ", 4.1, "", ()),
    ("NM", "41e-1", 4.1, "", ()),
    ("ST", "4.1", 4.1, "", ()),
    ("SN", "^4.1", 4.1, "", ()),
    ("SN", "=^4.1", 4.1, "", ()),
    ("NM", "<1.5", 1.5, "<", ()),
    ("NM", "> 10", 10.0, ">", ()),
    ("NM", "<=1.5", 1.5, "<=", ()),
    ("SN", ">=^10", 10.0, ">=", ()),
    ("SN", "<^1.5", 1.5, "<", ()),
    ("NM", "4,1", "4,1", "", ("decimal comma",)),
    ("NM", "1,500", "1,500", "", ("decimal comma",)),
    ("NM", "4.1-", "4.1-", "", ("not a number",)),
    ("NM", "12-", "12-", "", ("not a number",)),
    ("NM", "+", "+", "", ("not a number",)),
    ("NM", "-", "-", "", ("not a number",)),
    ("NM", ".", ".", "", ("not a number",)),
    ("NM", "NaN", "NaN", "", ("not a number",)),
    ("NM", "inf", "inf", "", ("not a number",)),
    ("NM", "1e309", "1e309", "", ("not a number",)),
    ("NM", "1_0", "1_0", "", ("not a number",)),
    ("NM", "0x4", "0x4", "", ("not a number",)),
    ("NM", "4.1.2", "4.1.2", "", ("not a number",)),
    ("NM", "٤", "٤", "", ("not a number",)),
    ("NM", "４.１", "４.１", "", ("not a number",)),
    ("NM", "4.1 mmol/L", "4.1 mmol/L", "", ("unit inside the value",)),
    ("NM", "4.1H", "4.1H", "", ("unit inside the value",)),
    ("NM", "haemolysed", "haemolysed", "", ("not a number",)),
    ("NM", "4.1~4.3", "4.1~4.3", "", ("not a number",)),
    ("SN", "^4.1^-^4.5", "4.1-4.5", "", ("not a single number",)),
    ("SN", "^1^:^128", "1:128", "", ("not a single number",)),
    ("SN", "^3^+", "3+", "", ("not a single number",)),
    ("SN", "~^3", "~3", "", ("not a single number",)),
    ("CE", "4.1^four^L", "four", "", ("not a number",)),
    ("NM", "9" * 500, "9" * 500, "", ("not a number",)),
    ("NM", "", None, "", ("no value",)),
]


@pytest.mark.parametrize(("kind", "field", "value", "comparator", "flags"), TRAPS)
def test_a_number_is_scored_only_when_it_is_plainly_one(
    kind: str, field: str, value: float | str | None, comparator: str, flags: tuple[str, ...]
) -> None:
    read = potassium(field, kind)
    assert (read.value, type(read.value), read.comparator, read.flags) == (value, type(value), comparator, flags)
    scored = usable(POTASSIUM, read, preliminary=True)
    assert scored == (value if type(value) is float and not comparator else None)


def test_two_double_quotes_take_the_value_back_while_an_empty_field_only_says_nothing() -> None:
    assert (potassium('""').status, potassium('""').value) == ("D", None)
    assert (potassium("").status, potassium("").value) == ("F", None)


def test_a_source_that_agreed_on_decimal_commas_is_read_so() -> None:
    read = measured("OBX|1|NM|2823-3^^LN||4,1|mmol/L|||||F", by=COMMA)
    assert (read.value, read.flags) == (4.1, ())
    assert measured("OBX|1|NM|2823-3^^LN||1.234,5|mmol/L|||||F", by=COMMA).flags == ("not a number",)


# FT-21: code, value, unit
@pytest.mark.parametrize(
    ("code", "value", "unit", "shown"),
    [("59408-5", "9", "%", "9 %"), ("8867-4", "700", "/min", "700 /min"), ("8310-5", "98.6", "Cel", "98.6 Cel"),
     ("8310-5", "-999", "Cel", "-999 Cel"), ("2823-3", "41", "mmol/L", "41 mmol/L"),
     ("8480-6", "8388607", "mm[Hg]", "8388607 mm[Hg]"), ("3150-0", "15", "%", "15 %")],
)  # fmt: skip
def test_an_implausible_value_is_shown_as_such_and_never_scored(code: str, value: str, unit: str, shown: str) -> None:
    read = measured(f"OBX|1|NM|{code}^^LN||{value}|{unit}|||||F")
    assert (read.value, read.flags, read.received) == (value, ("implausible",), shown)


def test_the_limits_of_the_plausible_range_belong_to_it() -> None:
    low, high = POTASSIUM.plausible or (0, 0)
    assert [potassium(f"{value:g}").value for value in (low, high)] == [low, high]


@given(st.text(max_size=12) | st.decimals(allow_nan=True, allow_infinity=True).map(str))
def test_whatever_is_sent_as_a_number_is_either_a_finite_plausible_number_or_a_text_with_a_reason(field: str) -> None:
    sent = "".join(character for character in field if character not in "|^~\\&\r\n")
    read = potassium(sent)
    if type(read.value) is float:
        assert read.flags == ()
        assert POTASSIUM.is_plausible(read.value)
    else:
        assert read.flags or read.status == "D"


@given(st.lists(st.sampled_from([field for kind, field, *_ in TRAPS if kind == "NM"]), min_size=1, max_size=6))
def test_what_was_read_before_makes_no_difference(fields: list[str]) -> None:
    by = reader()
    lines = [f"OBX|{number}|NM|2823-3^Potassium^LN||{field}|mmol/L|||||F" for number, field in enumerate(fields, 1)]
    together = stated(Measured, *oru(*lines), by=by)
    again = stated(Measured, *oru(*lines), by=by)
    alone = [measured(line) for line in lines]
    assert together == again == alone
