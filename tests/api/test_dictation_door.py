"""Dictation over HTTP: for those who report, and with a clear word where there is no speech model."""

from collections.abc import Callable

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, adt


def test_where_there_is_no_model_the_door_says_what_to_do(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="1"))
    radiologist = house.as_("radiologist")

    told = radiologist.get("/api/v1/dictation")
    assert (told["ready"], "setting `dictation`" in told["reason"]) == (False, True)
    refused = radiologist.request("POST", "/api/v1/dictation", b"RIFF", query={"patient": house.key(ADA)})
    assert (refused.status_code, refused.json()["detail"]) == (409, told["reason"])
    assert radiologist.request("POST", "/api/v1/dictation", b"RIFF", query={"patient": "nobody"}).status_code == 404


def test_only_those_who_report_dictate(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.as_("nurse").get("/api/v1/dictation", expect=403)
    house.as_("nurse").post("/api/v1/dictation", {}, expect=403, patient="x")
