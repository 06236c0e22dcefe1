"""NIfTI files, as research tools write images and masks: bytes to a volume or a label map on our axes.

NIfTI-1: M. Jenkinson et al., nifti1.h. Its coordinates run to the right, front and head (RAS) where DICOM's run to the left, back and head (LPS),
and its arrays are indexed [x, y, z] where ours are [slice, row, column].
"""

import gzip
import io
import re
import zlib
from typing import Any, Final

import nibabel
import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Label, LabelMap, Vector, Volume

LARGEST: Final = 4 * 1024**3
"""Bytes of one image, unpacked."""
_NAMED: Final = re.compile(rb'<Label Key="(\d+)"[^>]*><!\[CDATA\[([^\]]{1,100})\]\]></Label>')
SQUARE: Final = 1e-3
"""Cosine up to which axes count as at right angles."""


def volume_of(content: bytes, *, modality: str = "", unit: str = "") -> Volume:
    """An image. A NIfTI file does not say what was measured: `modality` and `unit` are the caller's knowledge."""
    image = _image(content)
    array = _array(image)
    if array.dtype.kind not in "iu":
        array = array.astype(np.float32)
    return Volume(array, _grid(image, array.shape), modality, unit)


def label_map_of(content: bytes) -> LabelMap:
    """A mask: every whole number above 0 is a structure."""
    image = _image(content)
    array = _array(image)
    whole = array if array.dtype.kind in "iu" else np.rint(array)
    if not np.array_equal(whole, array) or whole.min() < 0:
        raise Refused("the NIfTI mask has values that are not whole numbers from 0: it is an image, or a mask of shares", code="nifti")
    if int(whole.max()) > np.iinfo(np.uint16).max:
        raise Refused("the NIfTI mask names more than 65535 structures", code="nifti")
    numbers = np.unique(whole)
    labels = tuple(Label(int(number), f"label {int(number)}") for number in numbers if number > 0)
    return LabelMap(whole.astype(np.uint16), _grid(image, array.shape), labels)


def bytes_of(volume: Volume | LabelMap) -> bytes:
    """A compressed NIfTI-1 file of it, for programs that read nothing else."""
    grid = volume.grid
    affine = np.eye(4)
    affine[:3, :3] = (np.asarray(grid.directions, float) * np.asarray(grid.spacing)[:, None]).T[:, ::-1]
    affine[:3, 3] = grid.origin
    array = np.asarray(volume.array).transpose(2, 1, 0)
    make: Any = nibabel.Nifti1Image  # it has no types
    image = make(array, np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)
    return gzip.compress(image.to_bytes(), compresslevel=1, mtime=0)


def names_of(content: bytes) -> dict[int, str]:
    """Names of structures from a label table in the file's extension, as Connectome Workbench and TotalSegmentator write them; {} without one."""
    for extension in _image(content).header.extensions:
        found = _NAMED.findall(extension.content)
        if found:
            return {int(number): name.decode("utf-8", "replace") for number, name in found}
    return {}


def _image(content: bytes) -> Any:
    plain = _unpacked(content)
    for kind in (nibabel.Nifti1Image, nibabel.Nifti2Image):
        try:
            return kind.from_bytes(plain)
        except (nibabel.filebasedimages.ImageFileError, nibabel.spatialimages.HeaderDataError, ValueError):
            continue
    raise Refused("this is no NIfTI file", code="nifti")


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            plain = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Refused("the NIfTI file is damaged: its compression ends too early or is broken", code="nifti") from error
    if len(plain) > LARGEST:
        raise Refused(f"the NIfTI file unpacks to more than {LARGEST >> 30} GB", code="nifti")
    return plain


def _array(image: Any) -> Any:
    """[slice, row, column] of the three spatial axes."""
    shape = tuple(image.shape)
    if len(shape) < 2 or any(side != 1 for side in shape[3:]) or not all(shape):
        raise Refused(f"the NIfTI file has {shape} values: one image in space is read, not a series of images", code="nifti")
    try:
        array = np.asarray(image.dataobj)
    except (OSError, ValueError, EOFError) as error:
        raise Refused("the NIfTI file is damaged: it has fewer values than its header says", code="nifti") from error
    if array.dtype.kind not in "iuf":
        raise Refused(f"the NIfTI file has values of the kind {array.dtype}, not plain numbers", code="nifti")
    return np.ascontiguousarray(array.reshape((*shape, 1)[:3]).transpose(2, 1, 0))


def _grid(image: Any, shape: tuple[int, ...]) -> Grid:
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ np.asarray(image.affine, dtype=float)
    steps = affine[:3, :3].T[::-1]
    """Along slice, row and column, in mm."""
    spacing = np.linalg.norm(steps, axis=1)
    if not np.isfinite(affine).all() or (spacing <= 0).any():
        raise Refused("the NIfTI file does not say how large its voxels are (sform, qform, pixdim)", code="nifti")
    ways = steps / spacing[:, None]
    if np.abs(ways @ ways.T - np.eye(3)).max() > SQUARE:
        raise Refused("the axes of the NIfTI file are not at right angles: resample it first", code="nifti")
    return Grid((shape[0], shape[1], shape[2]), _vector(spacing), _vector(affine[:3, 3]), (_vector(ways[0]), _vector(ways[1]), _vector(ways[2])))


def _vector(values: Any) -> Vector:
    first, second, third = (float(each) for each in values)
    return first, second, third
