"""What people must look into stays until somebody says what came of it."""

import pytest

from delivery.ward import MORNING, Ward
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Disputed, Event, Incident
from wardline.delivery.worklists.incidents import Incidents

WRONG = Event(Incident("result on the wrong patient", "potassium, order L1", ("u1",)), "okafor", MORNING, MORNING, id=7)


def told(*events: Event) -> Incidents:
    incidents = Incidents()
    for event in events:
        incidents.apply(event)
    return incidents


def concluded(incidents: Incidents, id: int, note: str) -> None:
    (statement,) = incidents.conclude(id, note, now=MORNING)
    incidents.apply(Event(statement.value, statement.about, MORNING, MORNING, id=id + 1))


def test_an_incident_stays_on_the_list_until_it_is_concluded() -> None:
    incidents = told(WRONG)
    assert [(each.about, each.detail, each.seen_by) for each in incidents.open.values()] == [("okafor", "potassium, order L1", ("u1",))]

    concluded(incidents, 7, "told both teams")

    assert incidents.open == {}


def test_a_contradiction_between_joined_records_is_for_people_too() -> None:
    incidents = told(Event(Disputed("birth date", ("1950-01-01", "1955-03-03"), "second"), "okafor", MORNING, MORNING, id=9))

    (each,) = incidents.open.values()
    assert (each.what, each.detail, each.other) == ("birth date contradicts itself", "1950-01-01 or 1955-03-03", "second")


def test_a_conclusion_needs_words() -> None:
    with pytest.raises(Refused, match="what came of it"):
        told(WRONG).conclude(7, "  ", now=MORNING)


def test_the_same_incident_is_not_concluded_twice() -> None:
    incidents = told(WRONG)
    concluded(incidents, 7, "told both teams")

    with pytest.raises(NotFound):
        incidents.conclude(7, "again", now=MORNING)


def test_what_is_remembered_survives_a_restart() -> None:
    before = told(WRONG)
    after = Incidents()
    after.load(before.dump())

    assert after.open == before.open


def test_an_alert_overridden_because_its_data_is_wrong_opens_one() -> None:
    ward = Ward()
    ward.news2(7)
    ward.override("data_wrong")

    assert [each.what for each in told(*ward.events).open.values()] == ["data said to be wrong"]
