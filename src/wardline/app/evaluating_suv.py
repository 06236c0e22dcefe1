"""`wardline evaluate suv`: uptake values of PET beside the truth of reference objects, a published volume, and series of our own."""

import gzip
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import nibabel
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset

from wardline.app.imaging.folders import folder_read
from wardline.app.imaging.suv_variants import VARIANTS, Variant
from wardline.core.errors import NotFound, Refused
from wardline.core.imaging import Volume
from wardline.formats.dicom.pet import acquisition_of
from wardline.formats.dicom.volumes import volume_of
from wardline.science.imaging.suv import Suv, suv_of, suv_volume
from wardline.simulator.pet_series import truth

OBJECTS: Final = "imaging/ibsi_suv_dro"
CLINICAL: Final = "imaging/pet_sts_raw/test/data/sts_images_raw/STS_001/FDG_PET/image"
PUBLISHED: Final = "imaging/ibsi_validation_sts/ibsi_validation/nifti/STS_001/PET_image.nii.gz"
EXPECTED: Final = (0.20, 1.00, 4.00)
TRUNCATED: Final = {"DRO_2_3": (0.189, 0.985, 3.977)}
"""The published file of DRO_2_3 holds truncated integers (5, 26, 105 at slope 0.01, where 5.28, 26.4 and 105.6 are needed)."""
SET_OF: Final = 17
"""Objects in the set's own list."""
CLOSE: Final = 0.005
"""Two decimals, as the objects' expectations are written."""
CLINICAL_AIM: Final = 0.001
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


def run(reference: Path, out: Path) -> str:
    """Write the page and say what came out."""
    objects, clinical, variants = list(reference_objects(reference)), against_published(reference), [tried(each) for each in VARIANTS]
    (out / "suv.md").write_text(_page(objects, clinical, variants, datetime.now(UTC).date().isoformat()), encoding="utf-8")
    return _summary(objects, clinical, variants)


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


def _summary(objects: Sequence[Object], clinical: Clinical, variants: Sequence[Tried]) -> str:
    agreed, right = sum(each.agrees for each in objects), sum(each.agrees for each in variants)
    return (
        f"{agreed} of {len(objects)} reference objects agree; the clinical series is at most {clinical.furthest:.4f} SUV away from the published "
        f"volume; {right} of {len(variants)} variants are as they must be"
    )


def _page(objects: Sequence[Object], clinical: Clinical, variants: Sequence[Tried], day: str) -> str:
    parts = [
        HEAD.format(day=day, summary=_summary(objects, clinical, variants), present=_present(objects)),
        _objects_table(objects),
        _clinical_text(clinical),
    ]
    return "\n".join([*parts, _variants_table(variants)])


HEAD: Final = """# Agreement of SUV

Written by `wardline evaluate suv` on {day}. {summary}.

The rules are those of the SUV manual of the Image Biomarker Standardisation Initiative (OncoRay, CC BY 4.0). All values are SUV by body weight.

## Digital reference objects

Each object writes the same uptake in another way; least, median and highest value inside the mask that comes with it. Agreement is to two decimals.
Agreement of DRO_2_3 is to its published file, whose integers are truncated. {present}
"""


def _present(objects: Sequence[Object]) -> str:
    return f"Of the set's {SET_OF} objects {len(objects)} are among the reference data; the others are not measured here."


def _objects_table(objects: Sequence[Object]) -> str:
    lines = ["| object | what it tries | expected | found | agrees |", "| --- | --- | --- | --- | --- |"]
    for each in objects:
        expected = " / ".join(f"{value:.2f}" if each.expected is EXPECTED else f"{value:.3f}" for value in each.expected)
        found = " / ".join(f"{value:.4f}" for value in each.found) if each.found else f"refused: {each.refused}"
        lines.append(f"| {each.name} | {each.about} | {expected} | {found} | {_yes(each.agrees)} |")
    return "\n".join(lines) + "\n"


def _clinical_text(clinical: Clinical) -> str:
    told = "".join(f"\nTold beside it: {each}.\n" for each in clinical.warnings)
    met = "met" if clinical.furthest <= CLINICAL_AIM else "missed"
    return (
        f"## A patient's series\n\nA GE series of {clinical.slices} slices with {clinical.slopes} different slopes (soft tissue sarcoma collection, "
        f"CC BY 3.0) beside the SUV volume that the validation set publishes of it: {clinical.voxels:,} voxels, highest {clinical.highest:.2f}; the "
        f"furthest voxel is {clinical.furthest:.5f} SUV away (aim {CLINICAL_AIM}, {met}).\n{told}"
    )


VARIANTS_HEAD: Final = f"""## Our own variants

Series of known uptake made by physics (activity at injection, decay, mean over the frame), written as scanners write them or get them wrong.
Right is an SUV within {VARIANT_AIM:.1%} in every voxel (they are stored in 16 bits), or a refusal that names the tag at fault.

| variant | right answer | came out | right |
| --- | --- | --- | --- |"""


def _variants_table(variants: Sequence[Tried]) -> str:
    lines = [VARIANTS_HEAD]
    for each in variants:
        right = f"refuse: {each.variant.refused}" if each.variant.refused else ("SUV, with a note" if each.variant.told else "SUV")
        came = f"refused: {each.said}" if each.off is None else f"off by {each.off:.3%}" + (f"; note: {each.said}" if each.said else "")
        lines.append(f"| {each.variant.name} | {right} | {came} | {_yes(each.agrees)} |")
    return "\n".join(lines) + "\n"


def _yes(agrees: bool) -> str:
    return "yes" if agrees else "NO"
