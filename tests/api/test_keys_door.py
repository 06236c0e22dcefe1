"""Keys and certificates over the API: seen without a value, renewed while the ward works (SEC-12, FT-34)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, WELL, Patient, adt, vitals
from wardline.adapters.embedded.folder import SECRETS
from wardline.core.errors import Conflict


def test_the_keys_are_shown_without_their_values(shared: OpenHouse) -> None:
    answer = shared.as_("admin").request("GET", "/api/v1/keys")
    assert [each["name"] for each in answer.json()["keys"]] == list(SECRETS)
    assert {each["origin"] for each in answer.json()["keys"]} == {"file"}
    assert answer.json()["patients"] >= 2
    for name in SECRETS:
        assert shared.wardline.folder.secrets.newest(name).hex() not in answer.text


@pytest.mark.parametrize("name", ["nothing", "../master", "MASTER", "master.1"])
def test_a_secret_that_is_not_there_cannot_be_renewed(shared: OpenHouse, name: str) -> None:
    shared.as_("admin").post(f"/api/v1/keys/{name.replace('/', '%2F')}/rotate", expect=404)


def test_only_an_administrator_renews_a_secret(shared: OpenHouse) -> None:
    for role in ("privacy", "auditor", "nurse"):
        shared.as_(role).post("/api/v1/keys/master/rotate", expect=403)


def test_a_renewal_asks_for_a_fresh_proof(shared: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, now = shared.as_("admin"), shared.wardline.sessions.now
    monkeypatch.setattr(shared.wardline.sessions, "now", lambda: now() + timedelta(minutes=6))
    refused = admin.post("/api/v1/keys/master/rotate", expect=403)
    assert refused["remedy"] == "step-up"


def test_the_master_key_is_renewed_while_messages_come_in_and_everything_opens_after_a_restart(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    many = [Patient(f"{number}", "Moss", "Ada") for number in range(2000, 2040)]
    house.send(*(adt("A01", each, at=MORNING, visit=each.number) for each in many))
    former = house.wardline.folder.master_key
    late = [vitals(each, WELL, at=MORNING + timedelta(minutes=5)) for each in many]

    async def at_once() -> None:
        await asyncio.gather(house.running.services.keys.rotate("master"), house._deliver(tuple(late)))

    house.do(at_once)
    assert house.wardline.folder.master_key != former
    assert list(house.wardline.folder.secrets.versions("master")) == [2]
    house.close()
    again = open_house()
    assert again.wardline.log.health().damaged == ()
    for each in many:
        assert again.as_("doctor").get(f"/api/v1/patients/{again.key(each)}")["id"] == again.key(each)
    assert all(former not in file.read_bytes() for file in again.data.rglob("*") if file.is_file())


def test_after_the_index_secret_is_renewed_a_known_patient_is_still_the_same_and_a_new_one_gets_a_new_kind_of_key(house: OpenHouse) -> None:
    before, new = house.key(ADA), Patient("7777", "Novak", "Nina")
    would_have_been = house.key(new)
    house.as_("admin").post("/api/v1/keys/index/rotate")
    house.send(vitals(ADA, WELL, at=MORNING + timedelta(minutes=20)), adt("A01", new, at=MORNING + timedelta(minutes=21), visit="V7"))
    assert house.key(ADA) == before
    assert house.key(new) != would_have_been
    assert house.as_("doctor").post("/api/v1/patients/search", {"q": "Novak"})["total"] == 1
    assert house.as_("doctor").post("/api/v1/patients/search", {"q": "Moss"})["total"] == 1


def test_two_renewals_do_not_run_at_once(house: OpenHouse) -> None:
    async def at_once() -> list[object]:
        keys = house.running.services.keys
        return await asyncio.gather(keys.rotate("master"), keys.rotate("master"), return_exceptions=True)

    first, second = house.do(at_once)
    assert first.version == 2  # type: ignore[attr-defined]
    assert isinstance(second, Conflict)


def test_without_tls_there_is_no_certificate_to_show(shared: OpenHouse) -> None:
    assert shared.as_("admin").get("/api/v1/certificates")["certificates"] == []


def test_a_renewal_is_in_the_audit_trail(house: OpenHouse) -> None:
    house.as_("admin").post("/api/v1/keys/index/rotate")
    assert any(entry["action"] == "key renewed" for entry in house.audited())
