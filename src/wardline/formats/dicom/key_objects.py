"""The few images of a study that show what a report is about, picked by a person: a DICOM key object selection (PS3.3 A.35.4, PS3.16 TID 2010)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import highdicom as hd
from highdicom.sr import CodedConcept
from pydicom import Dataset

from wardline.core.errors import Refused
from wardline.formats.dicom.derived import CONTENT_SERIES, UNNAMED, check_sources, complete, observer, refusing, stamp, written

# PS3.16 CID 7010, as pydicom carries it.
TITLES: Final = {
    "of interest": "113000", "for referring provider": "113002", "for surgery": "113003", "for teaching": "113004", "for conference": "113005",
    "for therapy": "113006", "for patient": "113007", "for peer review": "113008", "for research": "113009", "quality issue": "113010",
    "best in set": "113013", "for report attachment": "113020", "rejected for patient safety reasons": "113037",
}  # fmt: skip
REJECTED: Final = "rejected for patient safety reasons"
"""IHE Imaging Object Change Management (RAD-66): archives hide what such a note names."""


@refusing
def key_objects(
    images: Sequence[Dataset], *, at: datetime, title: str = "of interest", description: str = "", author: str = "", name: str = "Key images"
) -> bytes:
    """A DICOM file. `images` are the headers of those that were picked, of one study; `title` is a word of `TITLES`, `name` that of its series."""
    check_sources(images, one_series=False)
    if title not in TITLES:
        raise Refused(f"{title!r} is no reason for a selection; it can be {', '.join(TITLES)}", code="no-code", where="title")
    evidence = complete(images)
    person, device = observer(author)
    content = hd.ko.KeyObjectSelection(
        document_title=CodedConcept(TITLES[title], "DCM", _meaning(title)), referenced_objects=evidence, observer_person_context=person,
        observer_device_context=device, description=description or None,
    )  # fmt: skip
    made = hd.ko.KeyObjectSelectionDocument(
        evidence=evidence, content=content, series_instance_uid=UNNAMED, series_number=CONTENT_SERIES["KO"], sop_instance_uid=UNNAMED,
        instance_number=1, **stamp(),
    )  # fmt: skip
    made.SeriesDescription = name
    return written(made, evidence[0], at)


def _meaning(title: str) -> str:
    """As PS3.16 writes it: "For Surgery", "Rejected for Patient Safety Reasons"."""
    first, *rest = title.split()
    return " ".join([first.capitalize(), *(word if word == "for" else word.capitalize() for word in rest)])
