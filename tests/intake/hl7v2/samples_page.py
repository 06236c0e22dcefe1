"""Writes docs/hl7v2-samples.md: what Wardline reads in two public HL7 v2 message sets, against what their publishers expect.

python tests/intake/hl7v2/samples_page.py
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from intake.hl7v2.comparing import AGREED, DIFFERENT, NOW, OURS, THEIRS, Difference, Outcome, explanation_of, outcomes
from intake.hl7v2.door import hearing, reader
from intake.hl7v2.message_sets import REPOSITORY, Sample, microsoft, numbered, reportstream
from wardline.core.statements import Received

PAGE: Final = REPOSITORY / "docs" / "hl7v2-samples.md"
KINDS: Final = {
    "patient": "name, birth date, sex", "identifier": "patient numbers", "visit": "visits: class, place, times, number",
    "observation": "observations: value, unit, time, status", "allergy": "allergies", "condition": "diagnoses and problems",
    "medication": "medication orders", "dose": "doses given", "document": "documents", "appointment": "appointments",
}  # fmt: skip
INTRODUCTION: Final = """\
# What Wardline reads in public HL7 v2 messages

Written by `python tests/intake/hl7v2/samples_page.py`; a test compares it with a fresh run.

Every message of two public sets goes through the reader that the MLLP door uses, first as it is (`wardline replay hl7` sends them so):
each is taken, or kept in quarantine for the reason given below. Then what Wardline states is compared, fact by fact, with the FHIR bundle
the publisher expects: [Microsoft FHIR Converter](https://github.com/microsoft/FHIR-Converter) (MIT) and
[CDC ReportStream](https://github.com/CDCgov/prime-reportstream) (CC0). The bundles are one vendor's mapping each, so a difference is not
an error by itself: every kind of difference is listed with whose choice it is. None of their content is part of Wardline.

*Theirs only* are facts of the bundle that Wardline does not state, *ours only* the reverse. Times are compared as moments, units by meaning.
"""
REPAIRED: Final = """\
## Found and repaired by this comparison

- An appointment with both TQ1-7 and SCH-11 got the time of SCH-11, which is kept in the standard for older systems only.
- A number that is not scored because of its unit was shown with the unit it would have been converted to, not with the one that was sent.
- An embedded file without OBX-3 made the whole message be refused; a file needs no code.
- The lines of an MDM document were stated twice, as its text and as observations.
- Numbers of PID-2, PID-4 and PID-19 were left out where PID-3 had one.
- A dose with RXA-20 "refused" or "not administered" was stated as given.
"""


class Comparison:
    """One set, compared as a whole."""

    def __init__(self, title: str, samples: Iterable[Sample]) -> None:
        self.title = title
        self.messages = self.taken = self.compared = 0
        self.quarantined: Counter[str] = Counter()
        """Reasons of what is not taken as it is."""
        self.refused: Counter[str] = Counter()
        """Reasons of what is still not taken when it has been given a patient number."""
        self.outcomes: list[Outcome] = []
        by = reader()
        for sample in samples:
            self._send(by.read(sample.raw, hearing(NOW)))
            if sample.bundle is not None:
                self._compare(sample._replace(raw=numbered(sample.raw)))

    def _send(self, received: Received) -> None:
        self.messages += 1
        if received.problem is None:
            self.taken += 1
        else:
            self.quarantined[received.problem.reason] += 1

    def _compare(self, sample: Sample) -> None:
        found = outcomes(sample)
        if isinstance(found, str):
            self.refused[found] += 1
            return
        self.compared += 1
        self.outcomes += found

    def lines(self) -> Iterator[str]:
        yield f"## {self.title}"
        yield ""
        yield f"{self.messages} messages as they are: {self.taken} taken, {self.quarantined.total()} kept in quarantine."
        yield from self._reasons(self.quarantined)
        yield ""
        yield f"{self.compared} compared with their bundle. Not compared, because not taken: {self.refused.total()}."
        yield from self._reasons(self.refused)
        yield ""
        yield "| facts | agreed | different | theirs only | ours only |"
        yield "|---|---:|---:|---:|---:|"
        counts = Counter((outcome.kind, outcome.found) for outcome in self.outcomes)
        for kind, words in KINDS.items():
            row = [counts[kind, found] for found in (AGREED, DIFFERENT, THEIRS, OURS)]
            if any(row):
                yield f"| {words} | {' | '.join(map(str, row))} |"
        yield ""
        yield "| difference | facts | whose | why | for example |"
        yield "|---|---:|---|---|---|"
        yield from self._differences()
        yield ""

    def _reasons(self, counted: Counter[str]) -> Iterator[str]:
        if counted:
            yield ""
        yield from (f"- {count}: {reason}" for reason, count in counted.most_common())

    def _differences(self) -> Iterator[str]:
        kinds: dict[Difference, list[Outcome]] = {}
        for outcome in self.outcomes:
            kind = explanation_of(outcome) if outcome.found != AGREED else None
            if kind is not None:
                kinds.setdefault(kind, []).append(outcome)
        for kind, covered in sorted(kinds.items(), key=lambda item: -len(item[1])):
            names = ", ".join(f"`{name}`" for name in list(dict.fromkeys(outcome.sample for outcome in covered))[:2])
            yield f"| {kind.name} | {len(covered)} | {kind.whose} | {kind.why} | {names} |"


def comparisons() -> tuple[Comparison, Comparison]:
    return Comparison("Microsoft FHIR Converter", microsoft()), Comparison("CDC ReportStream", reportstream())


def page() -> str:
    sections = "\n".join("\n".join(comparison.lines()) for comparison in comparisons())
    return f"{INTRODUCTION}\n{sections}\n{REPAIRED}"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
