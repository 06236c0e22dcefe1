"""Decoding and drawing, on the samples pydicom and NEMA give: every codec that is here gives a picture, every other a sentence."""

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from support.reference import reference_data
from support.scans import file_of, series
from wardline.core.errors import NotFound, Refused
from wardline.formats.dicom.codecs import decoded, decoded_frame, pixels
from wardline.formats.dicom.rendering import rendered, windowed
from wardline.formats.dicom.views import View, Window

SAMPLES = Path(pydicom.__file__).parent / "data" / "test_files"


@pytest.mark.parametrize(("values", "window", "wanted"), [
    # PS3.3 C.11.2.1.2.1, note 1: with centre 2048 and width 4096 all values below 0 are black and above 4095 white.
    ([-1, 0, 4095, 4096], Window(2048, 4096), [0, 0, 255, 255]),
    # The same note: centre 0.5 and width 1 is a threshold at 0.
    ([-1, 0, 1], Window(0.5, 1), [0, 0, 255]),
    ([0, 50, 100], Window(50, 100, "linear-exact"), [0, 128, 255]),
    ([50], Window(50, 100, "sigmoid"), [128]),
])  # fmt: skip
def test_a_window_shows_what_the_standard_says(values: list[int], window: Window, wanted: list[int]) -> None:
    assert windowed(np.array(values), window).tolist() == wanted


def test_monochrome_1_is_shown_dark_where_it_is_high() -> None:
    image = series(1)[0]
    image.PixelData = np.tile(np.arange(5, dtype=np.int16), (6, 1)).tobytes()
    image.PhotometricInterpretation = "MONOCHROME1"
    shown = np.asarray(Image.open(io.BytesIO(rendered(file_of(image), 1, View("image/png")))))
    assert shown[0].tolist() == [255, 191, 127, 64, 0]


@pytest.mark.parametrize("name", ["MR_small.dcm", "MR_small_expb.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "MR_small_RLE.dcm",
    "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm", "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_dcmtk_+eb+cy+np.dcm", "image_dfl.dcm",
    "examples_palette.dcm", "examples_ybr_color.dcm", "examples_overlay.dcm"])  # fmt: skip
def test_every_codec_that_is_here_decodes_to_what_pydicom_says(name: str) -> None:
    file = next(iter(SAMPLES.rglob(name)))
    content = file.read_bytes()
    for implicit, syntax in ((False, ExplicitVRLittleEndian), (True, ImplicitVRLittleEndian)):
        again = dcmread(io.BytesIO(decoded(content, implicit=implicit)))
        assert again.file_meta.TransferSyntaxUID == syntax
        first, last = pixels(dcmread(file), 1)[0], pixels(again, 1)[0]
        assert (first == last).all()
    assert Image.open(io.BytesIO(rendered(content, 0, View()))).size[0] > 0


def test_a_frame_that_is_not_there_and_an_object_without_pixels_are_said() -> None:
    with pytest.raises(NotFound, match="there is no frame 2"):
        decoded_frame(file_of(series(1)[0]), 2)
    text = series(1)[0]
    del text.PixelData
    with pytest.raises(NotFound, match="no pixels"):
        rendered(file_of(text), 1, View())


@pytest.mark.parametrize("content", [b"", b"no image", bytes(128) + b"DICM" + bytes(50)])
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises((Refused, NotFound)):
        rendered(content, 1, View())


@pytest.mark.reference
def test_every_sample_of_the_reference_data_gives_a_picture_or_a_sentence() -> None:
    files = [
        file for folder in ("pydicom_data", "nema_wg04") for file in sorted((reference_data() / "imaging" / folder).rglob("*")) if file.is_file()
    ]
    shown = 0
    for file in files[::3]:
        content = file.read_bytes()
        if content[128:132] != b"DICM":
            continue
        with suppress(Refused, NotFound):
            shown += len(rendered(content, 0, View(size=(64, 64)))) > 0
    assert shown > 5
