"""What happens to a record happens to its resources: it is joined to another, and erased."""

from datetime import timedelta

from support.clocks import MORNING
from support.fhir import Client, observation
from support.messages import ADA, BEN, adt
from wardline.core.events import Erased
from wardline.core.statements import Statement


def test_of_joined_records_everything_is_found_under_either(own_fhir: Client) -> None:
    house = own_fhir.house
    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"))
    ada, ben = house.key(ADA), house.key(BEN)
    own_fhir.put({**observation(ada, value=4.0), "id": "of-ada"})
    own_fhir.put({**observation(ben, value=5.0), "id": "of-ben"})

    house.send(adt("A40", ADA, at=MORNING + timedelta(minutes=30), retired=BEN))

    for record in (ada, ben):
        assert sorted(own_fhir.search("Observation", patient=record, code="2823-3").ids) == ["of-ada", "of-ben"]
    retired = own_fhir.get(f"Patient/{ben}").json
    assert (retired["active"], retired["link"][0]["other"]["reference"]) == (False, f"Patient/{ada}")
    assert own_fhir.get(f"Patient/{ada}").json["active"] is True


def test_of_an_erased_record_nothing_is_found_or_read_any_more(own_fhir: Client) -> None:
    house = own_fhir.house
    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"))
    ada = house.key(ADA)
    own_fhir.put({**observation(ada), "id": "k1"})
    assert own_fhir.search("Observation", patient=ada).json["total"] > 0

    async def erase() -> None:
        await house.wardline.engine.record(lambda _, now: [Statement(Erased("r1", (ada,)), "privacy/erasures", now)], actor="privacy")

    house.do(erase)

    assert own_fhir.get("Observation/k1").status == 404
    assert own_fhir.get("Observation/k1/_history").status == 404
    assert own_fhir.get(f"Patient/{ada}").status == 404
    assert own_fhir.search("Patient", name=ADA.family).json["total"] == 0
    assert own_fhir.search("Observation", code="2823-3").json["total"] == 0
    assert own_fhir.create(observation(ada)).status == 422
