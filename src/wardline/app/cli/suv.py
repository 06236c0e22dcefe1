"""`wardline suv`: the SUV of every PET series in a folder, each number with where it came from; or why there is none."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from wardline.app.imaging.suv_reading import Reading


def suv(
    folder: Annotated[Path, Parameter(help="A folder with DICOM files, or one file.")],
    *,
    json_lines: Annotated[bool, Parameter(name="--json", help="One JSON object per series and line.")] = False,
) -> int:
    """Work out the standardised uptake values of the PET series in a folder. Exit code 1 when one was refused.

    A factor is what the rescaled value (slope * stored + intercept) of that image is multiplied with. A series whose headers lack or contradict
    something is refused with the tag; nothing is guessed.

    For example:

        wardline suv study/

        wardline suv study/ --json
    """
    # numpy and pydicom cost a second to import: only for this command.
    from wardline.app.imaging.suv_reading import readings

    console = Console(markup=False, highlight=False, soft_wrap=True)
    refused = False
    for each in readings(folder):
        refused = refused or each.refused is not None
        if json_lines:
            print(json.dumps(each.json(), ensure_ascii=False))
        else:
            _show(each, console)
    return 1 if refused else 0


def _show(reading: "Reading", console: Console) -> None:
    from wardline.science.imaging.suv import KINDS

    console.print(f"{reading.name or 'PET series'}: {reading.images} images {reading.series}".rstrip(), style="bold")
    if reading.suv is None:
        console.print(f"  refused: {reading.refused}\n", style="red")
        return
    kinds = Table("", "highest", "unit", "factor of the rescaled value", box=None, pad_edge=False)
    for kind, words in KINDS.items():
        highest = reading.highest(kind)
        if highest is None:
            kinds.add_row(words.label, "", "", reading.suv.unavailable[kind])
        else:
            kinds.add_row(words.label, f"{highest:.2f}", words.unit, _range(reading.suv.factors[kind]))
    console.print(kinds)
    constants = Table("from", "value", "tag", "rule", box=None, pad_edge=False)
    for name, value, unit, tag, rule in reading.suv.provenance:
        constants.add_row(name, f"{value:.10g} {unit}" if isinstance(value, float) else f"{value} {unit}".rstrip(), tag, rule)
    console.print(constants)
    for warning in reading.warnings:
        console.print(f"  note: {warning}", style="yellow")
    console.print()


def _range(factors: tuple[float, ...]) -> str:
    low, high = min(factors), max(factors)
    return f"{low:.6g}" if high - low <= 1e-12 * high else f"{low:.6g} to {high:.6g}"
