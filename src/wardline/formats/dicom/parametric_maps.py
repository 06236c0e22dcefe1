"""A stack of numbers that somebody computed from images, such as uptake values or a filter's answer: a DICOM parametric map (PS3.3 A.75)."""

from collections.abc import Sequence
from datetime import datetime

import highdicom as hd
import numpy as np
from highdicom.sr import CodedConcept
from pydicom import Dataset

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Volume
from wardline.formats.dicom.alignment import aligned
from wardline.formats.dicom.derived import CONTENT_SERIES, UNNAMED, check_sources, refusing, scheme_of, stamp, written
from wardline.formats.dicom.measurement_codes import SUV, UNITS


@refusing
def parametric_map(
    volume: Volume, sources: Sequence[Dataset], *, at: datetime, quantity: tuple[Coding, str], description: str, for_research: bool = True
) -> bytes:
    """A DICOM file of 32-bit floats. `quantity` says what the numbers are, coded and in words; their unit is the volume's."""
    check_sources(sources, one_series=True)
    array = np.asarray(volume.array, np.float32)
    if not np.isfinite(array).all():
        raise Refused("the map has voxels without a number; give them one that means so, and say it in the description", code="not-a-number")
    lie = aligned(volume.grid, sources)
    low, high = float(array.min()), float(array.max())
    coding, words = quantity
    mapping = hd.pm.RealWorldValueMapping(
        lut_label=words[:16], lut_explanation=words[:64], unit=_unit(volume.unit), value_range=(low, high), slope=1.0, intercept=0.0,
        quantity_definition=CodedConcept(coding.code, scheme_of(coding), words[:64]),
    )  # fmt: skip
    window = hd.VOILUTTransformation(window_center=(low + high) / 2, window_width=max(high - low, 1e-6))
    made = hd.pm.ParametricMap(
        source_images=lie.images, pixel_array=lie.pixels(array), series_instance_uid=UNNAMED, series_number=CONTENT_SERIES["PM"],
        sop_instance_uid=UNNAMED, instance_number=1, contains_recognizable_visual_features=False, real_world_value_mappings=[mapping],
        voi_lut_transformations=[window], content_description=description or None, content_label="MAP",
        content_qualification="RESEARCH" if for_research else "PRODUCT", **stamp(),
    )  # fmt: skip
    made.SeriesDescription = (description or words)[:64]
    return written(made, lie.images[0], at)


def _unit(unit: str) -> CodedConcept:
    if unit in SUV:
        return CodedConcept.from_code(SUV[unit][1])
    if (unit or "1") not in UNITS:
        raise Refused(f"a map in {unit!r}: this unit has no words for DICOM yet", code="unit")
    return CodedConcept(unit or "1", "UCUM", UNITS[unit or "1"])
