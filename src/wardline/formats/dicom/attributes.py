"""Everything a file says about an image beside its pixels, as plain values by keyword."""

from typing import Any, Final

from pydicom.dataset import Dataset

from wardline.formats.dicom.headers import plain

BINARY: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
DEEPEST: Final = 8
"""Sequences within sequences; deeper is damage, not description."""


def attributes(dataset: Dataset, depth: int = 0) -> dict[str, Any]:
    """Standard attributes with a value; sequences as lists of such mappings; no binary values, no private elements."""
    said: dict[str, Any] = {}
    for element in dataset:
        if not element.keyword or element.VR in BINARY:
            continue
        if element.VR == "SQ":
            said[element.keyword] = [attributes(item, depth + 1) for item in element.value] if depth < DEEPEST else []
        elif (value := plain(element.value)) is not None:
            said[element.keyword] = value
    return said
