"""Studies of made-up bodies, small and quick, and the way into a store that a test holds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from wardline.adapters.embedded.images.store import ImageStore
from wardline.core.imaging import Grid, Volume
from wardline.simulator.scanner import Visit, as_file, pet_ct

ELENA = Visit("4015", "HOSP", "MARCHETTI", "ELENA", "19610622", "F", datetime(2026, 3, 1, 10, 24), accession="RAD-77")
SHAPE = (12, 24, 24)


def bodies(*, spot: float = 8.0, seed: int = 1) -> tuple[Volume, Volume]:
    """A water cylinder on a small grid with one hot spot: CT and PET in SUV."""
    dice = np.random.default_rng(seed)
    grid = Grid(SHAPE, (4.0, 4.0, 4.0), (-48.0, -48.0, 0.0))
    rows, columns = np.mgrid[: SHAPE[1], : SHAPE[2]]
    inside = np.broadcast_to((rows - 11.5) ** 2 + (columns - 11.5) ** 2 <= 100, SHAPE)
    ct = np.where(inside, 40, -1000) + dice.normal(0, 8, SHAPE)
    suv = np.where(inside, 1.0, 0.02).astype(np.float32)
    suv[5:8, 9:12, 9:12] = spot
    return Volume(ct.astype(np.int16), grid, "CT", "[hnsf'U]"), Volume(suv, grid, "PT", "{SUVbw}g/ml")


def study(visit: Visit = ELENA, *, spot: float = 8.0, missing: Iterable[int] = ()) -> list[Dataset]:
    return list(pet_ct(visit, *bodies(spot=spot), missing=missing))


def store(images: ImageStore, datasets: Iterable[Dataset]) -> list[Any]:
    """Put them into a store as the DICOM door does."""
    return [_put(images, each) for each in datasets]


def _put(images: ImageStore, dataset: Dataset) -> Any:
    content = as_file(dataset)
    arriving = images.begin(
        sop_class=dataset.SOPClassUID, sop_instance=dataset.SOPInstanceUID, syntax=str(dataset.file_meta.TransferSyntaxUID), source="TEST"
    )
    # Preamble and "DICM", then the group length element (12 bytes), whose value says how long the rest of the file meta information is.
    arriving.write(content[144 + int.from_bytes(content[140:144], "little") :])
    return arriving.finish()
