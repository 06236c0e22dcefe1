"""DICOM JSON as bytes and back: what we write, pydicom and our own scanner read as it was meant."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.filereader import dcmread

from wardline.core.errors import Refused
from wardline.formats.dicom.scanning import scan_bytes
from wardline.formats.dicom.writing import data_set

EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
WORDS = st.text("abcÄ山 1", min_size=1, max_size=12).map(str.strip).filter(bool)
ITEM = st.fixed_dictionaries({
    "00080060": st.sampled_from(["CT", "MR"]).map(lambda code: {"vr": "CS", "Value": [code]}),
    "00400007": WORDS.map(lambda words: {"vr": "LO", "Value": [words]}),
})  # fmt: skip
ATTRIBUTES = st.fixed_dictionaries(
    {"00100020": WORDS.map(lambda words: {"vr": "LO", "Value": [words]})},
    optional={
        "00100010": st.builds(lambda a, b: {"vr": "PN", "Value": [{"Alphabetic": a, "Ideographic": b}]}, st.sampled_from(["Moss^Ada"]), WORDS),
        "00280010": st.integers(0, 65535).map(lambda number: {"vr": "US", "Value": [number]}),
        "00200013": st.integers(-999, 99999).map(lambda number: {"vr": "IS", "Value": [number]}),
        "00281053": st.floats(-1e6, 1e6).map(lambda number: {"vr": "DS", "Value": [round(number, 3)]}),
        "00081150": st.just({"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.2"]}),
        "00400100": st.lists(ITEM, min_size=1, max_size=2).map(lambda items: {"vr": "SQ", "Value": items}),
        "00080050": st.just({"vr": "SH"}),
        "00280009": st.just({"vr": "AT", "Value": ["00181063"]}),
    },
)


@given(ATTRIBUTES, st.sampled_from([EXPLICIT, IMPLICIT]))
def test_what_is_written_is_read_as_it_was_meant(attributes: dict[str, Any], syntax: str) -> None:
    found = scan_bytes(data_set(attributes, syntax), syntax).attributes
    found.pop("00080005", None)
    assert found == attributes


def test_pydicom_reads_it_too() -> None:
    said = {
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Müster^Zoë"}]},
        "00400100": {"vr": "SQ", "Value": [{"00080060": {"vr": "CS", "Value": ["CT"]}}]},
    }
    found = dcmread(io.BytesIO(data_set(said, IMPLICIT)), force=True)
    assert (str(found.PatientName), found.ScheduledProcedureStepSequence[0].Modality) == ("Müster^Zoë", "CT")


def test_another_way_of_writing_is_refused() -> None:
    with pytest.raises(Refused, match="not written"):
        data_set({}, "1.2.840.10008.1.2.2")
