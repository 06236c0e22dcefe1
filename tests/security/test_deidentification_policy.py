"""SEC-17: the policy behind every format: what each profile leaves, and that one patient has the same stand-ins in all of them."""

import io
import json
from datetime import date

import pydicom
import pytest

from support.pictures import bytes_of, picture
from wardline.core.deidentification import Known
from wardline.formats.dicom.deidentification import files as dicom
from wardline.formats.dicom.deidentification.options import Option
from wardline.formats.fhir import deidentification as fhir
from wardline.formats.hl7v2 import deidentification as hl7v2
from wardline.formats.hl7v2.message import parse
from wardline.security.deidentification import FEW_PEOPLE, Deidentification, Profile

KEY = b"a key of these tests, 32 bytes.."
AS_OF = date(2024, 5, 1)
SAFE = Deidentification(Profile.SAFE_HARBOR, AS_OF).of("40123456")
PSEUDONYMISED = Deidentification(Profile.PSEUDONYMISED, AS_OF, KEY)


@pytest.mark.parametrize(("stated", "left"), [
    ("2024-03-01T10:15:00+01:00", "2024"), ("20240301", "2024"), ("2024", "2024"), ("1950-01", "1950"), ("", ""), ("last March", ""),
    ("20249999", ""),
])  # fmt: skip
def test_safe_harbor_leaves_the_year_of_a_date_and_nothing_of_what_is_none(stated: str, left: str) -> None:
    """45 CFR 164.514(b)(2)(i)(C)"""
    assert SAFE.moment(stated) == left


@pytest.mark.parametrize(("born", "left"), [("19340502", "1934"), ("19340501", ""), ("1934-04", ""), ("19550303", "1955")])
def test_of_whoever_is_over_89_the_year_of_birth_goes_too(born: str, left: str) -> None:
    assert SAFE.moment(born, birth=True) == left


@pytest.mark.parametrize(("code", "left"), [("90210", "902"), ("90210-1234", "902"), ("03601", "000"), ("SW1A 1AA", ""), ("10115 Berlin", "")])
def test_three_digits_of_a_zip_code_stay_where_many_people_live(code: str, left: str) -> None:
    """45 CFR 164.514(b)(2)(i)(B)"""
    assert SAFE.postal(code) == left


def test_the_list_of_areas_with_few_people_has_the_seventeen_of_the_2000_census() -> None:
    assert len(FEW_PEOPLE) == 17


def test_safe_harbor_gives_neither_names_nor_numbers_and_links_hold_for_one_export() -> None:
    other = Deidentification(Profile.SAFE_HARBOR, AS_OF, KEY).of("40123456")
    assert (SAFE.name("Okafor"), SAFE.code("40123456")) == ("", "")
    assert SAFE.token("p1") == SAFE.token("p1") != other.token("p1")


def test_a_moved_moment_keeps_its_time_and_its_precision() -> None:
    by = PSEUDONYMISED.of("40123456")
    assert by.moment("2024-03-01T10:15:00.5+01:00").endswith("T10:15:00.5+01:00")
    assert by.moment("20240301101500+0100").endswith("101500+0100")
    assert (len(by.moment("2024-03")), len(by.moment("202403")), len(by.moment("2024"))) == (7, 6, 4)


@pytest.mark.parametrize("value", ["OKAFOR", "4012-3456", "x40123456", "1955-03-03", "555-0112", "ada@mail.example", "078-05-1120"])
def test_a_code_that_is_none_does_not_stay(value: str) -> None:
    by = PSEUDONYMISED.of("40123456", Known(("Ngozi Okafor",), ("555-0112",)))
    assert by.kept(value) == "" or value == "x40123456"


@pytest.mark.parametrize("value", ["2823-3", "271649006", "mm[Hg]", "10*3/uL", "F", "5.6", "http://loinc.org", "I48.0", "20240301"])
def test_a_code_stays(value: str) -> None:
    assert PSEUDONYMISED.of("40123456", Known(("Ngozi Okafor",))).kept(value) == value


def test_one_patient_is_the_same_invented_person_in_every_format() -> None:
    of = PSEUDONYMISED.of
    message = (
        b"MSH|^~\\&|A|B|C|D|20240301||ADT^A01|1|P|2.5\rPID|1||40-123456^^^H||Okafor^Ngozi||19310303|F\rNTE|1||Mrs Okafor, MRN 40123456, 2024-03-01"
    )
    person = parse(hl7v2.deidentified(message, of)).first("PID")
    note = parse(hl7v2.deidentified(message, of)).first("NTE")
    assert person is not None
    assert note is not None
    resource = fhir.deidentified({
        "resourceType": "Patient", "id": "a", "identifier": [{"value": "40123456"}], "name": [{"family": "Okafor", "given": ["Ngozi"]}],
        "birthDate": "1931-03-03",
    }, of).resource  # fmt: skip
    image = pydicom.dcmread(io.BytesIO(dicom.deidentified(bytes_of(picture()), of, frozenset({Option.RETAIN_MODIFIED_DATES}))))
    assert person.text(3, 1).replace("-", "") == resource["identifier"][0]["value"] == image.PatientID
    assert (person.text(5, 1), person.text(5, 2)) == (resource["name"][0]["family"], resource["name"][0]["given"][0])
    assert str(image.PatientName) == f"{person.text(5, 1)}^{person.text(5, 2)}"
    assert person.text(7) == resource["birthDate"].replace("-", "") == image.PatientBirthDate
    written = note.text(3)
    assert person.text(5, 1) in written
    assert image.PatientID in written
    assert f"{image.StudyDate[:4]}-{image.StudyDate[4:6]}-{image.StudyDate[6:]}" in written
    assert "Okafor" not in json.dumps(resource) + written
