"""What an object that was made from a study is called, so that others can be told of it; read in a worker."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Reference(NamedTuple):
    """A DICOM object and under which digest it is kept."""

    digest: str
    sop_class: str
    instance: str
    series: str


def references(data: Path, study: str, digests: Iterable[str]) -> list[Reference]:
    """Raises `NotFound` for one that is gone."""
    from pydicom import dcmread

    from wardline.app.imaging.opening import images_in

    found = []
    with images_in(data) as images:
        for digest in digests:
            head = dcmread(io.BytesIO(images.kept(study, digest)), specific_tags=["SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID"])
            found.append(Reference(digest, str(head.SOPClassUID), str(head.SOPInstanceUID), str(head.SeriesInstanceUID)))
    return found
