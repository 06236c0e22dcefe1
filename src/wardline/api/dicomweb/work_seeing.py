"""Whose workitems somebody may see and change: those of patients whose images they may see, unless one of their studies is hidden."""

from datetime import UTC, datetime
from typing import Any, Final

from wardline.api import sight
from wardline.api.dicomweb.seeing import READ, UNKNOWN, WRITE, StudySight
from wardline.api.services import Services
from wardline.core.errors import Conflict, NotAllowed, NotFound, Refused
from wardline.core.images import StudyRecord
from wardline.core.people import Person
from wardline.delivery.worklists.workitem_steps import NO_SUCH, Gone, found
from wardline.delivery.worklists.workitems import Workitem
from wardline.formats.dicom import ups

NOBODYS: Final = "Wardline knows nobody with this number and these details; send the patient (HL7, FHIR) or the study first, then the workitem"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class WorkSight:
    """One person's view of the worklist, for the length of one request."""

    def __init__(self, person: Person, house: Services) -> None:
        self.person = person
        self.house = house
        self.studies = StudySight(person, house)

    def record_of(self, item: Workitem) -> str:
        return self.house.engine.house.survivor(item.about)

    def sees(self, item: Workitem) -> bool:
        if self.studies.reader(self.record_of(item)) is None:
            return False
        placed = self.house.studies.placed
        return all(self.studies.sees(study) for study in item.stated.studies if study in placed)

    def need(self, uid: str) -> Workitem:
        """Raises `NotFound` or `Gone` for what does not exist for them, `NotAllowed` with what would help."""
        try:
            item = found(self.house.workitems, uid)
        except Gone:
            if self.studies.reader(self.house.engine.house.survivor(self.house.workitems.gone[uid])) is None:
                raise NotFound(NO_SUCH) from None
            raise
        self._need(READ, self.record_of(item))
        if not self.sees(item):
            raise NotFound(NO_SUCH)
        return item

    def need_write(self, record: str) -> None:
        """Raise `NotAllowed` where they may not add to this patient's images."""
        self._need(WRITE, record)

    def _need(self, action: str, record: str) -> None:
        decision = self.house.access.decide(self.person, action, record)
        if not decision.allowed:
            raise NotAllowed(decision.reason, remedy=decision.remedy)
        sight.need_open(self.person, record, self.house)
        self.house.edge.limits.patient(self.person, record)

    def patient_of(self, attributes: dict[str, Any]) -> str:
        """The record a workitem is about, that of its studies and of its Patient ID, for somebody who wants to write there.

        Raises `NotAllowed` and `NotFound`, `Refused` where nobody here is meant or they contradict each other, `Conflict` where it is not certain
        whose a study is.
        """
        named, house = ups.studies(attributes), self.house
        if any(study in house.studies.waiting for study in named):
            raise Conflict("it is not certain whose study this is; radiology can say, then send the workitem again")
        filed = {self.studies.record_of(study) for study in named} - {""}
        for record in filed:
            self.need_write(record)  # before anything is said of whether the rest agrees with it
        if not all(self.studies.sees(study) for study in named if study in house.studies.placed):
            raise NotFound(UNKNOWN)
        if len(filed) > 1:
            raise Refused("its studies are not of one patient", where=ups.STUDY)
        record = house.filing.whose(_as_a_study(attributes), next(iter(filed), ""))
        if not record:
            raise Refused(NOBODYS, where=ups.PATIENT_ID)
        return record


def _as_a_study(attributes: dict[str, Any]) -> StudyRecord:
    """What it says of its patient, as a study says it, so that both are held against the house in the same way."""
    number, issuer, name, born, sex = (ups.text(attributes, tag) for tag in (ups.PATIENT_ID, ups.ISSUER, ups.PATIENT_NAME, ups.BIRTH_DATE, ups.SEX))
    return StudyRecord("", number, issuer, name, born, sex, accession="", description="", acquired_at=None, state="", changed_at=_NEVER)
