"""Studies as they arrive, and the cases and reports made of them."""

from typing import Final, NamedTuple

ELSEWHERE: Final = "elsewhere"
"""State of a study that turned out to be about somebody else."""


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
