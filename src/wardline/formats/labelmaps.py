"""Label maps as bytes: one line of JSON that says what lies where, then the voxels, compressed. Mostly zeros, so a few kilobytes."""

import json
import zlib
from typing import Any, Final

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Label, LabelMap

MEDIA_TYPE: Final = "application/vnd.wardline.labelmap"
LARGEST: Final = 1 << 30
"""Voxels at most; a header that claims more is not believed."""


def packed(labels: LabelMap) -> bytes:
    """Bytes of a label map; equal maps give equal bytes."""
    import numpy as np

    array = np.ascontiguousarray(labels.array)
    head = {
        "shape": labels.grid.shape, "spacing": labels.grid.spacing, "origin": labels.grid.origin, "directions": labels.grid.directions,
        "type": array.dtype.newbyteorder("<").str, "series": labels.series, "made_by": labels.made_by, "automatic": labels.automatic,
        "notes": labels.notes, "labels": [tuple(each) for each in labels.labels], "began_as": labels.began_as,
    }  # fmt: skip
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + zlib.compress(array.astype(array.dtype.newbyteorder("<")).tobytes(), 6)


def header(content: bytes) -> dict[str, Any]:
    """What lies where, without the voxels. Raises `Refused`."""
    line, newline, _ = content.partition(b"\n")
    try:
        head: dict[str, Any] = json.loads(line)
        shape = head["shape"]
        if not newline or len(shape) != 3 or not 0 < shape[0] * shape[1] * shape[2] <= LARGEST:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Refused("this is no label map", code="labelmap") from None
    return head


def voxels(content: bytes) -> bytes:
    """The voxels alone, little endian, [slice, row, column]. Raises `Refused` where they are not as many as the header says."""
    head = header(content)
    size = head["shape"][0] * head["shape"][1] * head["shape"][2] * int(head["type"][-1])
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content[content.index(b"\n") + 1 :], size)
    except zlib.error:
        raise Refused("the voxels of this label map are damaged", code="labelmap") from None
    if len(plain) != size or not unpacking.eof:
        raise Refused("this label map does not hold as many voxels as it says", code="labelmap")
    return plain


def unpacked(content: bytes) -> LabelMap:
    """The label map of `packed`. Raises `Refused`."""
    import numpy as np

    head = header(content)
    array = np.frombuffer(voxels(content), np.dtype(head["type"])).reshape(head["shape"])
    directions = tuple(tuple(float(x) for x in way) for way in head["directions"])
    grid = Grid(tuple(head["shape"]), tuple(head["spacing"]), tuple(head["origin"]), directions)  # type: ignore[arg-type]
    labels = tuple(_label(*each) for each in head["labels"])
    return LabelMap(array, grid, labels, head["series"], head["made_by"], head["automatic"], tuple(head["notes"]), head.get("began_as", ""))


def _label(number: int, name: str, category: list[str] | None, type: list[str] | None, side: str, how: str = "") -> Label:
    return Label(number, name, Coding(*category) if category else None, Coding(*type) if type else None, side, how)
