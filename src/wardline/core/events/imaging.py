"""Studies as they arrive, what people draw on them, the cases and reports made of them, and the worklist of what is to be done."""

from typing import Final, NamedTuple

ELSEWHERE: Final = "elsewhere"
"""State of a study that turned out to be about somebody else."""
WITHDRAWN: Final = "withdrawn"
"""Status of the document on the chart whose report has been withdrawn."""
WAITING: Final = "waits for withdrawal"
"""Status of the document on the chart of whose report nobody knows whether its study is this patient's."""


class Imaged(NamedTuple):
    """A study as far as it has arrived from a scanner or an archive; `occurred_at` of the event is when it was begun. Said again it replaces."""

    study: str
    """Study Instance UID."""
    state: str
    """"arriving", "complete" or `ELSEWHERE`."""
    journal: int = 0
    """Number of the image store's journal entry that this was made from."""
    modalities: tuple[str, ...] = ()
    description: str = ""
    accession: str = ""
    instances: int = 0
    series: tuple[tuple[str, str, int, str, int], ...] = ()
    """(Series Instance UID, modality, number, description, instances), in the order of their numbers."""
    why: str = ""
    """How it came to this patient: "order" (accession number), "identity" (number and details agree), or the person who placed it."""


class Unplaced(NamedTuple):
    """A study whose patient is not certain (about="imaging/unplaced"); a person decides. Who it says it is stays with the images."""

    study: str
    why: str
    journal: int = 0
    candidates: tuple[str, ...] = ()
    """Records it may be about."""


class CaseOpened(NamedTuple):
    """Somebody is to report on a study: a question, the branch whose template answers it, and the study it is compared with."""

    case: str
    study: str
    """Study Instance UID."""
    branch: str
    """"oncology", "pulmonology", "cardiology", "neurology" or "general"."""
    question: str = ""
    baseline: str = ""
    """Study Instance UID of the one before; "" where there is nothing to compare with."""
    accession: str = ""


class CaseMoved(NamedTuple):
    """A case goes on, or back: "intake", "imaging", "evidence", "report", "signed", "closed"."""

    case: str
    stage: str
    note: str = ""
    checklist: tuple[tuple[str, str], ...] = ()
    """(item, what was found) of the branch's intake list."""


class ReportDrafted(NamedTuple):
    """A version of a report that nobody has signed. `content` is its sections and sentences as JSON, each with what it rests on."""

    report: str
    case: str
    version: int
    content: str


class ReportSigned(NamedTuple):
    """A person answers for this text. What is signed never changes; an addendum is a version of its own."""

    report: str
    case: str
    study: str
    version: int
    title: str
    text: str
    """As it was shown when it was signed."""
    digest: str
    """SHA-256 of the signed content, in hex."""
    author: str
    """Name of who signed."""
    addendum: bool = False
    critical: bool = False
    """Whoever signed has said that somebody must be told now."""
    artefacts: tuple[tuple[str, str, str], ...] = ()
    """(name, media type, digest) of what goes with it: DICOM SEG, SR, key objects."""


class ReportWithdrawn(NamedTuple):
    """A signed report is not valid and never will be again: it was another patient's, or it was wrong. What was signed stays in the log."""

    report: str
    case: str
    study: str
    version: int
    """Number after the last that was signed."""
    title: str
    text: str
    """What is withdrawn, as it stood."""
    reason: str
    author: str
    """Name of who withdrew it; "Wardline" where the study was placed with another patient."""
    misplaced: bool = False
    """Whether its study is another patient's."""
    artefacts: tuple[tuple[str, str, str], ...] = ()
    """(name, media type, digest) of everything that went with any of its versions."""


class Contoured(NamedTuple):
    """A person has drawn the lesions of a study anew, or taken the drawing back. It counts until the next one, or until its series changes."""

    study: str
    mask: str
    """Digest of the label map, kept with the study's images; "" goes back to what the program had outlined."""
    based_on: str
    """Digest of the label map that was changed."""
    automatic: str = ""
    """Digest of the program's own, from which the first drawing began."""
    lesions: tuple[tuple[str, int, str, str], ...] = ()
    """(key, number in the map, site, "automatic", "changed" or "drawn") of each lesion there is now."""
    removed: tuple[str, ...] = ()
    """Keys of lesions that are none."""
    series: str = ""
    instances: int = 0
    """Images the series had when it was drawn on."""
    note: str = ""


class Marked(NamedTuple):
    """A person has measured something on a study's images: a length, an ellipse, a sphere. The numbers are the house's."""

    study: str
    mark: str
    """ "M1", "M2" ...; never given twice in a study."""
    series: str
    kind: str
    points: tuple[tuple[float, float, float], ...]
    """In the patient, mm (DICOM's coordinates)."""
    values: tuple[tuple[str, str, float | None, str, str], ...] = ()
    """(id, name, value, unit, why there is none)."""
    label: str = ""
    instances: int = 0


class Unmarked(NamedTuple):
    """A measurement made by hand is taken away."""

    study: str
    mark: str


class WorkitemStated(NamedTuple):
    """Something to be done with a patient's images, and how it stands (a workitem of DICOM's worklist service). Said again it replaces."""

    workitem: str
    """SOP Instance UID."""
    state: str
    """"SCHEDULED", "IN PROGRESS", "COMPLETED" or "CANCELED"."""
    attributes: str
    """As DICOM JSON."""
    studies: tuple[str, ...] = ()
    """Study Instance UIDs it is about."""
    lock: str = ""
    """Transaction UID of whoever performs it: only they know it."""
    performer: str = ""
    """Account or program that has claimed it; "wardline" for the house itself."""
    events: tuple[int, ...] = ()
    """Event Type IDs that subscribers are told now (PS3.4 Table CC.2.4-1)."""
    asked: str = ""
    """What a request for cancellation said, as DICOM JSON; only where that is what this event is about."""
    asked_by: str = ""


class WorklistWatched(NamedTuple):
    """A system begins or ends to follow workitems (about="imaging/worklist")."""

    subscriber: str
    """AE title it gives itself."""
    workitem: str
    """One workitem's UID, or the well-known one of the whole or the filtered worklist."""
    state: str
    """"subscribed", "suspended" or "ended"."""
    lock: bool = False
    """Whether finished workitems are kept for it until it lets go."""
    filter: str = ""
    """Matching keys, as they were sent; none of them says who a patient is."""
    person: str = ""
    client: str = ""
