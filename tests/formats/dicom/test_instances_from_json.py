"""Instances out of DICOM JSON: what pydicom reads back is what was said, and what cannot be said is refused."""

from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.sequence import Sequence

from support.dicom_door import bytes_of, ct
from wardline.core.errors import Refused
from wardline.formats.dicom.from_json import Beside, file_from, referred


def rich() -> Dataset:
    inner = Dataset()
    inner.ReferencedSOPClassUID, inner.ReferencedSOPInstanceUID, inner.PurposeOfReferenceCodeSequence = "1.2.3", "1.2.3.4", Sequence([Dataset()])
    return ct(
        SpecificCharacterSet="ISO_IR 100", PatientName="Müller^Änne", PixelSpacing=["0.5", "0.25"], ImageType=["ORIGINAL", "", "AXIAL"],
        RescaleSlope="1e-3", SmallestImagePixelValue=0, FrameIncrementPointer=0x00181063, ReferencedImageSequence=Sequence([inner, Dataset()]),
        ImageComments="one\\two", TriggerTime="12", PatientWeight="71.5", RealWorldValueSlope=0.1, PatientComments="", ReferencedFrameNumber="-3",
    )  # fmt: skip


def test_what_pydicom_reads_is_what_was_said() -> None:
    content = bytes_of(rich())
    image = read_dataset(BytesIO(content), is_implicit_VR=False, is_little_endian=True)
    said = image.to_json_dict(64, lambda element: "bulk/1")

    file = file_from(said, {"bulk/1": Beside(image.PixelData)}, "TEST")

    read = dcmread(BytesIO(file))
    assert list(referred(said)) == ["bulk/1"]
    assert read.PixelData == image.PixelData
    assert read.PatientName == "Müller^Änne"
    assert read.to_json_dict(64, lambda element: "bulk/1") == said | {"00080005": {"vr": "CS", "Value": ["ISO_IR 192"]}}


@pytest.mark.parametrize(
    ("value", "read"), [(0.1, "0.1"), (1 / 3, "0.33333333333333"), (-1.5e-300 / 7, "-2.14285714e-301"), (12.0, "12"), ("1.50", "1.50")]
)
def test_a_decimal_keeps_as_many_digits_as_there_is_room_for(value: Any, read: str) -> None:
    """PS3.5 6.2: 16 characters."""
    said = minimal() | {"00281053": {"vr": "DS", "Value": [value]}}

    assert f"{read:<{len(read) + len(read) % 2}}".encode() in file_from(said, {}, "TEST")
    assert len(read) <= 16


def minimal() -> dict[str, Any]:
    return {"00080016": {"vr": "UI", "Value": ["1.2.3"]}, "00080018": {"vr": "UI", "Value": ["1.2.3.4"]}}


@pytest.mark.parametrize(
    "element",
    [
        {"vr": "US", "Value": [70_000]}, {"vr": "US", "Value": [1.5]}, {"vr": "US", "Value": [True]}, {"vr": "US", "Value": [None]},
        {"vr": "FL", "Value": ["many"]}, {"vr": "FL", "Value": [1e300]}, {"vr": "DS", "Value": ["1,5"]}, {"vr": "IS", "Value": [1.5]},
        {"vr": "DS", "Value": ["NaN"]}, {"vr": "LO", "Value": [5]}, {"vr": "LO", "Value": ["a\\b"]}, {"vr": "LO", "Value": "a"},
        {"vr": "LT", "Value": ["a", "b"]}, {"vr": "PN", "Value": ["A^B"]}, {"vr": "PN", "Value": [{"Other": "A"}]}, {"vr": "AT", "Value": ["7FE0"]},
        {"vr": "OW", "Value": [1]}, {"vr": "OW", "InlineBinary": "%"}, {"vr": "XX", "Value": ["a"]}, {"vr": "XX"}, {"Value": ["a"]}, {"vr": ["LO"]},
        {"vr": "SQ", "Value": [{"00080018": {"vr": "US", "Value": [-1]}}]}, {"vr": "LO", "Value": ["\ud800"]}, {"vr": "SH", "Value": ["a" * 70_000]},
        {"vr": "OW", "BulkDataURI": "bulk/1"}, {"vr": "SQ", "BulkDataURI": "bulk/0"},
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_written_as_it_is_said_is_refused_with_its_place(element: Any) -> None:
    with pytest.raises(Refused, match=r"\(0028,1053\)|\(0008,0018\)"):
        file_from(minimal() | {"00281053": element}, {"bulk/0": Beside(b"1234")}, "TEST")


@pytest.mark.parametrize(
    "said",
    [
        {"00020010": {"vr": "UI", "Value": ["1.2"]}}, {"PatientID": {"vr": "LO"}}, {"0010002": {"vr": "LO"}}, {"00100020": 5},
        {"00100020": {"vr": "LO", "Value": ["1"], "InlineBinary": "AA=="}}, {"00081140": {"vr": "SQ", "Value": {}}},
        {"00081140": {"vr": "SQ", "Value": [5]}},
    ],
)  # fmt: skip
def test_what_is_no_element_of_an_instance_is_refused(said: Any) -> None:
    with pytest.raises(Refused):
        list(referred(said))


def nested(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(values, max_size=3), st.dictionaries(st.sampled_from(["vr", "Value", "InlineBinary", "00080018", "0040A730"]), values))


@given(
    st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.sampled_from(["SQ", "PN", "US"])), nested)
)
def test_no_json_makes_it_do_anything_but_answer_or_refuse(said: Any) -> None:
    with suppress(Refused):
        instance = minimal() | {"0040A730": said}
        list(referred(instance))
        file_from(instance, {}, "TEST")


def test_a_missing_uid_is_said() -> None:
    with pytest.raises(Refused, match="SOP Instance UID"):
        file_from({"00080016": {"vr": "UI", "Value": ["1.2.3"]}}, {}, "TEST")
