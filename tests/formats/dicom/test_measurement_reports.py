"""Measurements as structured reports, key images, pictures and maps: in DICOM's own words, valid to DCMTK, the same when written twice."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import highdicom as hd
import numpy as np
import pytest
from pydicom.sr._concepts_dict import concepts
from pydicom.sr.coding import Code

from support.dcmtk import report
from support.reference import reference_data
from support.scans import SERIES, STUDY, grid, series
from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Label, LabelMap, Volume
from wardline.formats.dicom import measurement_codes as codes
from wardline.formats.dicom.derived import opened
from wardline.formats.dicom.key_objects import TITLES, key_objects
from wardline.formats.dicom.measurement_reading import Read, measurements_in
from wardline.formats.dicom.measurement_reports import Measurement, Region, measurement_report
from wardline.formats.dicom.parametric_maps import parametric_map
from wardline.formats.dicom.secondary_capture import secondary_capture
from wardline.formats.dicom.segmentations import segmentation_object
from wardline.science.imaging.suv.factors import KINDS

AT = datetime(2026, 9, 1, 12, 30, 15, tzinfo=UTC)
BODY_WEIGHT = "{SUVbw}g/ml"
PET_REPORT = reference_data() / "imaging" / "dcmqi_seg_sr" / "data" / "sr-example" / "sr.dcm"
LUNG = (Coding("39607008", "snomed"), "Lung")
LESION = Region(
    "L1", (Measurement("suv_max", 10.38, BODY_WEIGHT), Measurement("suv_peak", 9.46, BODY_WEIGHT), Measurement("mtv", 33.58, "ml"),
           Measurement("tlg", 202.0, "g")), segment=1, site=LUNG, side="left", uid="2.25.99",
)  # fmt: skip
TARGET = Region("T2", (Measurement("long_axis", 14.5, "mm"),), images=(str(series()[1].SOPInstanceUID),))


def segmented() -> bytes:
    array = np.zeros((4, 6, 5), np.uint8)
    array[1:3, 2:4, 1:3] = 1
    return segmentation_object(LabelMap(array, grid(), (Label(1, "L1"),), series=SERIES), series(), at=AT)


def said(*regions: Region, **more: Any) -> bytes:
    return measurement_report(regions or (LESION, TARGET), series(), at=AT, **{"segmentation": segmented(), "made_by": "pet_lesions 1", **more})


def test_each_measurement_is_read_again_with_its_lesion_unit_derivation_and_segment() -> None:
    uptake, axis = Coding("126401", "DCM"), Coding("103339001", "SCT")
    found = measurements_in(said())
    assert found[:2] == (
        Read("L1", "2.25.99", uptake, "SUVbw", 10.38, BODY_WEIGHT, "Maximum", 1),
        Read("L1", "2.25.99", uptake, "SUVbw", 9.46, BODY_WEIGHT, "Peak Value Within ROI", 1),
    )
    assert [(each.words, each.value, each.unit) for each in found[2:4]] == [
        ("Metabolic Volume", 33.58, "ml"),
        ("Total Lesion Glycolysis", 202.0, "g"),
    ]
    assert found[4][2:] == (axis, "Long axis", 14.5, "mm", "", None)


@pytest.mark.reference
def test_the_words_are_those_of_a_published_pet_report() -> None:
    """Value, unit and derivation of the report that came with dcmqi, said by us: concept, unit and derivation are coded alike."""
    theirs = {(each.name.code, each.derivation): each.unit for each in measurements_in(PET_REPORT.read_bytes())}
    uptake = [Measurement(f"suv_{what}", 5.0, BODY_WEIGHT) for what in ("max", "mean", "min", "peak", "sd")]
    ours = measurements_in(said(Region("L1", (*uptake, Measurement("tlg", 202.0, "g")), segment=1)))
    assert len(ours) == 6
    for each in ours:
        assert theirs[each.name.code, each.derivation] == each.unit


@pytest.mark.parametrize(("unit", "code"), [
    ("{SUVbw}g/ml", "126401"), ("{SUVlbm}g/ml", "126402"), ("{SUVbsa}cm2/ml", "126403"), ("{SUVibw}g/ml", "126404"),
    ("{SUVlbm(Janma)}g/ml", "126405"), ("{SUVlbm(James128)}g/ml", "126406"),
])  # fmt: skip
def test_the_unit_says_which_uptake_value_it_is(unit: str, code: str) -> None:
    """PS3.16 CID 85 and 7469. Lean body mass has three formulas, and a number must not pass for another's."""
    (read,) = measurements_in(said(Region("L1", (Measurement("sul_peak", 5.4, unit),), segment=1)))
    assert (read.name.code, read.unit, read.derivation) == (code, unit, "Peak Value Within ROI")
    assert {words.unit for words in KINDS.values()} <= codes.SUV.keys()


def test_every_code_is_one_of_the_standard_with_its_meaning() -> None:
    """As pydicom carries PS3.16; units are coded by UCUM and have no entry of their own there for all."""
    tables = [
        *(name for name, _ in codes.SUV.values()), *(each for row in codes.MEASUREMENTS.values() for each in row if each is not None),
        *codes.SIDES.values(), codes.PET_REPORT, codes.REPORT, codes.IMAGING, *(Code(code, "DCM", title.title()) for title, code in TITLES.items()),
    ]  # fmt: skip
    for code in tables:
        meanings = {known[code.value][0].lower() for known in concepts[code.scheme_designator].values() if code.value in known}
        assert any(code.meaning.lower() == each or each.startswith("sum of segmented voxel") for each in meanings), (code, meanings)


def test_dcmtk_holds_it_to_be_a_valid_report_about_these_images(tmp_path: Path) -> None:
    file = tmp_path / "sr.dcm"
    file.write_bytes(said(author="Okonkwo^Ada", signed=True))
    text = report(file)
    assert '(126003,DCM,"PET Measurement Report")' in text
    assert '<contains NUM:(126401,DCM,"SUVbw")="10.38" ({SUVbw}g/ml,UCUM,"Standardized Uptake Value body weight")>' in text
    assert '(121191,DCM,"Referenced Segment")=(SG image,,1)' in text
    assert f'(121232,DCM,"Source Series for Segmentation")="{SERIES}"' in text
    assert '(272741003,SCT,"Laterality")=(7771000,SCT,"Left")' in text
    assert "Verification Flag   : VERIFIED" in text
    assert "Okonkwo^Ada" in text


def test_a_report_points_at_the_segmentation_and_names_every_image_it_rests_on() -> None:
    made = opened(said())
    assert made.StudyInstanceUID == STUDY
    evidence = {
        one.ReferencedSOPInstanceUID for study in (*made.CurrentRequestedProcedureEvidenceSequence, *made.get("PertinentOtherEvidenceSequence", ()))
        for series_ in study.ReferencedSeriesSequence for one in series_.ReferencedSOPSequence
    }  # fmt: skip
    assert evidence == {each.SOPInstanceUID for each in series()} | {opened(segmented()).SOPInstanceUID}


def test_another_library_reads_the_groups() -> None:
    found = hd.sr.Comprehensive3DSR.from_dataset(opened(said())).content
    (group,) = found.get_volumetric_roi_measurement_groups(tracking_uid="2.25.99")
    assert [each.value for each in group.get_measurements()] == [10.38, 9.46, 33.58, 202.0]
    assert group.finding_sites[0].topographical_modifier is None
    assert len(found.get_image_measurement_groups()) == 1


def test_an_algorithm_s_own_report_is_not_verified_and_says_which_it_was() -> None:
    made = opened(said())
    assert (made.VerificationFlag, made.CompletionFlag, made.PreliminaryFlag) == ("UNVERIFIED", "COMPLETE", "PRELIMINARY")
    assert "pet_lesions 1" in str(made)


SECOND = Region("L1", (Measurement("suv_max", 10.38, BODY_WEIGHT),), segment=2)


@pytest.mark.parametrize(("write", "sentence"), [
    (lambda: measurement_report((), series(), at=AT), "at least one region"),
    (lambda: said(Region("L1", (), segment=1)), "L1 has no measurement"),
    (lambda: said(Region("L1", (Measurement("suv_max", 10.0, "g/ml"),), segment=1)), "does not say which uptake value"),
    (lambda: said(Region("L1", (Measurement("glow", 10.0, "1"),), segment=1)), "'glow' has no code"),
    (lambda: said(Region("L1", (Measurement("volume", 10.0, "pint"),), segment=1)), "'pint': this unit"),
    (lambda: said(SECOND), "segment 2, which the segmentation does not have"),
    (lambda: said(LESION, segmentation=None), "no segmentation was given"),
    (lambda: said(Region("T2", TARGET.measurements, images=("2.25.1",))), "not among the images given"),
    (lambda: said(signed=True), "needs the name of who has signed"),
    (lambda: said(Region("L1", (Measurement("volume", math.nan, "ml"),), segment=1)), "no number"),
    (lambda: measurement_report((LESION,), series(series="2.25.5"), at=AT, segmentation=segmented()), "not among the measured images"),
    (lambda: key_objects(series(), at=AT, title="nice"), "'nice' is no reason"),
    (lambda: secondary_capture(np.zeros((3, 3), np.uint16), series()[0], at=AT, description=""), "a picture is uint8"),
    (lambda: _map(np.full((4, 6, 5), np.nan, np.float32)), "voxels without a number"),
    (lambda: _map(np.ones((4, 6, 5), np.float32), unit="furlong"), "no words for DICOM"),
])  # fmt: skip
def test_what_cannot_be_said_truly_is_refused_with_the_reason(write: Callable[[], bytes], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        write()
    assert sentence in refused.value.reason


# --- key images, pictures, maps --------------------------------------------------------------------------------------------------


def _map(array: Any, unit: str = BODY_WEIGHT) -> bytes:
    return parametric_map(Volume(array, grid(), unit=unit), series(), at=AT, quantity=(Coding("126401", "dcm"), "SUVbw"), description="Uptake")


def _picture() -> bytes:
    return secondary_capture(np.arange(90, dtype=np.uint8).reshape(5, 6, 3), series()[2], at=AT, description="Fusion")


def _selection() -> bytes:
    return key_objects(series()[1:3], at=AT, title="for report attachment", description="lesion L1", author="Okonkwo^Ada")


OBJECTS = (lambda: said(author="Okonkwo^Ada", signed=True), _selection, _picture, lambda: _map(np.ones((4, 6, 5), np.float32)), segmented)


@pytest.mark.parametrize("write", OBJECTS)
def test_every_object_written_twice_is_the_same_object(write: Callable[[], bytes]) -> None:
    assert write() == write()


@pytest.mark.parametrize("write", OBJECTS)
def test_nothing_in_an_object_says_when_the_program_ran(write: Callable[[], bytes]) -> None:
    """Otherwise it would be another object a second later."""
    said_times = {str(each.value)[:8] for each in opened(write()).iterall() if each.VR in ("DA", "DT") and each.value}
    assert said_times <= {"20260901", "19550303"}  # of the study and of the finding; of birth


def test_key_images_are_named_with_the_reason_and_the_person(tmp_path: Path) -> None:
    file = tmp_path / "ko.dcm"
    file.write_bytes(_selection())
    text = report(file)
    assert '(113020,DCM,"For Report Attachment")' in text
    assert "Okonkwo^Ada" in text
    assert text.count("(CT image,") == 2


def test_a_picture_keeps_its_pixels_and_its_patient_and_warns_of_what_may_be_drawn_into_it() -> None:
    made = opened(_picture())
    assert np.array_equal(made.pixel_array, np.arange(90, dtype=np.uint8).reshape(5, 6, 3))
    assert (made.PatientID, made.StudyInstanceUID, made.BurnedInAnnotation, made.Modality) == ("P-1", STUDY, "YES", "OT")
    assert made.SourceImageSequence[0].ReferencedSOPInstanceUID == series()[2].SOPInstanceUID


def test_a_map_keeps_every_number_with_its_unit_and_place() -> None:
    array = np.linspace(0.0, 12.5, 120, dtype=np.float32).reshape(4, 6, 5)
    made = opened(_map(array))
    heights = [float(each.PlanePositionSequence[0].ImagePositionPatient[2]) for each in made.PerFrameFunctionalGroupsSequence]
    assert sorted(heights) == [100, 102.5, 105, 107.5]
    for frame, height in zip(made.pixel_array, heights, strict=True):
        assert np.array_equal(frame, array[round((height - 100) / 2.5)])
    mapping = made.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    assert mapping.MeasurementUnitsCodeSequence[0].CodeValue == BODY_WEIGHT
