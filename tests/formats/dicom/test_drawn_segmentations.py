"""DICOM segmentations of what a person has drawn: which segment is whose, and by whom."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from support.scans import SERIES, grid, series
from wardline.core.codings import Coding
from wardline.core.imaging import Label, LabelMap
from wardline.formats import labelmaps
from wardline.formats.dicom.derived import opened
from wardline.formats.dicom.names import dicom_name
from wardline.formats.dicom.segmentations import label_maps, segmentation_object

AT = datetime(2026, 9, 1, 12, 30, 15, tzinfo=UTC)
LESION = (Coding("49755003", "snomed"), Coding("52988006", "snomed"))


def drawn() -> LabelMap:
    array = np.zeros((4, 6, 5), np.uint16)
    array[1, 1, 1], array[1, 3, 3], array[2, 2, 2] = 1, 2, 9
    labels = (
        Label(1, "L1", *LESION, how="automatic"), Label(2, "L2", *LESION, how="changed"), Label(9, "L3, lung", *LESION, how="drawn"),
    )  # fmt: skip
    return LabelMap(array, grid(), labels, SERIES, "Ada B. Okonkwo", automatic=False, began_as="lesion candidates")


def test_each_segment_says_whether_a_program_or_a_person_has_outlined_it_and_the_object_names_the_person() -> None:
    made = opened(segmentation_object(drawn(), series(), at=AT))
    assert [(each.SegmentLabel, each.SegmentAlgorithmType, each.get("SegmentAlgorithmName")) for each in made.SegmentSequence] == [
        ("L1", "AUTOMATIC", "lesion candidates"), ("L2", "SEMIAUTOMATIC", "lesion candidates"), ("L3, lung", "MANUAL", None),
    ]  # fmt: skip
    assert str(made.ContentCreatorName) == "Okonkwo^Ada B."


def test_a_map_that_is_all_a_persons_is_read_with_their_name() -> None:
    (again,) = label_maps(segmentation_object(replace(drawn(), labels=tuple(each._replace(how="") for each in drawn().labels)), series(), at=AT))
    assert (again.made_by, again.automatic) == ("Okonkwo^Ada B.", False)


def test_a_programs_map_names_no_person() -> None:
    alone = replace(drawn(), array=np.where(drawn().array == 1, drawn().array, 0), labels=drawn().labels[:1], made_by="lungs 1", automatic=True)
    made = opened(segmentation_object(alone, series(), at=AT))
    assert not made.get("ContentCreatorName")


def test_who_has_outlined_what_is_kept_with_the_voxels() -> None:
    again = labelmaps.unpacked(labelmaps.packed(drawn()))
    assert (again.labels, again.made_by, again.began_as) == (drawn().labels, "Ada B. Okonkwo", "lesion candidates")
    assert labelmaps.packed(again) == labelmaps.packed(drawn())


def test_a_name_is_written_as_dicom_wants_it() -> None:
    names = {"Ada Okonkwo": "Okonkwo^Ada", " Okonkwo ": "Okonkwo", "Dr. Ada\\B^C=D": "D^Dr. Ada B C", "": ""}
    assert {each: dicom_name(each) for each in names} == names
