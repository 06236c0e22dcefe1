"""`wardline segment`: organs and hot spots of images in files, outlined."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from wardline.app.settings import load

if TYPE_CHECKING:
    from wardline.core.imaging import LabelMap


def segment(
    method: Annotated[str, Parameter(help="lungs, body, pet-lesions, lung-fields, total-segmentator, or the id of a model.")],
    *images: Annotated[Path, Parameter(name="IMAGE", help="Folders of DICOM series, or NIfTI files.")],
    modality: Annotated[tuple[str, ...], Parameter(help="For NIfTI files, in order: CT (in HU), PT (in SUV), MR.")] = (),
    out: Annotated[Path | None, Parameter(help="A NIfTI file for the labels (.nii.gz).")] = None,
    data: Annotated[Path | None, Parameter(help="The data folder, for the site's models.")] = None,
    json_lines: Annotated[bool, Parameter(name="--json", help="One JSON object per structure and line.")] = False,
) -> None:
    """Outline organs or hot spots and say how large each is. Nothing here is a diagnosis; see docs/clinical/segmentation.md.

    For example:

        wardline segment lungs ct.nii.gz --modality CT --out lungs.nii.gz

        wardline segment pet-lesions study/ --json
    """
    # numpy, scipy and pydicom cost seconds to import: only for this command.
    from wardline.app.imaging.segmenting import outlined, volumes_at
    from wardline.formats.nifti import bytes_of

    found = outlined(method, volumes_at(images, modality), load(data=data))
    if out is not None:
        out.write_bytes(bytes_of(found))
    if json_lines:
        for row in _rows(found):
            print(json.dumps(row, ensure_ascii=False))
    else:
        _show(found)


def _rows(found: "LabelMap") -> list[dict[str, object]]:
    volumes = [round(float((found.array == label.number).sum()) * found.grid.voxel_ml, 2) for label in found.labels]
    return [
        {"number": label.number, "name": label.name, "side": label.side, "volume_ml": volume, "made_by": found.made_by}
        for label, volume in zip(found.labels, volumes, strict=True)
    ]


def _show(found: "LabelMap") -> None:
    console = Console(markup=False, highlight=False, soft_wrap=True)
    table = Table("number", "structure", "ml", box=None, pad_edge=False)
    for row in _rows(found):
        table.add_row(str(row["number"]), str(row["name"]), str(row["volume_ml"]))
    console.print(table)
    for note in found.notes:
        console.print(f"  {note}")
