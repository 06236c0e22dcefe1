"""DICOM files of a folder, as they come from an export or a disc: which series are there, and which files cannot be read."""

from pathlib import Path
from typing import NamedTuple

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from wardline.core.errors import NotFound
from wardline.formats.dicom.volumes import series_in


class Folder(NamedTuple):
    """What was found, series in the order of their first file's name."""

    series: dict[str, list[Dataset]]
    unreadable: dict[Path, str]
    """Files that are DICOM and damaged, with what is wrong. What is not DICOM at all is passed over."""


def folder_read(path: Path) -> Folder:
    """Every DICOM file at or below a path. Raises `NotFound` when the path is not there."""
    if not path.exists():
        raise NotFound(f"there is no {path}")
    datasets: list[Dataset] = []
    unreadable: dict[Path, str] = {}
    for file in sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]:
        try:
            datasets.append(dcmread(file))
        except InvalidDicomError:
            continue
        except Exception as error:  # pydicom raises what it likes on damaged files; each is named and the others are read
            unreadable[file] = str(error)
    return Folder(series_in([each for each in datasets if "SeriesInstanceUID" in each]), unreadable)
