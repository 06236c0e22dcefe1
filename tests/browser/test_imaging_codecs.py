"""Pictures in every transfer syntax that the reference files hold, decoded in the browser to the numbers that were compressed."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pydicom
import pytest
from playwright.sync_api import Page, expect
from pydicom.dataset import Dataset
from pydicom.uid import UID

from support.imaging_screens import somebody, take, until
from support.reference import reference_data
from support.screens import People
from support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.reference]

FOLDER: Final = reference_data() / "imaging"
WG04: Final = FOLDER / "nema_wg04" / "data" / "WG04"
PYDICOM: Final = FOLDER / "pydicom_data" / "data_store" / "data"
STUDY: Final = "2.25.123456789012345678901234567890"
LOADED: Final = 30_000
LOSSY: Final = 40
"""Two decoders of a lossy picture may differ by a little; of 16-bit numbers by about so much."""


class Sample(NamedTuple):
    name: str
    path: Path
    lossy: bool = False
    peer: bool = True
    """Whether anything here decodes it besides the browser: 12-bit JPEG nothing does."""


SAMPLES: Final = (
    Sample("JPEG 2000", WG04 / "J2KI" / "CT1_J2KI", lossy=True),
    Sample("JPEG 2000 lossless", WG04 / "J2KR" / "CT1_J2KR"),
    Sample("JPEG-LS lossless", WG04 / "JLSL" / "CT1_JLSL"),
    Sample("JPEG lossless", WG04 / "JPLL" / "CT1_JPLL"),
    Sample("JPEG extended", WG04 / "JPLY" / "MR1_JPLY", lossy=True, peer=False),
    Sample("Uncompressed", PYDICOM / "693_UNCR.dcm"),
    Sample("RLE", PYDICOM / "emri_small_RLE.dcm"),
    Sample("Many frames, JPEG-LS", PYDICOM / "emri_small_jpeg_ls_lossless.dcm"),
    Sample("Colour", PYDICOM / "SC_rgb.dcm"),
)


def as_one_study(number: str) -> Iterator[Dataset]:
    """Each file as a series of one study of somebody; its pixels stay as they were compressed."""
    for place, sample in enumerate(SAMPLES, 1):
        image = pydicom.dcmread(sample.path)
        image.PatientID, image.PatientName, image.PatientBirthDate, image.IssuerOfPatientID = number, "MARCHETTI^ELENA", "19550303", "HOSP"
        image.StudyInstanceUID, image.SeriesInstanceUID = STUDY, f"{STUDY}.{place}"
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = UID(f"{STUDY}.{place}.1")
        image.SeriesNumber, image.SeriesDescription, image.StudyDate, image.StudyTime = place, sample.name, f"{datetime(2026, 1, 5):%Y%m%d}", "0900"
        image.PatientSex, image.AccessionNumber = "F", ""
        yield image


@pytest.fixture(scope="module")
def shelf(ward: Served, people: People) -> str:
    who = somebody(ward)
    take(ward, as_one_study(who.number))
    until(ward, ward.sign_in(people.doctor.login), STUDY, lambda found: len(found["series"]) == len(SAMPLES))
    return STUDY


def test_every_codec_opens_and_shows_the_numbers_that_were_compressed(screens: Any, people: People, shelf: str) -> None:
    page: Page = screens(f"/imaging/case?study={shelf}", people.doctor)
    page.get_by_role("button", name="Series", exact=True).click(timeout=LOADED)
    for place, sample in enumerate(SAMPLES, 1):
        page.get_by_role("list", name="Series").get_by_role("button", name=f"{place}. ").click()
        picture = page.get_by_role("figure", name=f"{place}. ")
        picture.locator("[data-viewport=stack][data-ready]").wait_for(timeout=LOADED)
        expect(page.get_by_text("This picture cannot be shown")).to_have_count(0)
        box = picture.locator("[data-viewport=stack]").bounding_box()
        assert box is not None
        assert _contrast(page, picture) > 10, sample.name
        page.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2 + 1)
        if not sample.peer:
            continue
        expected = _middle(sample)
        if expected is None:
            expect(page.get_by_label("Value at the cursor")).to_have_text("")
            continue
        said = page.get_by_label("Value at the cursor").text_content() or ""
        value = float(said.removeprefix("Under the cursor: "))
        assert min(abs(value - each) for each in expected) <= (LOSSY if sample.lossy else 0.006), (sample.name, value, expected)


def _middle(sample: Sample) -> list[float] | None:
    """The rescaled numbers of the pixels around the middle of the middle frame, by another decoder; None for colours."""
    image = pydicom.dcmread(sample.path)
    if image.SamplesPerPixel != 1:
        return None
    pixels = np.asarray(image.pixel_array, np.float64)
    frame = pixels if pixels.ndim == 2 else pixels[len(pixels) >> 1]
    row, column = image.Rows // 2, image.Columns // 2
    slope, intercept = float(image.get("RescaleSlope", 1)), float(image.get("RescaleIntercept", 0))
    return [float(each) * slope + intercept for each in frame[row - 1 : row + 2, column - 1 : column + 2].ravel()]


def _contrast(page: Page, picture: Any) -> float:
    """Spread of the grey levels on the screen: an empty picture has none."""
    from PIL import Image

    with Image.open(BytesIO(picture.screenshot())) as shot:
        return float(np.asarray(shot.convert("L"), np.float64).std())
