"""SEC-19: DICOM under PS3.15 Annex E. What is planted is gone, what is needed to read the picture stays, what cannot be made safe is refused."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.datadict import DicomDictionary, dictionary_VR, keyword_for_tag, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence

from support.pictures import CT, SECONDARY, ULTRASOUND, bytes_of, picture
from wardline.core.errors import Refused
from wardline.formats.dicom.deidentification import attributes
from wardline.formats.dicom.deidentification.attributes import Action, table
from wardline.formats.dicom.deidentification.dataset import REGISTERED, Rules, cleaned
from wardline.formats.dicom.deidentification.files import deidentified
from wardline.formats.dicom.deidentification.options import Option, option_named
from wardline.formats.dicom.deidentification.pixels import Rectangle
from wardline.security.deidentification import Deidentification, Profile

TEST_FILES = Path(pydicom.__file__).parent / "data" / "test_files"
SAFE = Deidentification(Profile.SAFE_HARBOR, date(2024, 5, 1))
PSEUDONYMISED = Deidentification(Profile.PSEUDONYMISED, date(2024, 5, 1), b"a key of these tests, 32 bytes..")
CANARY = "QXCANARY"
TYPED = {
    "AE": CANARY,
    "LO": CANARY,
    "LT": CANARY,
    "PN": f"{CANARY}^Ada",
    "SH": CANARY,
    "ST": CANARY,
    "UC": CANARY,
    "UT": CANARY,
    "UR": f"http://{CANARY}/",
}
"""Value representations that hold what people type."""


def left_of(data: FileDataset, *options: Option, blanked: tuple[Rectangle, ...] = (), policy: Deidentification = SAFE) -> FileDataset:
    written = io.BytesIO()
    data.save_as(written, enforce_file_format=True)
    return pydicom.dcmread(io.BytesIO(deidentified(written.getvalue(), policy.of, frozenset(options), blanked)))


def test_nothing_of_the_person_is_left_and_the_picture_is_the_same() -> None:
    before = picture()
    left = left_of(before)
    raw = bytes_of(left).upper()
    assert [word for word in (b"OKAFOR", b"NGOZI", b"40123456", b"ACC7781", b"ST MARY", b"20240301", b"19310303", b"1.2.3.4") if word in raw] == []
    assert (left.pixel_array == before.pixel_array).all()
    assert (left.Modality, left.WindowCenter, left.RescaleSlope) == ("CT", 40, 1)
    assert left.preamble == bytes(128)


def test_it_says_what_was_done_to_it() -> None:
    left = left_of(picture(), Option.CLEAN_DESCRIPTORS)
    assert (left.PatientIdentityRemoved, left.LongitudinalTemporalInformationModified) == ("YES", "REMOVED")
    assert [each.CodeValue for each in left.DeidentificationMethodCodeSequence] == ["113100", "113105"]
    assert {each.CodingSchemeDesignator for each in left.DeidentificationMethodCodeSequence} == {"DCM"}


def everything() -> Iterator[DataElement]:
    """Each attribute of the standard that can hold words, as pydicom knows them, with a word in it."""
    for tag in DicomDictionary:
        vr = dictionary_VR(tag)
        if vr in TYPED and tag >> 16 > 7 and keyword_for_tag(tag):
            yield DataElement(tag, vr, TYPED[vr])


@pytest.mark.parametrize("options", [frozenset(), frozenset({Option.CLEAN_DESCRIPTORS, Option.CLEAN_STRUCTURED_CONTENT})], ids=["basic", "cleaned"])
def test_no_word_planted_in_any_attribute_of_the_standard_survives(options: frozenset[Option]) -> None:
    data = Dataset()
    for element in everything():
        data.add(element)
    inner = Dataset()
    inner.update(data)
    data.ReferencedImageSequence = Sequence([inner])
    known = SAFE.of("1")._known._replace(names=(CANARY,))
    left = cleaned(data, Rules(SAFE.of("1", known), options))
    assert len(data) > 700
    assert CANARY not in str(left)


def test_words_without_which_a_picture_cannot_be_read_are_the_only_ones_that_stay() -> None:
    data = Dataset()
    for element in everything():
        data.add(element)
    kept = {element.keyword for element in cleaned(data, Rules(SAFE.of("1"), frozenset())) if CANARY in str(element.value)}
    assert kept <= set((attributes._PLAIN_WORDS + attributes._CLEANED_WORDS).split())


def test_no_date_stays_under_the_basic_profile_and_every_one_moves_alike_with_modified_dates() -> None:
    assert left_of(picture()).get("StudyDate") in (None, "")
    left = left_of(picture(), Option.RETAIN_MODIFIED_DATES, policy=PSEUDONYMISED)
    study, series = (date(int(day[:4]), int(day[4:6]), int(day[6:])) for day in (left.StudyDate, left.SeriesDate))
    assert (study - series).days == 3  # 2024 was a leap year
    assert (date(2024, 3, 1) - study).days == -PSEUDONYMISED.of("40123456")._surrogates.days
    assert left.StudyTime == "101500"
    assert left.LongitudinalTemporalInformationModified == "MODIFIED"


def test_uids_change_together_and_those_of_the_standard_stay() -> None:
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CT, "1.2.3.4"
    left = left_of(picture(ReferencedImageSequence=Sequence([reference])))
    assert left.SOPInstanceUID.startswith("2.25.")
    assert left.ReferencedImageSequence[0].ReferencedSOPInstanceUID == left.SOPInstanceUID == left.file_meta.MediaStorageSOPInstanceUID
    assert left.ReferencedImageSequence[0].ReferencedSOPClassUID == left.SOPClassUID == CT
    assert left_of(picture(), Option.RETAIN_UIDS).SOPInstanceUID == "1.2.3.4"


def test_two_pictures_of_one_study_stay_one_study() -> None:
    first, second = (left_of(picture(SOPInstanceUID=uid)) for uid in ("1.2.3.4", "1.2.3.5"))
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID


def with_private(data: FileDataset) -> FileDataset:
    block = data.private_block(0x7053, "Philips PET Private Group", create=True)
    block.add_new(0x00, "DS", "1.25")
    block.add_new(0x20, "LO", "Okafor")
    data.private_block(0x0011, "SOMEBODY", create=True).add_new(0x01, "LO", "Okafor")
    return data


def test_private_attributes_are_gone_unless_they_are_safe() -> None:
    assert [element for element in left_of(with_private(picture())) if element.tag.is_private] == []
    left = left_of(with_private(picture()), Option.RETAIN_SAFE_PRIVATE)
    assert [str(element.value) for element in left if element.tag.is_private] == ["Philips PET Private Group", "1.25"]


def test_overlays_curves_icons_and_originals_are_gone() -> None:
    data = picture(IconImageSequence=Sequence([Dataset()]), OriginalAttributesSequence=Sequence([Dataset()]))
    data.add_new(0x60003000, "OW", b"OKAFOR")
    data.add_new(0x50003000, "OW", b"OKAFOR")
    left = left_of(data)
    assert [tag for tag in (0x60003000, 0x50003000) if tag in left] == []
    assert "IconImageSequence" not in left
    assert "OriginalAttributesSequence" not in left


def test_options_keep_what_they_name_and_no_age_over_89() -> None:
    left = left_of(picture(), Option.RETAIN_PATIENT_CHARACTERISTICS, Option.RETAIN_DEVICE_IDENTITY, Option.RETAIN_INSTITUTION_IDENTITY)
    assert (left.PatientSex, left.PatientAge, left.StationName, left.InstitutionName) == ("F", "090Y", "CT7", "St Mary")
    assert left_of(picture()).get("PatientAge") is None


def test_descriptions_are_cleaned_when_asked_for() -> None:
    assert "StudyDescription" not in left_of(picture())
    assert left_of(picture(), Option.CLEAN_DESCRIPTORS).StudyDescription == "CT abdomen of [NAME]"


def test_a_report_keeps_its_findings_and_loses_its_people() -> None:
    line, person = Dataset(), Dataset()
    line.ValueType, line.TextValue = "TEXT", "Lesion of 12 mm, compared with Dr. Vance's report of 3/1/2024."
    person.ValueType, person.PersonName = "PNAME", "Vance^Helena"
    left = left_of(picture(ContentSequence=Sequence([line, person])), Option.CLEAN_STRUCTURED_CONTENT)
    assert left.ContentSequence[0].TextValue == "Lesion of 12 mm, compared with [NAME] report of [DATE]."
    assert str(left.ContentSequence[1].PersonName) == "REMOVED"
    assert "ContentSequence" not in left_of(picture(ContentSequence=Sequence([line])))


@pytest.mark.parametrize(("kind", "said"), [(SECONDARY, None), (ULTRASOUND, None), (CT, "YES")])
def test_a_picture_that_may_carry_a_name_is_refused_until_somebody_says_where(kind: str, said: str | None) -> None:
    data = picture(kind, **({"BurnedInAnnotation": said} if said else {}))
    with pytest.raises(Refused, match="clean-pixel-data"):
        left_of(data)
    with pytest.raises(Refused, match="rectangles"):
        left_of(data, Option.CLEAN_PIXEL_DATA)
    left = left_of(data, Option.CLEAN_PIXEL_DATA, blanked=(Rectangle(0, 0, 8, 2),))
    assert (left.pixel_array[:2] == 0).all()
    assert (left.pixel_array[2:] == data.pixel_array[2:]).all()
    assert left.BurnedInAnnotation == "NO"


def test_a_picture_that_says_it_carries_none_passes() -> None:
    assert left_of(picture(SECONDARY, BurnedInAnnotation="NO")).SOPClassUID == SECONDARY


def test_of_ultrasound_only_the_declared_regions_stay() -> None:
    region = Dataset()
    region.RegionLocationMinX0, region.RegionLocationMinY0, region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 2, 3, 5, 6
    left = left_of(picture(ULTRASOUND, SequenceOfUltrasoundRegions=Sequence([region])), Option.CLEAN_PIXEL_DATA)
    inside = np.zeros((8, 8), bool)
    inside[3:7, 2:6] = True
    assert (left.pixel_array[~inside] == 0).all()
    assert (left.pixel_array[inside] == np.arange(64).reshape(8, 8)[inside]).all()


def test_documents_defacing_and_contradictions_are_refused_with_a_sentence() -> None:
    with pytest.raises(Refused, match="encapsulated"):
        left_of(picture(f"{REGISTERED}5.1.4.1.1.104.1"))
    with pytest.raises(Refused, match="faces"):
        left_of(picture(), Option.CLEAN_RECOGNIZABLE_VISUAL_FEATURES)
    with pytest.raises(Refused, match="either"):
        left_of(picture(), Option.RETAIN_FULL_DATES, Option.RETAIN_MODIFIED_DATES)
    with pytest.raises(Refused, match="clean-descriptors"):
        option_named("clean-everything")
    with pytest.raises(Refused, match="DICM"):
        deidentified(b"nothing", SAFE.of)


def test_every_keyword_of_our_table_is_one_of_the_standard() -> None:
    words = {word for name in ("_REMOVED", "_EMPTY", "_DUMMY", "_CODES", "_PERSONS", "_CLEANED_WORDS") for word in getattr(attributes, name).split()}
    words |= {word for lines in attributes._BY_OPTION.values() for _, keywords in lines for word in keywords.split()}
    assert [word for word in sorted(words) if tag_for_keyword(word) is None] == []
    assert table(frozenset())[pydicom.tag.Tag("PatientSex")] is Action.EMPTY


def files() -> list[Path]:
    return sorted(path for path in TEST_FILES.rglob("*") if path.is_file() and path.read_bytes()[128:132] == b"DICM")


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
@pytest.mark.filterwarnings("ignore")
def test_every_file_that_pydicom_brings_is_either_refused_or_comes_out_readable_without_its_person(file: Path) -> None:
    raw = file.read_bytes()
    try:
        left = pydicom.dcmread(io.BytesIO(deidentified(raw, SAFE.of)))
    except Refused:
        return
    before = pydicom.dcmread(file)
    assert left.PatientIdentityRemoved == "YES"
    assert str(left.get("PatientName", "")) == ""
    assert [element for element in left.iterall() if element.tag.is_private] == []
    if "PixelData" in before:
        assert left.PixelData == before.PixelData
    names = [part for part in str(before.get("PatientName", "")).replace("^", " ").split() if len(part) > 4]
    assert [name for name in names if name in str(left)] == []
