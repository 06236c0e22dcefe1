"""How our SUV agrees: with reference objects of known uptake, a published volume, the makers' own factors, and series of our own."""

import gzip
import json
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import nibabel
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset

from wardline.app.imaging.folders import folder_read
from wardline.app.imaging.suv_variants import Variant
from wardline.core.errors import NotFound, Refused
from wardline.core.imaging import Grid, Volume
from wardline.formats.dicom.pet import acquisition_of
from wardline.formats.dicom.volumes import volume_of
from wardline.science.imaging.suv import Kind, Suv, suv_of, suv_volume
from wardline.simulator.pet_series import truth

OBJECTS: Final = "imaging/ibsi_suv_dro"
CLINICAL: Final = "imaging/pet_sts_raw/test/data/sts_images_raw/STS_001/FDG_PET/image"
PUBLISHED: Final = "imaging/ibsi_validation_sts/ibsi_validation/nifti/STS_001/PET_image.nii.gz"
MAKERS: Final = "imaging/suv_metadata_cornerstone/test/metadata"
OWN_FACTORS: Final = ("PhilipsSUVScaleFactor", "PhilipsActivityConcentrationScaleFactor")
EXPECTED: Final = (0.20, 1.00, 4.00)
TRUNCATED: Final = {"DRO_2_3": (0.189, 0.985, 3.977)}
"""The published file of DRO_2_3 holds truncated integers (5, 26, 105 at slope 0.01, where 5.28, 26.4 and 105.6 are needed)."""
SET_OF: Final = 17
"""Objects in the set's own list."""
CLOSE: Final = 0.005
"""Two decimals, as the objects' expectations are written."""
CLINICAL_AIM: Final = 0.001
MAKER_AIM: Final = 0.001
"""Relative; the makers' factors are written with three to seven digits."""
VARIANT_AIM: Final = 0.002
"""Relative; the variants are stored in 16 bits."""


@dataclass(frozen=True, slots=True)
class Object:
    """One reference object: expected and found least, median and highest SUV by weight."""

    name: str
    about: str
    expected: tuple[float, float, float]
    found: tuple[float, float, float] | None
    refused: str = ""

    @property
    def agrees(self) -> bool:
        return self.found is not None and all(abs(a - b) < CLOSE for a, b in zip(self.found, self.expected, strict=True))


@dataclass(frozen=True, slots=True)
class Clinical:
    """A patient's series beside the published volume."""

    slices: int
    slopes: int
    voxels: int
    furthest: float
    highest: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """The headers of one real scanner: our factor, and the maker's own where it wrote one."""

    name: str
    factor: float | None
    own: float | None
    said: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One variant: how far off, or what it was refused for."""

    variant: Variant
    off: float | None
    said: str

    @property
    def agrees(self) -> bool:
        if self.variant.refused:
            return self.off is None and self.variant.refused in self.said
        return self.off is not None and self.off < VARIANT_AIM and self.variant.told in self.said and bool(self.variant.told) == bool(self.said)


def reference_objects(reference: Path) -> Iterator[Object]:
    """Every digital reference object of the set, unpacked in memory. Raises `NotFound` when there is none."""
    folder = reference / OBJECTS
    archives = sorted(folder.glob("*.tar*")) if folder.is_dir() else []
    if not archives:
        raise NotFound(f"there are no reference objects in {folder}")
    files: dict[str, dict[str, bytes]] = {}
    about: dict[str, str] = {}
    for archive in archives:
        with tarfile.open(archive) as tar:
            for member in tar:
                read = tar.extractfile(member) if member.isfile() else None
                parts = Path(member.name).parts
                if read is not None and member.name.endswith("DRO_list.csv"):
                    about |= _descriptions(read.read().decode("utf-8"))
                elif read is not None and len(parts) > 3 and parts[-2] in ("PT", "mask"):
                    files.setdefault(parts[-3], {})[f"{parts[-2]}/{parts[-1]}"] = read.read()
    for name in sorted(files):
        yield _object(name, about.get(name, ""), files[name])


def against_published(reference: Path) -> Clinical:
    """The real GE series through our rules, voxel by voxel beside the volume another group published of it."""
    images = [each for series in folder_read(reference / CLINICAL).series.values() for each in series]
    volume, suv = _suv_of(images)
    ours = suv_volume(volume, suv)
    published = nibabel.load(reference / PUBLISHED)
    theirs = np.asarray(published.dataobj, np.float32).transpose(2, 1, 0)  # type: ignore[attr-defined]
    affine = published.affine  # type: ignore[attr-defined]
    # NIfTI counts towards the patient's right and front (RAS), DICOM towards left and back.
    first = tuple(round(each) for each in ours.grid.index((-float(affine[0, 3]), -float(affine[1, 3]), float(affine[2, 3]))))
    cut = tuple(slice(begin, begin + length) for begin, length in zip(first, theirs.shape, strict=True))
    apart = np.abs(ours.array[cut] - theirs)
    slopes = {each["RescaleSlope"] for each in volume.headers}
    return Clinical(volume.grid.shape[0], len(slopes), theirs.size, float(apart.max()), float(theirs.max()), suv.warnings)


def makers(reference: Path) -> Iterator[Maker]:
    """Headers of real scanners. The ratio of Philips's two factors is its SUV of one Bq/ml, reached without our rules: those work without them."""
    for file in sorted((reference / MAKERS).glob("*.json")):
        headers = [_header(each) for each in json.loads(file.read_text(encoding="utf-8"))]
        factors = [float(headers[0].get(each) or 0.0) for each in OWN_FACTORS]
        own = factors[0] / factors[1] if all(factors) else None
        if own is not None:
            headers = [{keyword: value for keyword, value in each.items() if keyword not in OWN_FACTORS} | {"Units": "BQML"} for each in headers]
        name = file.stem.removesuffix("-instances").replace("_", " ")
        try:
            suv = suv_of(acquisition_of(Volume(None, Grid((len(headers), 1, 1), (1.0, 1.0, 1.0)), "PT", headers=tuple(headers))))
        except Refused as refused:
            yield Maker(name, None, own, str(refused))
        else:
            yield Maker(name, suv.factors[Kind.BW][0], own, "; ".join(suv.warnings))


def _header(written: dict[str, Any]) -> dict[str, Any]:
    """As the reader of volumes gives headers."""
    private = written.pop("PhilipsPETPrivateGroup", {})
    return {**written, **{f"Philips{keyword}": value for keyword, value in private.items()}}


def tried(variant: Variant) -> Tried:
    """One variant through our rules."""
    try:
        volume, suv = _suv_of(variant.series())
    except Refused as refused:
        return Tried(variant, None, str(refused))
    off = np.abs(suv_volume(volume, suv).array / truth() - 1.0).max()
    return Tried(variant, float(off), "; ".join(suv.warnings))


def _descriptions(text: str) -> dict[str, str]:
    rows = [[cell.strip('"') for cell in line.split('","')] for line in text.splitlines()[1:] if line]
    return {row[1]: row[2] for row in rows if len(row) > 2}


def _object(name: str, about: str, files: dict[str, bytes]) -> Object:
    expected = TRUNCATED.get(name, EXPECTED)
    try:
        volume, suv = _suv_of([dcmread(BytesIO(raw)) for path, raw in files.items() if path.startswith("PT/")])
    except Refused as refused:
        return Object(name, about, expected, None, str(refused))
    mask = next(raw for path, raw in files.items() if path.startswith("mask/"))
    inside = suv_volume(volume, suv).array[_mask(mask)]
    return Object(name, about, expected, (float(inside.min()), float(np.median(inside)), float(inside.max())))


def _mask(raw: bytes) -> NDArray[np.bool_]:
    image = nibabel.Nifti1Image.from_bytes(gzip.decompress(raw))
    return np.asarray(np.asarray(image.dataobj).transpose(2, 1, 0) > 0)


def _suv_of(images: Sequence[Dataset]) -> tuple[Volume, Suv]:
    volume = volume_of(images)
    return volume, suv_of(acquisition_of(volume))
