"""FT-38: a series with damaged bytes ends in an SUV or in a refusal with a reason, never in a crash; the check of its geometry never raises."""

import io
import random
import warnings
from functools import lru_cache

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from wardline.core.errors import Refused
from wardline.formats.dicom.geometry import geometry_of
from wardline.formats.dicom.pet import acquisition_of
from wardline.formats.dicom.volumes import volume_of
from wardline.science.imaging.suv import suv_of
from wardline.simulator.pet_series import enhanced, pet_series

ROUNDS = 60


@lru_cache(maxsize=1)
def files() -> tuple[tuple[bytes, ...], ...]:
    return tuple(map(written, pet_series())), (written(enhanced(pet_series())),)


def written(image: Dataset) -> bytes:
    buffer = io.BytesIO()
    image.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def damaged(raw: bytes, dice: random.Random) -> bytes:
    """Behind the file's own header: what is damaged there is no DICOM file any more."""
    damage = bytearray(raw)
    for _ in range(dice.choice([1, 2, 5])):
        place = dice.randrange(300, len(damage))
        match dice.randrange(3):
            case 0:
                damage[place] = dice.randrange(256)
            case 1:
                damage[place : place + 4] = bytes(dice.choice(b"-abc.9 \\") for _ in range(4))
            case _:
                del damage[place : place + dice.choice([1, 2, 8])]
    return bytes(damage)


def factor_or_reason(images: list[Dataset]) -> float | str:
    try:
        suv = suv_of(acquisition_of(volume_of(images)))
    except Refused as refused:
        return str(refused)
    return next(iter(suv.factors.values()))[0]


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_end_in_an_answer_or_a_reason(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(ROUNDS):
        series = list(dice.choice(files()))
        place = dice.randrange(len(series))
        series[place] = damaged(series[place], dice)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's own, on values that are not what they should be
            try:
                images = [dcmread(io.BytesIO(each)) for each in series]
            except Exception:  # unreadable as a file: named by the reader of folders
                continue
            geometry_of(images)
            assert factor_or_reason(images)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("RadionuclideHalfLife", "1e-300"), ("RadionuclideTotalDose", "1e308"), ("ActualFrameDuration", "2147483647"), ("FrameReferenceTime", "1e300"),
     ("PatientWeight", "1e-300")],
)  # fmt: skip
def test_numbers_no_scanner_writes_give_a_reason_or_a_finite_factor(keyword: str, value: str) -> None:
    images = pet_series()
    for image in images:
        holder = image if keyword in image else image.RadiopharmaceuticalInformationSequence[0]
        setattr(holder, keyword, value)
    answer = factor_or_reason(images)
    assert "(00" in answer if isinstance(answer, str) else 0 < answer < float("inf")
