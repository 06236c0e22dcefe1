"""`wardline evaluate ibsi`: radiomics and filters beside the reference values of the Image Biomarker Standardisation Initiative."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from wardline.core.errors import NotFound
from wardline.core.imaging import Volume
from wardline.formats import nifti
from wardline.science.imaging.filters import laplacian_of_gaussian, laws, mean
from wardline.science.imaging.radiomics import AsIs, FixedNumber, FixedSize, Settings, features

PHANTOM: Final = "imaging/ibsi_1_digital_phantom/ibsi_1_digital_phantom/nifti"
VALUES: Final = "imaging/ibsi_reference_values/tests/data/ibsi_1_reference_values_digital_phantom.csv"
SECOND_PHANTOMS: Final = "imaging/ibsi_2_digital_phantom/ibsi_2_digital_phantom/nifti"
MAPS: Final = "imaging/ibsi_2_reference_data/reference_response_maps"
SARCOMA: Final = "imaging/ibsi_validation_sts/ibsi_validation/nifti/STS_001"
AS_THE_PHANTOM: Final = Settings(bins=AsIs(), volume_histogram_bins=AsIs(), textures=("2D", "2.5D", "3D"))
ROOM: Final = 0.01
"""A response map agrees where it differs by at most this share of the reference map's range (README of the reference data)."""
SIDE: Final = (2.0, 2.0, 2.0)

CONFIGURATIONS: Final[dict[str, tuple[str, Settings]]] = {
    "A": (
        "2D; range -500 to 400; bins of 25",
        Settings(range=(-500.0, 400.0), bins=FixedSize(25.0), volume_histogram_bins=AsIs(), textures=("2D", "2.5D")),
    ),
    "B": (
        "2D; 2 mm within slices, linear; range -500 to 400; 32 bins",
        Settings(spacing_mm=(None, 2.0, 2.0), rounded=True, range=(-500.0, 400.0), volume_histogram_bins=AsIs(), textures=("2D", "2.5D")),
    ),
    "C": (
        "3D; 2 mm, linear; range -1000 to 400; bins of 25",
        Settings(spacing_mm=SIDE, rounded=True, range=(-1000.0, 400.0), bins=FixedSize(25.0), volume_histogram_bins=FixedSize(2.5)),
    ),
    "D": (
        "3D; 2 mm, linear; outliers beyond 3 SD; 32 bins",
        Settings(spacing_mm=SIDE, rounded=True, outlier_sigma=3.0, volume_histogram_bins=AsIs()),
    ),
    "E": (
        "3D; 2 mm, cubic; range -1000 to 400 and outliers beyond 3 SD; 32 bins",
        Settings(
            spacing_mm=SIDE, interpolation="cubic", rounded=True, range=(-1000.0, 400.0), outlier_sigma=3.0, volume_histogram_bins=FixedNumber(1000)
        ),
    ),
}
"""IBSI reference manual, arXiv 1612.07003, chapter 5; from memory, not read again."""
RESPONSES: Final[dict[str, tuple[str, str, Any]]] = {
    "1.a.1": ("mean of 15 voxels, zeros around", "checkerboard", lambda image: mean(image, size=15, boundary="zero")),
    "1.a.2": ("mean of 15 voxels, nearest around", "checkerboard", lambda image: mean(image, size=15, boundary="nearest")),
    "1.a.3": ("mean of 15 voxels, periodic", "checkerboard", lambda image: mean(image, size=15, boundary="periodic")),
    "1.a.4": ("mean of 15 voxels, mirrored", "checkerboard", lambda image: mean(image, size=15, boundary="mirror")),
    "2.a": ("Laplacian of Gaussian, 3 mm", "impulse", lambda image: laplacian_of_gaussian(image, SIDE, sigma_mm=3.0, boundary="zero")),
    "3.a.1": ("Laws E5L5S5", "impulse", lambda image: laws(image, "E5L5S5", boundary="zero")),
    "3.a.2": ("Laws E5L5S5, turned, highest", "impulse", lambda image: laws(image, "E5L5S5", rotation_invariant=True, boundary="zero")),
    "3.a.3": ("Laws E5L5S5, turned, energy of 7", "impulse", lambda image: laws(image, "E5L5S5", rotation_invariant=True, energy=7, boundary="zero")),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One row of the reference table; `found` is None where we offer none."""

    family: str
    name: str
    tag: str
    consensus: str
    reference: float
    tolerance: float
    found: float | None

    @property
    def agrees(self) -> bool:
        """Within the published tolerance, at the three figures the reference is given with."""
        if self.found is None:
            return False
        return abs(float(f"{self.found:.3g}") - self.reference) <= self.tolerance + 1e-12


@dataclass(frozen=True, slots=True)
class Response:
    """A filter's map beside the reference map."""

    number: str
    about: str
    phantom: str
    furthest: float
    """Largest difference as a share of the reference map's range."""

    @property
    def agrees(self) -> bool:
        return self.furthest <= ROOM


@dataclass(frozen=True, slots=True)
class Ran:
    """A configuration on a patient's image: it ran, with so many values."""

    name: str
    about: str
    voxels: dict[str, int]
    values: int
    undefined: tuple[str, ...]


def run(reference: Path, out: Path) -> str:
    """Write the page and say what came out."""
    values, responses, ran = reference_values(reference), list(response_maps(reference)), list(configurations(reference))
    said = _summary(values, responses)
    (out / "ibsi.md").write_text(_page(values, responses, ran, said), encoding="utf-8")
    return said


def reference_values(reference: Path) -> list[Value]:
    """Every standardised value of the digital phantom beside ours."""
    image, mask = _phantom(reference / PHANTOM / "image/phantom.nii.gz"), _phantom(reference / PHANTOM / "mask/mask.nii.gz")
    found = features(image, mask.array, AS_THE_PHANTOM).values
    with _there(reference / VALUES).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["reference value"]]
    return [
        Value(
            row["family"], row["feature"], row["tag"], row["consensus"], float(row["reference value"]), float(row["tolerance"]), found.get(row["tag"])
        )
        for row in rows
    ]


def response_maps(reference: Path) -> Iterator[Response]:
    """Every published map that is among the reference data."""
    for number, (about, phantom, response) in RESPONSES.items():
        image = _phantom(reference / SECOND_PHANTOMS / phantom / "image" / f"{phantom}.nii.gz").array
        expected = _phantom(reference / MAPS / f"{number.replace('.', '_')}-ValidCRM.nii").array.astype(np.float64)
        furthest = np.abs(response(image.astype(np.float64)) - expected).max() / (expected.max() - expected.min())
        yield Response(number, about, phantom, float(furthest))


def configurations(reference: Path) -> Iterator[Ran]:
    """A to E on the CT of a patient. There are no published values for this image."""
    folder = reference / SARCOMA
    image, mask = _phantom(folder / "CT_image.nii.gz"), _phantom(folder / "CT_mask.nii.gz")
    for name, (about, settings) in CONFIGURATIONS.items():
        found = features(image, mask.array, settings)
        yield Ran(name, about, found.declared["voxels"], len(found.values), found.undefined)


def _phantom(path: Path) -> Volume:
    return nifti.volume_of(_there(path).read_bytes())


def _there(path: Path) -> Path:
    if not path.exists():
        raise NotFound(f"there is no {path}: the reference data of the initiative are not in this folder")
    return path


def _summary(values: Sequence[Value], responses: Sequence[Response]) -> str:
    agreed, maps = sum(each.agrees for each in values), sum(each.agrees for each in responses)
    return f"{agreed} of {len(values)} values of the digital phantom and {maps} of {len(responses)} response maps agree"


def _page(values: Sequence[Value], responses: Sequence[Response], ran: Sequence[Ran], said: str) -> str:
    return HEAD.format(day=datetime.now(UTC).date().isoformat(), said=said) + "\n".join(
        [*_families(values), "", *_different(values), "", *_maps(responses), "", *_patient(ran), ""]
    )


def _families(values: Sequence[Value]) -> list[str]:
    lines = ["| family | values | agree |", "| --- | ---: | ---: |"]
    for family in dict.fromkeys(each.family for each in values):
        some = [each for each in values if each.family == family]
        lines.append(f"| {family} | {len(some)} | {sum(each.agrees for each in some)} |")
    return [*lines, f"| all | {len(values)} | {sum(each.agrees for each in values)} |"]


def _different(values: Sequence[Value]) -> list[str]:
    wrong = [each for each in values if not each.agrees]
    if not wrong:
        return ["No value differs."]
    rows = [
        f"| {each.tag} | {each.reference} | {each.tolerance} | {'not offered' if each.found is None else f'{each.found:.6g}'} |" for each in wrong
    ]
    return ["| differs | reference | tolerance | ours |", "| --- | ---: | ---: | ---: |", *rows]


def _maps(responses: Sequence[Response]) -> list[str]:
    rows = [f"| {each.number} | {each.about} | {each.phantom} | {each.furthest:.1e} | {'yes' if each.agrees else 'no'} |" for each in responses]
    return [MAPS_HEAD, "| map | filter | phantom | largest difference | agrees |", "| --- | --- | --- | ---: | --- |", *rows]


def _patient(ran: Sequence[Ran]) -> list[str]:
    rows = []
    for each in ran:
        without = ", ".join(each.undefined) or "none"
        rows.append(f"| {each.name} | {each.about} | {each.voxels['shape']:,} | {each.voxels['counted']:,} | {each.values} | {without} |")
    return [
        PATIENT_HEAD,
        "| configuration | settings | voxels | counted | values | without a value |",
        "| --- | --- | ---: | ---: | ---: | --- |",
        *rows,
    ]


HEAD: Final = """# Agreement of radiomics with the standard

Written by `wardline evaluate ibsi` on {day}. {said}.

## Digital phantom, chapter 1

A value agrees when it lies within the published tolerance of the reference value, at the three figures the reference is given with (IBSI 1, tables
published with the phantom, CC BY 4.0). Values the initiative calls not standardised are not counted.

"""
MAPS_HEAD: Final = """## Response maps, chapter 2

A map agrees when no voxel differs from the reference map by more than 1 % of that map's range. The published set has 33 maps; these are the ones
among the reference data. The 324 values of filtered features belong to an image that is not among them, so they are not measured here.
"""
PATIENT_HEAD: Final = """## Configurations A to E

The five ways to prepare a patient's image that the initiative compares, on the CT of a soft-tissue sarcoma from its validation set. No reference
values are published for this image; the table shows that each configuration runs and on how many voxels. What a second implementation says of the
same image is in docs/clinical/radiomics.md.
"""
