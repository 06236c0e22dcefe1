"""Retention and erasure at the doors: who may ask, who must agree, what binds, and what a patient may take along."""

import asyncio
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import msgspec
import pytest

from api.house import OpenHouse, Visitor
from support.clocks import MORNING
from support.messages import ADA, BEN, Patient, adt, vitals
from wardline.core.apps import Grant, Launch
from wardline.core.events import UNMAPPED, Assigned, Consented, Disputed, Incident, Labelled, Measured, Quieted
from wardline.core.people import User
from wardline.core.reactions import Reaction
from wardline.core.statements import Statement
from wardline.engine.loop import Change

LATER = MORNING + timedelta(hours=2)
TEN_YEARS = 'patient: {keep_years: 10, basis: "§ 630f (3) BGB"}'
NO_YEARS = 'patient: {keep_years: 0, basis: "a rule of this test"}'
SIGNED = 'owner: Office\nversion: "1"\ndate: 2026-01-01\nsigned_by: Dr Test\njurisdiction: Germany\nrules:\n  '
OpenOne = Callable[..., OpenHouse]


@pytest.fixture
def ruled(open_house: OpenOne, tmp_path: object) -> Callable[[str], OpenHouse]:
    """A house with Ada, who went home, and Ben, who is still there; its site has said this rule."""

    def open_one(rule: str) -> OpenHouse:
        folder = tmp_path / "data" / "config"  # type: ignore[operator]
        folder.mkdir(parents=True)
        (folder / "retention.yaml").write_text(SIGNED + rule + "\n", encoding="utf-8")
        house = open_house()
        house.send(
            adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"),
            adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"),
            adt("A03", ADA, at=MORNING, visit="V1", unit="7A", bed="12"),
            adt("A08", BEN, at=LATER, visit="V2", unit="7A", bed="4"),
        )
        return house

    return open_one


def officer(house: OpenHouse, login: str) -> Visitor:
    house.user(login, "privacy", name=login.title())
    return house.sign_in(login)


def ask(visitor: Visitor, house: OpenHouse, patient: Patient = ADA, expect: int = 202) -> dict[str, object]:
    return dict(visitor.ask("DELETE", f"/api/v1/patients/{house.key(patient)}", expect=expect, query={"ground": "b"}))


def test_sec16_a_record_that_must_be_kept_is_refused_with_the_law(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(TEN_YEARS)

    refused = ask(officer(house, "paula"), house)

    assert (refused["state"], refused["basis"]) == ("refused", "§ 630f (3) BGB; GDPR Art. 17(3)(b)")
    house.as_("doctor").get(f"/api/v1/patients/{house.key(ADA)}")
    assert [entry["action"] for entry in house.audited(about=house.key(ADA)) if "erasure" in entry["action"]] == ["erasure requested"]


def test_somebody_who_is_in_the_hospital_is_not_erased(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)

    assert "Art. 9(2)(h)" in str(ask(officer(house, "paula"), house, BEN)["basis"])


def test_two_people_decide_and_then_nothing_is_left(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    paula, sven = officer(house, "paula"), officer(house, "sven")
    asked = ask(paula, house)
    assert [check["passed"] for check in asked["persons"][0]["checks"]] == [True] * 4  # type: ignore[index]
    path = f"/api/v1/privacy/erasures/{asked['id']}/approve"
    changes: list[Change] = []
    house.do(house.wardline.engine.listen, changes.append)

    assert "somebody else must agree" in paula.post(path, expect=409)["detail"]
    done = sven.post(path)

    assert (done["state"], done["closed_by"], done["persons"][0]["name"]) == ("done", "Sven", "")
    assert done["keys"] >= 1
    assert house.key(ADA) in changes[-1].persons, "whoever has her on screen looks again"
    house.as_("doctor").get(f"/api/v1/patients/{house.key(ADA)}", expect=404)
    assert sven.post(path, expect=409)["detail"] == "this request is done already"
    report = house.as_("auditor").get("/api/v1/privacy/retention")
    assert report["register"]["entries"] == 1
    assert b"Moss" not in json.dumps(report).encode()


@pytest.mark.parametrize("in_reach", [True, False], ids=["its disk is there", "its disk is away"])
def test_an_erasure_renews_the_copy_of_the_keys_or_the_page_says_that_it_could_not(ruled: Callable[[str], OpenHouse], in_reach: bool) -> None:
    """SEC-16: key backups do not outlive an erasure."""
    house = ruled(NO_YEARS)
    keys, paula, sven = house.data.parent / "keys", officer(house, "paula"), officer(house, "sven")
    words = ("backup", str(house.data.parent / "backups"), "--keys", str(keys), "--data", str(house.data), "--json")
    subprocess.run([sys.executable, "-m", "wardline", *words], check=True, capture_output=True, timeout=60)
    before = (keys / "keys.db").read_bytes()
    assert paula.get("/api/v1/privacy/retention")["backup"]["keys_are_old"] is False
    if not in_reach:
        shutil.rmtree(keys)
        keys.write_text("no disk is mounted here", encoding="utf-8")

    sven.post(f"/api/v1/privacy/erasures/{ask(paula, house)['id']}/approve")

    assert paula.get("/api/v1/privacy/retention")["backup"]["keys_are_old"] is not in_reach
    assert not in_reach or (keys / "keys.db").read_bytes() != before


def test_nothing_that_is_folded_remembers_an_erased_patient(ruled: Callable[[str], OpenHouse]) -> None:
    """Whatever a reaction keeps about patients goes when it hears `Erased`; the requests alone name the record's key."""
    house = ruled(NO_YEARS)
    key, paula, sven = house.key(ADA), officer(house, "paula"), officer(house, "sven")
    about_her = (
        Assigned("nurse", "Amelia Brandt"), Labelled("Patient", labels=("VIP",)), Consented("c1", "inactive"),
        Quieted("palliative", LATER + timedelta(days=1)), Incident("result on the wrong patient"), Disputed("sex", ("F", "M"), key),
        Measured("", 1, code="made up", flags=(UNMAPPED,)),
    )  # fmt: skip
    house.do(partial(house.wardline.engine.record, lambda folded, now: [Statement(value, key, now) for value in about_her], actor="a"))
    assert sum(key.encode() in _dumped(reaction) for reaction in house.wardline.engine.house.reactions) >= 4

    sven.post(f"/api/v1/privacy/erasures/{ask(paula, house)['id']}/approve")

    assert [reaction.name for reaction in house.wardline.engine.house.reactions if key.encode() in _dumped(reaction)] == ["erasures"]


def _dumped(reaction: Reaction) -> bytes:
    return msgspec.msgpack.encode(reaction.dump())


def test_an_erasure_drops_what_apps_hold_about_the_record_also_when_a_backup_brings_it_back(
    ruled: Callable[[str], OpenHouse], open_house: OpenOne
) -> None:
    """SEC-16: their tokens end at once, and a file from before the erasure is cleared when it is opened."""
    house = ruled(NO_YEARS)
    key, nurse, paula, sven = house.key(ADA), house.user("amelia", "nurse"), officer(house, "paula"), officer(house, "sven")
    register, now = house.wardline.apps.register, house.wardline.sessions.now()
    grant = Grant("app-1", "charts", nurse.id, ("patient/*.rs",), now, now + timedelta(days=1), "", key, "V1")
    house.do(register.put_grant, grant)
    house.do(register.put_grant, grant._replace(id="app-2", patient=house.key(BEN)))
    house.do(register.put_refresh, b"token", "app-1")
    house.do(register.put_launch, b"launch", Launch("charts", nurse.id, key, "V1", (), grant.ends_at))

    sven.post(f"/api/v1/privacy/erasures/{ask(paula, house)['id']}/approve")

    assert _held_by_apps(house) == (["app-2"], "", None)
    assert key.encode() not in b"".join(file.read_bytes() for file in house.data.glob("apps.db*"))
    house.do(register.put_grant, grant)
    house.close()
    assert _held_by_apps(open_house()) == (["app-2"], "", None)


def _held_by_apps(house: OpenHouse) -> tuple[list[str], str, Launch | None]:
    register = house.wardline.apps.register
    return house.do(lambda: ([each.id for each in register.grants()], register.refresh(b"token"), register.launch(b"launch")))


def test_a_legal_hold_stops_an_erasure_that_was_about_to_happen(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    paula, sven = officer(house, "paula"), officer(house, "sven")
    asked = ask(paula, house)

    held = paula.post(f"/api/v1/patients/{house.key(ADA)}/holds", {"reason": "Case 12/26"}, 201)
    assert "legal hold" in sven.post(f"/api/v1/privacy/erasures/{asked['id']}/approve", expect=409)["detail"]
    assert [hold["reason"] for hold in paula.get("/api/v1/privacy/retention")["holds"]] == ["Case 12/26"]

    paula.delete(f"/api/v1/privacy/holds/{held['id']}")
    assert sven.post(f"/api/v1/privacy/erasures/{asked['id']}/approve")["state"] == "done"


def test_a_request_can_be_taken_back_and_asked_once_only(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    paula = officer(house, "paula")
    asked = ask(paula, house)
    assert "waiting already" in str(ask(paula, house, expect=409)["detail"])

    paula.delete(f"/api/v1/privacy/erasures/{asked['id']}")

    assert ask(paula, house)["state"] == "waiting"


def test_joined_records_go_together(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    paula, sven = officer(house, "paula"), officer(house, "sven")
    second = Patient("4711", "Moss", "Ada")
    house.send(adt("A04", second, at=LATER, visit="V5"), adt("A03", second, at=LATER, visit="V5"), adt("A40", ADA, at=LATER, retired=second))
    asked = ask(paula, house)
    assert asked["persons"][0]["records"] == 2  # type: ignore[index]

    sven.post(f"/api/v1/privacy/erasures/{asked['id']}/approve")

    assert house.wardline.engine.house.survivor(house.key(second)) == house.key(second), "what is erased is joined to nothing"
    for patient in (ADA, second):
        assert list(house.do(lambda who=patient: list(house.wardline.log.events_of([house.key(who)])))) == []


def test_records_joined_since_the_request_ask_for_another_look(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    paula, sven = officer(house, "paula"), officer(house, "sven")
    asked = ask(paula, house)
    house.send(adt("A40", ADA, at=LATER, retired=Patient("4711", "Moss", "Ada")))

    assert "joined or parted" in sven.post(f"/api/v1/privacy/erasures/{asked['id']}/approve", expect=409)["detail"]


def test_those_whose_time_is_over_are_listed_and_asked_for_together(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    house.send(vitals(BEN, {"8867-4": 70}, at=MORNING + timedelta(days=2)))
    paula, sven = officer(house, "paula"), officer(house, "sven")

    over = paula.get("/api/v1/privacy/retention/over")
    assert [(each["name"], each["id"]) for each in over["persons"]] == [("Moss, Ada", house.key(ADA))]
    batch = paula.post("/api/v1/privacy/retention/batches", {"persons": [house.key(ADA)]}, 202)
    assert (batch["ground"], batch["state"]) == ("retention", "waiting")

    assert sven.post(f"/api/v1/privacy/erasures/{batch['id']}/approve")["state"] == "done"
    assert paula.get("/api/v1/privacy/retention/over")["total"] == 0


def test_somebody_is_found_by_the_whole_number_only(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(TEN_YEARS)
    paula = officer(house, "paula")

    assert paula.post("/api/v1/privacy/find", {"number": ADA.number})["kept_until"] == "2036-03-02"
    paula.post("/api/v1/privacy/find", {"number": ADA.number[:3]}, 404)
    paula.post("/api/v1/privacy/find", {"number": "Moss"}, 404)


def test_asvs_erasing_holding_and_exporting_need_fresh_proof(ruled: Callable[[str], OpenHouse]) -> None:
    """SEC-4."""
    house = ruled(NO_YEARS)
    stale = house.as_("privacy")  # begun without a proof
    house.wardline.sessions.now = lambda: MORNING + timedelta(days=3650)  # type: ignore[method-assign]
    for method, path in (("DELETE", f"/api/v1/patients/{house.key(ADA)}?ground=b"), ("GET", f"/api/v1/patients/{house.key(ADA)}/export")):
        response = stale.request(method, path)
        assert response.status_code in (401, 403), path


def test_an_unknown_ground_and_an_unknown_patient_are_refused(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    paula = officer(house, "paula")

    assert paula.ask("DELETE", f"/api/v1/patients/{house.key(ADA)}", expect=400, query={"ground": "z"})["where"] == "ground"
    paula.ask("DELETE", "/api/v1/patients/nobody", expect=404, query={"ground": "b"})


def test_sessions_that_ended_long_ago_are_removed_and_that_is_audited(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled('session: {keep_years: 1, basis: "a rule of this test"}')
    visitor = officer(house, "paula")
    (session,) = house.do(lambda: list(house.wardline.identities.sessions()))
    long_ago = session.started_at - timedelta(days=800)
    house.do(house.wardline.identities.put_session, session._replace(id="old", refresh=b"x", started_at=long_ago, ends_at=long_ago))

    async def for_a_while() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(house.wardline.erasing.keep_to_rules(house.wardline.audit), 1)

    house.do(for_a_while)

    assert house.do(house.wardline.identities.session, "old") is None
    assert house.do(house.wardline.identities.session, session.id) is not None
    visitor.get("/api/v1/privacy/retention")
    assert [entry["detail"]["number"] for entry in house.audited() if entry["action"] == "old sessions removed"] == ["1"]


# --- the patient's own copy ---


def unzipped(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_copy_holds_everything_with_its_source_and_who_looked(ruled: Callable[[str], OpenHouse]) -> None:
    """GDPR Art. 15 and 20."""
    house = ruled(TEN_YEARS)
    house.send(vitals(ADA, {"8867-4": 71}, at=LATER))
    house.as_("doctor").get(f"/api/v1/patients/{house.key(ADA)}")
    paula = officer(house, "paula")

    response = paula.request("GET", f"/api/v1/patients/{house.key(ADA)}/export")

    files = unzipped(response.content)
    events = json.loads(files["record.json"])["events"]
    assert {event["about"] for event in events} == {house.key(ADA)}
    assert {"Registered", "Admitted", "Discharged", "Measured"} <= {event["kind"] for event in events}
    assert all(event["source"] for event in events)
    assert "Helen Vance" in files["who looked.html"]
    assert "Moss" in files["record.html"]
    assert "Byrne" not in "".join(files.values())


def test_what_somebody_wrote_into_a_record_is_shown_and_not_run(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(TEN_YEARS)
    marked = Patient("5005", "<script>alert(1)</script>", "Eve")
    house.send(adt("A04", marked, at=LATER, visit="V7"))

    response = officer(house, "paula").request("GET", f"/api/v1/patients/{house.key(marked)}/export")

    assert all("<script" not in text for name, text in unzipped(response.content).items() if name.endswith(".html"))


def test_a_patient_takes_their_own_record_and_nobody_else_s(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(TEN_YEARS)
    user = house.user("ada", "patient", name="Ada Moss")
    house.do(house.wardline.identities.put_user, User(*user)._replace(patient=house.key(ADA)))
    ada = house.sign_in("ada")

    assert ada.request("GET", f"/api/v1/patients/{house.key(ADA)}/export").status_code == 200
    assert ada.request("GET", f"/api/v1/patients/{house.key(BEN)}/export").status_code == 403


def test_an_erased_patient_s_own_account_is_closed_and_names_nobody(ruled: Callable[[str], OpenHouse]) -> None:
    house = ruled(NO_YEARS)
    user = house.user("ada.moss", "patient", name="Ada Moss")
    house.do(house.wardline.identities.put_user, User(*user)._replace(patient=house.key(ADA)))
    house.do(house.wardline.identities.link, "https://id.example", "ada-moss-1955", user.id)
    herself = house.sign_in("ada.moss")
    paula, sven = officer(house, "paula"), officer(house, "sven")
    sven.post(f"/api/v1/privacy/erasures/{ask(paula, house)['id']}/approve")

    known = house.do(house.wardline.identities.user, user.id)
    assert known is not None
    assert (known.name, known.active, known.patient) == ("Erased", False, "")
    assert house.do(house.wardline.identities.linked, "https://id.example", "ada-moss-1955") is None
    herself.get("/api/v1/auth/me", 401)
    kept = b"".join(path.read_bytes() for path in house.data.glob("identities.db*"))
    assert b"ada.moss" not in kept
    assert b"ada-moss-1955" not in kept
