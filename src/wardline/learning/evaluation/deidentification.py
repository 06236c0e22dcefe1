"""How much of what identifies people is found: recall and precision by kind on a labelled set, and the risk that remains."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import sqrt
from pathlib import Path
from time import process_time
from typing import Final, NamedTuple

from wardline.core.errors import NotFound, Refused
from wardline.learning.evaluation.discrimination import Interval
from wardline.science.language.deidentification.finding import find
from wardline.science.language.deidentification.identifiers import Kind, Span

LABELS: Final[Mapping[str, Kind]] = {
    "NAME": Kind.NAME, "GEOGRAPHIC_LOCATION": Kind.PLACE, "DATE": Kind.DATE, "PHONE_NUMBER": Kind.PHONE, "FAX_NUMBER": Kind.FAX,
    "EMAIL_ADDRESS": Kind.EMAIL,
    "SOCIAL_SECURITY_NUMBER": Kind.SOCIAL_SECURITY, "MEDICAL_RECORD_NUMBER": Kind.RECORD, "HEALTH_PLAN_BENEFICIARY_NUMBER": Kind.HEALTH_PLAN,
    "ACCOUNT_NUMBER": Kind.ACCOUNT, "UNIQUE_IDENTIFIER": Kind.OTHER,
}  # fmt: skip
"""The set's names of kinds; whatever else it labels counts as an other unique code."""
_NORMAL: Final = 1.959964
"""97.5th percentile of the normal distribution, for 95 % intervals."""
_TOKEN: Final = re.compile(r"\w+")


class Note(NamedTuple):
    """One labelled text: (kind, value) of each identifier in it."""

    id: str
    text: str
    labelled: tuple[tuple[Kind, str], ...]

    @property
    def is_held_out(self) -> bool:
        """Half of the set, by a digest of the id: looked at only once the recognisers stood still."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 2 == 1


class Score(NamedTuple):
    """Of one kind. `recall`: of what was labelled, covered whole by something found, whatever it was taken for."""

    entities: int
    found: int
    tokens: int
    tokens_found: int
    claimed: int
    """Things found that were said to be of this kind."""
    right: int
    """Of these, that lie on something labelled with this kind."""

    @property
    def recall(self) -> Interval:
        return wilson(self.found, self.entities)

    @property
    def token_recall(self) -> Interval:
        return wilson(self.tokens_found, self.tokens)

    @property
    def precision(self) -> Interval:
        return wilson(self.right, self.claimed)

    @property
    def f1(self) -> float:
        recall, precision = self.recall.estimate, self.precision.estimate
        return 2 * recall * precision / (recall + precision) if recall + precision > 0 else 0.0


class Measured(NamedTuple):
    notes: int
    identified: int
    """Notes with anything labelled."""
    leaking: int
    """Of these, with something of it left."""
    clean: int
    clean_touched: int
    """Notes with nothing labelled, and those of them in which something was found all the same."""
    kinds: dict[Kind, Score]
    whole: Score
    """Whatever the kind: precision here is of everything found, that it lies on anything labelled."""
    seconds_per_megabyte: float

    @property
    def residual_risk(self) -> Interval:
        """Expected share of notes that still identify somebody after this."""
        return wilson(self.leaking, self.identified)


def notes_in(path: Path) -> list[Note]:
    """The ASQ-PHI set. Raises `NotFound` and `Refused`, naming the file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_note(json.loads(line)) for line in lines if line.strip()]
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{path} is not the ASQ-PHI set: each line has id, query and phi", code="data") from None


def _note(line: Mapping[str, object]) -> Note:
    labelled = [each for each in line["phi"] if each["value"] in str(line["query"])]  # type: ignore[attr-defined]  # one label of the set is not in its text
    return Note(str(line["id"]), str(line["query"]), tuple((LABELS.get(each["identifier_type"], Kind.OTHER), each["value"]) for each in labelled))


def measured(notes: Iterable[Note]) -> Measured:
    notes = list(notes)
    tally: Counter[tuple[str, Kind | None]] = Counter()
    leaking = touched = 0
    begun = process_time()
    found = [find(note.text) for note in notes]
    seconds = process_time() - begun
    for note, spans in zip(notes, found, strict=True):
        leaks = _tally(note, spans, tally)
        leaking += leaks > 0
        touched += not note.labelled and bool(spans)
    identified = sum(bool(note.labelled) for note in notes)
    megabytes = sum(len(note.text.encode()) for note in notes) / 1e6
    kinds = {kind: score for kind in Kind if (score := _score(tally, kind)).entities}
    return Measured(
        len(notes), identified, leaking, len(notes) - identified, touched, kinds, _score(tally, None), seconds / megabytes if megabytes else 0.0
    )


def missed(note: Note, spans: Iterable[Span]) -> Iterator[tuple[Kind, str]]:
    """What is labelled and not covered whole."""
    covered = _covered(note.text, spans)
    for kind, value in note.labelled:
        for place in _places(value, note.text):
            if not _is_whole(note.text, place, covered):
                yield kind, value
                break


def _tally(note: Note, spans: list[Span], tally: Counter[tuple[str, Kind | None]]) -> int:
    """Counts one note in; returns how many entities leak."""
    covered = _covered(note.text, spans)
    labelled = {place: kind for kind, value in note.labelled for start, end in _places(value, note.text) for place in range(start, end)}
    leaks = 0
    for kind, value in note.labelled:
        whole = all(_is_whole(note.text, place, covered) for place in _places(value, note.text))
        leaks += not whole
        tokens = [found.span() for start, end in _places(value, note.text)[:1] for found in _TOKEN.finditer(note.text, start, end)]
        hidden = sum(all(covered[start:end]) for start, end in tokens)
        for each in (kind, None):
            tally.update({("entities", each): 1, ("found", each): int(whole), ("tokens", each): len(tokens), ("hidden", each): hidden})
    for span in spans:
        kinds = {labelled.get(place) for place in range(span.start, span.end)} - {None}
        for each, right in ((span.kind, span.kind in kinds), (None, bool(kinds))):
            tally.update({("claimed", each): 1, ("right", each): int(right)})
    return leaks


def _score(tally: Counter[tuple[str, Kind | None]], kind: Kind | None) -> Score:
    return Score(*(tally[what, kind] for what in ("entities", "found", "tokens", "hidden", "claimed", "right")))


def _covered(text: str, spans: Iterable[Span]) -> bytearray:
    covered = bytearray(len(text))
    for span in spans:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    return covered


def _places(value: str, text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(re.escape(value), text)]


def _is_whole(text: str, place: tuple[int, int], covered: bytearray) -> bool:
    """Every letter and digit; a full stop or bracket that stays tells nothing."""
    return all(covered[at] for at in range(*place) if text[at].isalnum())


def wilson(hits: int, of: int) -> Interval:
    """A share with its 95 % interval (Wilson 1927), which holds near 0 and 1 as well."""
    if not of:
        return Interval(float("nan"), float("nan"), float("nan"))
    share, z = hits / of, _NORMAL
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))
