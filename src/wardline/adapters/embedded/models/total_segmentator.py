"""TotalSegmentator (Wasserthal et al. 2023) as a program beside Wardline, where a site has installed it with its own weights and licence.

Nothing of it is part of Wardline: the CT goes to it as a file in a folder of its own, and what it writes is read back as data.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from wardline.core.codings import Coding
from wardline.core.errors import Fault, Refused
from wardline.core.imaging import Label, LabelMap, Volume

COMMAND: Final = "TotalSegmentator"
_SECONDS: Final = 3600
_ANATOMY: Final = Coding("123037004", "snomed")


def program() -> Path:
    """Where it is. Raises `Refused` with what to do where it is not installed."""
    found = shutil.which(COMMAND)
    if found is None:
        raise Refused(
            "TotalSegmentator is not installed on this machine: install it with its weights, so that the command TotalSegmentator runs, "
            "or use the methods that come with Wardline.", code="not-installed",
        )  # fmt: skip
    return Path(found)


def segment(ct: Volume, *, fast: bool = True, seconds: float = _SECONDS) -> LabelMap:
    """The structures it knows, on the grid of the CT. `fast` is its 3 mm model."""
    if ct.modality != "CT":
        raise Refused(f"TotalSegmentator is run on CT here; these images are {ct.modality or 'of unknown modality'}.", code="modality")
    from wardline.formats.nifti import bytes_of

    command = program()
    with tempfile.TemporaryDirectory() as room:
        given, made = Path(room) / "ct.nii.gz", Path(room) / "labels.nii.gz"
        given.write_bytes(bytes_of(ct))
        asked = [str(command), "-i", str(given), "-o", str(made), "--ml", *(["--fast"] if fast else [])]
        try:
            ran = subprocess.run(asked, capture_output=True, timeout=seconds, check=False)  # noqa: S603 - the program the site installed
        except subprocess.TimeoutExpired:
            raise Fault(f"TotalSegmentator took longer than {seconds:.0f} seconds and was ended.") from None
        if ran.returncode or not made.is_file():
            raise Fault(f"TotalSegmentator ended with code {ran.returncode} and wrote no labels.")
        content = made.read_bytes()
    return _named(content, ct)


def _named(content: bytes, ct: Volume) -> LabelMap:
    from wardline.formats.nifti import label_map_of, names_of

    found, names = label_map_of(content), names_of(content)
    if not found.grid.is_same_as(ct.grid, tolerance_mm=0.1):
        raise Fault("TotalSegmentator answered on another grid than it was asked on.")
    labels = tuple(Label(each.number, names.get(each.number, each.name).replace("_", " "), _ANATOMY) for each in found.labels)
    return LabelMap(found.array, ct.grid, labels, ct.series, COMMAND)
