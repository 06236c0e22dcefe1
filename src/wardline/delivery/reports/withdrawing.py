"""What becomes of a signed report when its study turns out to be somebody else's, or when nobody knows any more whose it is.

The study is certainly another patient's: the report is withdrawn in the same step, whoever moved the study. It is doubtful: the report waits,
shown nowhere as valid, until the study is placed (with the same patient it stands again) or a person withdraws it. See decision 0028.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from wardline.core.events import WAITING, Documented, Event, Imaged, Incident, Merged, ReportWithdrawn, Unmerged, Unplaced
from wardline.core.reactions import Memory, Patients
from wardline.core.statements import Statement
from wardline.delivery.reports import steps
from wardline.delivery.reports.register import CLOSED, Case, Report, Reports
from wardline.delivery.worklists.studies import Studies

AUTHOR: Final = "Wardline"
ELSEWHERE: Final = "its study belongs to another patient"
DOUBT: Final = "its study may belong to another patient; place the study, or withdraw the report"
MISPLACED, WRONG, DOUBTFUL = "report on the wrong patient", "report withdrawn", "report that may be on the wrong patient"
Viewers = Callable[[str], tuple[str, ...]]
"""Who has looked at a patient's chart."""


class Withdrawing(Memory):
    """A `Reaction` without a state of its own: it looks at where studies and reports stand."""

    name = "withdrawing"

    def __init__(self, reports: Reports, studies: Studies, viewers: Viewers) -> None:
        self._reports, self._studies, self._viewers = reports, studies, viewers

    def apply(self, event: Event) -> None:
        return None

    def dump(self) -> Any:
        return None

    def load(self, state: Any) -> None:
        return None

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        match event.value:
            case Imaged(study=study) | Unplaced(study=study):
                found: Iterator[Statement] = self._settled(study, patients, now)
            case ReportWithdrawn():
                found = self._withdrawn(event, patients, now)
            case Merged() | Unmerged():
                found = self._joined_or_parted(patients, now)
            case _:
                return ()
        return [Event(each.value, each.about, each.occurred_at, now, "wardline") for each in found]

    def _settled(self, study: str, patients: Patients, now: datetime) -> Iterator[Statement]:
        place = self._studies.record_of(study)
        for report in self._reports.signed_on(study):
            if report.withdrawal is None:
                yield from self._moved(report, patients, now) if place else self._doubtful(report, patients, now)
        case = self._reports.case_of(study)
        if place and case is not None and patients.survivor(place) != patients.survivor(case.about):
            yield from self._closed(case, now)

    def _moved(self, report: Report, patients: Patients, now: datetime) -> Iterator[Statement]:
        """The study is certainly somebody's."""
        if patients.survivor(self._studies.record_of(report.newest.signed.study)) != patients.survivor(report.about):
            yield from steps.withdraw(self._reports, report.id, ELSEWHERE, AUTHOR, misplaced=True, now=now)
        elif report.is_waiting:
            yield Statement(steps.on_chart(report.newest.signed, now), report.about, now)

    def _doubtful(self, report: Report, patients: Patients, now: datetime) -> Iterator[Statement]:
        if report.is_waiting:
            return
        last = report.newest.signed
        notice = f"NOT VALID FOR NOW: {DOUBT}."
        yield Statement(Documented(report.id, last.title, notice, WAITING, author=last.author, issued_at=now), report.about, now)
        yield self._incident(DOUBTFUL, f"{last.title}: {DOUBT}", report.about, patients, now)

    def _withdrawn(self, event: Event, patients: Patients, now: datetime) -> Iterator[Statement]:
        """Whoever has read it must hear of it."""
        withdrawn: ReportWithdrawn = event.value
        what = MISPLACED if withdrawn.misplaced else WRONG
        yield self._incident(what, f"{withdrawn.title}: {withdrawn.reason}", event.about, patients, now)

    def _incident(self, what: str, detail: str, about: str, patients: Patients, now: datetime) -> Statement:
        return Statement(Incident(what, detail, self._viewers(patients.survivor(about))), about, now)

    def _joined_or_parted(self, patients: Patients, now: datetime) -> Iterator[Statement]:
        """Records that were one person's and are two again: the study stayed with one of them, and which of the two it shows is not known."""
        for report in self._reports.reports.values():
            if not report.is_signed or report.withdrawal is not None:
                continue
            place = self._studies.record_of(report.newest.signed.study)
            if not place or patients.survivor(place) != patients.survivor(report.about):
                yield from self._doubtful(report, patients, now)
            elif report.is_waiting:
                yield Statement(steps.on_chart(report.newest.signed, now), report.about, now)

    def _closed(self, case: Case, now: datetime) -> Iterator[Statement]:
        """A case goes with its study; who the study is of gets one of their own."""
        if case.stage != CLOSED:
            yield from steps.close(self._reports, case.id, ELSEWHERE, now)
