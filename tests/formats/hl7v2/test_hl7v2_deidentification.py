"""SEC-17: an HL7 v2 message leaves the house without what identifies; what no line of the table names is dropped."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.identities import PEOPLE, identifiers, plain
from wardline.core.errors import Refused
from wardline.formats.hl7v2.builder import header, message, segment
from wardline.formats.hl7v2.deidentification import FIELDS, deidentified
from wardline.formats.hl7v2.escapes import escape
from wardline.formats.hl7v2.message import Message, parse
from wardline.security.deidentification import Deidentification, Profile
from wardline.simulator.people import Person

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
AS_OF = date(2024, 5, 1)
KEY = b"a key of these tests, 32 bytes.."
HEADER = "MSH|^~\\&|LAB|St Mary|WARD|H|20240301101500+0100||ORU^R01^ORU_R01|C77|P|2.5.1"
PID = "PID|1|99-1|40123456^^^HOSP^MR||Okafor^Ngozi^A||19550303|F|Ngo||12 Harbour Lane^^Wardbridge^CA^90210^USA||555-0112|||M|CAT|ACC778|078-05-1120"


def sent(*lines: str, profile: Profile = Profile.SAFE_HARBOR) -> Message:
    raw = "\r".join((HEADER, PID, *lines)).encode()
    return parse(deidentified(raw, Deidentification(profile, AS_OF, KEY).of))


def test_of_the_patient_only_what_safe_harbor_allows_stays() -> None:
    person = sent().first("PID")
    assert person is not None
    assert person.line == "PID|1||||||1955|F|||^^^CA^902^USA|||||M"


def test_of_somebody_over_89_not_even_the_year_of_birth_stays() -> None:
    raw = f"{HEADER}\rPID|1||4^^^H||A^B||19340502|F".encode()
    policy = Deidentification(Profile.SAFE_HARBOR, AS_OF)
    assert parse(deidentified(raw, policy.of)).first("PID").text(7) == "1934"  # type: ignore[union-attr]  # 89 until the next day
    older = Deidentification(Profile.SAFE_HARBOR, date(2024, 5, 2))
    assert parse(deidentified(raw, older.of)).first("PID").text(7) == ""  # type: ignore[union-attr]


def test_segments_that_no_line_names_are_dropped() -> None:
    left = sent("ZPI|secret", "GT1|1||Okafor^Tunde", "IN1|1|PLAN|||||||||||||||Okafor^Tunde", "ROL|4|AD|D1^Brandt", "CON|1|Okafor")
    assert [each.name for each in left.segments] == ["MSH", "PID"]


def test_fields_that_no_line_names_are_empty() -> None:
    full = "|".join(["PV1", *(f"F{number}" for number in range(1, 53))])
    visit = sent(full).first("PV1")
    assert visit is not None
    # HL7 v2.5.1 chapter 3: neither people (7, 8, 9, 17, 52) nor numbers (5, 50) nor the places before and after (6, 42, 43).
    assert {number for number in range(1, 53) if visit.field(number)} <= {1, 2, 3, 4, 10, 14, 18, 36}


def test_results_stay_whole() -> None:
    left = sent("OBR|1|P1|F1|2823-3^Potassium^LN|||202403010900", "OBX|1|NM|2823-3^Potassium^LN||5.6|mmol/L|3.5-5.1|H|||F|||20240301")
    assert left.first("OBX").line == "OBX|1|NM|2823-3^Potassium^LN||5.6|mmol/L|3.5-5.1|H|||F|||2024"  # type: ignore[union-attr]
    assert left.first("OBR").text(4, 2) == "Potassium"  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["ED", "RP", "XPN", "XAD", "CX", "XCN", "ZZ", ""])
def test_a_value_of_another_type_is_dropped(kind: str) -> None:
    assert sent(f"OBX|1|{kind}|X^Y||Zwart^Quirinia||||||F").first("OBX").field(5) == ""  # type: ignore[union-attr]


def test_a_name_that_escapes_hide_is_found() -> None:
    left = sent(r"OBX|1|FT|NOTE||\H\Oka\.br\for\N\ and O\T\X Ng\X6F\zi slept||||||F")
    assert "slept" in left.first("OBX").field(5)  # type: ignore[union-attr]
    assert "oka" not in plain(left.raw.decode())
    assert "ngozi" not in plain(left.raw.decode())


def test_a_name_in_a_field_for_codes_takes_the_code_with_it() -> None:
    left = sent("PV1|1|OKAFOR|Ngozi^12^1", "OBX|1|NM|OKAFOR^Okafor test^L||5||Okafor 3-4|||||F")
    assert "okafor" not in plain(left.raw.decode())
    assert "ngozi" not in plain(left.raw.decode())


def test_a_pseudonymised_record_keeps_intervals_and_links() -> None:
    left = sent("OBR|1|P1|F1|2823-3||20240301|20240227", profile=Profile.PSEUDONYMISED)
    stand_in = Deidentification(Profile.PSEUDONYMISED, AS_OF, KEY).of("40123456")
    assert left.first("PID").text(3, 1) == stand_in.code("40123456")  # type: ignore[union-attr]
    order = left.first("OBR")
    assert order is not None
    days = [date(int(text[:4]), int(text[4:6]), int(text[6:])) for text in (order.text(6), order.text(7))]
    assert (days[0] - days[1]).days == 3


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(Refused):
        deidentified(b"Mrs Okafor", Deidentification(Profile.SAFE_HARBOR, AS_OF).of)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_planted_in_any_field_of_any_segment_never_survives(data: st.DataObject) -> None:
    person = data.draw(PEOPLE)
    planted = data.draw(identifiers(person))
    name = data.draw(st.sampled_from([*sorted(FIELDS), "NK1", "GT1", "IN1", "ZXX", "OBX"]))
    place = data.draw(st.integers(1, 40))
    kind = data.draw(st.sampled_from(["TX", "FT", "ST", "CE", "CWE", "ED", "DT", "XPN", ""]))
    fields = ["" for _ in range(place - 1)] + [escape(planted.written)]
    if name == "OBX":
        fields = ["1", kind, "NOTE", "", escape(planted.written), *fields[5:]]
    raw = message([header(application="LAB", facility="H", at=NOON, kind="ORU^R01", control_id="1"), _pid(person), "|".join((name, *fields))])
    clean = deidentified(raw, Deidentification(Profile.SAFE_HARBOR, AS_OF).of).decode()
    left = " ".join(plain(part) for part in re.split(r"[|^~&\r]", clean))
    assert [trace for trace in planted.traces if trace in left] == [], left


def _pid(person: Person) -> str:
    street, town, code = person.address
    born = person.born.strftime("%Y%m%d")
    return segment(
        "PID", "1", None, (person.number, None, None, "WGH"), None, (person.family, person.given), None, born, person.sex, None, None,
        (street, None, town, None, code), None, person.phone,
    )  # fmt: skip
