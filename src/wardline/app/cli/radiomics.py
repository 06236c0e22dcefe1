"""`wardline radiomics`: every feature of the regions in a mask, by the Image Biomarker Standardisation Initiative."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import track
from rich.table import Table

from wardline.core.errors import Refused

if TYPE_CHECKING:
    from wardline.app.imaging.radiomics_reading import Row


def radiomics(
    *files: Annotated[
        Path, Parameter(name="IMAGE MASK", help="IMAGE: NIfTI or a folder of one DICOM series. MASK: NIfTI, RTSTRUCT or SEG. Or many.")
    ],
    settings: Annotated[Path | None, Parameter(help="JSON; what is not in it stays as docs/clinical/radiomics.md says.")] = None,
    structure: Annotated[str, Parameter(help="Name or number of one structure; all without it.")] = "",
    processes: Annotated[int, Parameter(help="Processors to use, for several pairs or for one; 0 is all.")] = 0,
    json_lines: Annotated[bool, Parameter(name="--json", help="One JSON object per structure and line.")] = False,
) -> int:
    """Measure regions of images: shape, intensities and texture, each result with the declaration of how it was made.

    A PET series in DICOM is measured in SUV by body weight. Several pairs, IMAGE MASK IMAGE MASK ..., run on all processors. Exit code 1 when one
    was refused.

    For example:

        wardline radiomics ct.nii.gz tumour.nii.gz --json

        wardline radiomics series/ structures.dcm --structure GTV --settings settings.json
    """
    # numpy, scipy and numba cost seconds to import: only for this command.
    from wardline.app.imaging.radiomics_reading import Pair, batch, settings_at
    from wardline.science.imaging.radiomics import settings_from

    if not files or len(files) % 2:
        raise Refused("give an image and its mask, or several such pairs: IMAGE MASK [IMAGE MASK ...]")
    pairs = [Pair(image, mask, structure) for image, mask in zip(files[::2], files[1::2], strict=True)]
    console = Console(markup=False, highlight=False, soft_wrap=True)
    rows = batch(pairs, settings_from(settings_at(settings)), processes=processes)
    watched = track(rows, "Measuring", len(pairs), console=Console(stderr=True), transient=True, disable=len(pairs) == 1)
    refused = False
    for each in (row for found in watched for row in found):
        refused = refused or bool(each.refused)
        if json_lines:
            print(json.dumps(each.json(), ensure_ascii=False))
        else:
            _show(each, console)
    return 1 if refused else 0


def _show(row: "Row", console: Console) -> None:
    from wardline.science.imaging.radiomics import feature

    console.print(f"{row.pair.image} {row.name}".rstrip(), style="bold")
    if row.refused:
        console.print(f"  refused: {row.refused}\n", style="red")
        return
    table = Table("family", "feature", "value", "tag", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for tag, value in row.values.items():
        named = feature(tag)
        table.add_row(named.family, named.name, f"{value:.6g}", tag)
    console.print(table)
    for note in row.notes:
        console.print(f"  {note}")
    if row.undefined:
        console.print(f"  without a value for this region: {', '.join(row.undefined)}")
    console.print()
