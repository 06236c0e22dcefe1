"""What another FHIR server knows comes in: by bulk export, by search with its rules, or from files; once, resumable, and accounted for."""

import asyncio
import bz2
import json
from collections.abc import AsyncIterator, Container, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rich.console import Console

from intake.fhir.strict_server import StrictServer, strict_server
from support.fhir import condition, observation, patient
from support.fhir_house import fhir_house, service
from support.smart_app import Signer
from wardline.adapters.outgoing.http import HttpOutside
from wardline.adapters.outgoing.places import Places
from wardline.adapters.outgoing.pools import PoolBook
from wardline.app.bootstrap import open_log
from wardline.app.cli.importing import Other, _import
from wardline.app.outgoing import place_of
from wardline.app.settings import load
from wardline.core.errors import Fault, Refused
from wardline.core.events import Event, Kept, Measured
from wardline.formats.fhir.bundles import Request
from wardline.formats.fhir.client import FhirClient
from wardline.formats.fhir.resources import instant
from wardline.intake.fhir.asking import Asking
from wardline.intake.fhir.elsewhere import id_here
from wardline.intake.fhir.pages import PagedSearch
from wardline.intake.fhir.parts import Part
from wardline.intake.fhir.taking import Account, Ledger, take_in

VITALS = "http://terminology.hl7.org/CodeSystem/observation-category"


def run(story: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(story)


def imported(
    source: str, data: Path, other: Other | None = None, *, to: str | None = None, to_token: Path | None = None, name: str = ""
) -> tuple[int, str]:  # fmt: skip
    """The command, and what it said."""
    console = Console(markup=False, highlight=False, soft_wrap=True, record=True, quiet=False)
    code = run(_import(source, other or Other(), load(data=data), to, to_token, name, console))
    return code, console.export_text()


def events(data: Path) -> list[Event]:
    log = open_log(data)
    try:
        return [event for step in log.steps() for _, row in step.rows for event in row]
    finally:
        log.close()


def kept(data: Path) -> dict[str, dict[str, Any]]:
    """The newest version of every resource."""
    return {f"{each.value.resource}/{each.value.id}": json.loads(each.value.body) for each in events(data) if isinstance(each.value, Kept)}


def measured(data: Path) -> list[float]:
    return [each.value.value for each in events(data) if isinstance(each.value, Measured)]


def categorised(patient_id: str, id: str, value: float, category: str = "laboratory") -> dict[str, Any]:
    said = observation(patient_id, value=value, id=id, meta={"lastUpdated": "2026-03-01T08:00:00Z"})
    return {**said, "category": [{"coding": [{"system": VITALS, "code": category}]}]}


def hospital() -> list[dict[str, Any]]:
    """Two patients, one with five results; a drug that an order points at."""
    order = {
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": {"reference": "Patient/1"},
        "medicationReference": {"reference": "Medication/ibuprofen"}, "meta": {"lastUpdated": "2026-03-01T08:00:00Z"},
    }  # fmt: skip
    drug = {"resourceType": "Medication", "id": "ibuprofen", "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "M01AE01"}]}}
    results = [categorised("1", f"o{number}", 4.0 + number / 10) for number in range(5)]
    return [patient("1", number="4711"), patient("2", family="Fell", number="4712"), *results, categorised("2", "o9", 5.1, "exam"), order, drug]


class Noted:
    """A home that takes everything."""

    def __init__(self) -> None:
        self.took: list[dict[str, Any]] = []

    async def take(self, requests: Sequence[Request]) -> list[str]:
        self.took += [each.resource for each in requests]
        return [""] * len(requests)

    @property
    def values(self) -> list[float]:
        return sorted(float(each["valueQuantity"]["value"]) for each in self.took if each["resourceType"] == "Observation")


def searched(server: StrictServer, ledger: Path, **how: Any) -> tuple[Noted, Account]:
    """What a search of this server brings, without a house to bring it to."""

    async def story() -> tuple[Noted, Account]:
        home, kept_in = Noted(), Ledger(ledger, server.base)
        kept_in.begin(instant(datetime.now(UTC)))
        outside = HttpOutside(Places([place_of(server.base)]), PoolBook(lambda: datetime.now(UTC)))
        source = PagedSearch(Asking(FhirClient(server.base, outside), no_wait), since=kept_in.since, **how)
        try:
            return home, await take_in(source, home, kept_in)
        finally:
            await outside.close()

    found: tuple[Noted, Account] = run(story())
    return found


async def no_wait(seconds: float) -> None:
    """Seconds do not pass here."""


# --- search ---------------------------------------------------------------------------------------------------------------------


def test_a_server_that_answers_by_category_and_two_at_a_time_is_read_whole(tmp_path: Path) -> None:
    with strict_server(hospital()) as server:
        code, said = imported(server.base, tmp_path / "data")
        assert (code, "10 taken, 0 not" in said) == (0, True), said
        there = kept(tmp_path / "data")
        here = {reference: id_here(server.base, *reference.split("/")) for reference in server.resources}
        assert there.keys() == {f"{reference.partition('/')[0]}/{id}" for reference, id in here.items()}
        order = there[f"MedicationRequest/{here['MedicationRequest/m1']}"]
        assert order["medicationReference"]["reference"] == f"Medication/{here['Medication/ibuprofen']}"
        assert order["subject"]["reference"] == f"Patient/{here['Patient/1']}"
        assert order["meta"]["source"] == f"{server.base}/MedicationRequest/m1"
        assert sorted(measured(tmp_path / "data")) == [4.0, 4.1, 4.2, 4.3, 4.4, 5.1]


def test_a_server_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    with strict_server([patient("1")]) as server:
        server.busy = 3
        home, account = searched(server, tmp_path / "ledger")
        assert (len(home.took), account.refused.total()) == (1, 0)


def test_what_a_server_declines_is_in_the_account_and_asked_again_next_time(tmp_path: Path) -> None:
    with strict_server([*hospital(), {**condition("1", "44054006"), "id": "c1", "meta": {"lastUpdated": "2026-03-01T08:00:00Z"}}]) as server:
        server.declined = {"Condition"}
        _, account = searched(server, tmp_path / "ledger")
        assert account.refused["Condition", "400 required (category problem-list-item)"] == 2
        server.declined = set()
        _, account = searched(server, tmp_path / "ledger")
        assert (account.taken["Condition"], account.refused.total()) == (1, 0)


def test_the_next_import_asks_only_for_what_has_changed_since(tmp_path: Path) -> None:
    with strict_server(hospital()) as server:
        assert searched(server, tmp_path / "ledger")[0].values == [4.0, 4.1, 4.2, 4.3, 4.4, 5.1]
        server.resources["Observation/late"] = {**categorised("2", "late", 6.2), "meta": {"lastUpdated": "2999-01-01T00:00:00Z"}}
        server.asked.clear()
        assert searched(server, tmp_path / "ledger")[0].values == [6.2]
        assert all("_lastUpdated=ge" in asked for asked in server.asked if asked.startswith("/fhir/Observation"))


def test_patients_and_types_can_be_asked_for_alone(tmp_path: Path) -> None:
    with strict_server(hospital()) as server:
        home, _ = searched(server, tmp_path / "ledger", patients=("2",))
        assert sorted(each["resourceType"] for each in home.took) == ["Observation", "Patient"]
        home, _ = searched(server, tmp_path / "other", types=("MedicationRequest",))
        assert sorted(each["resourceType"] for each in home.took) == ["Medication", "MedicationRequest", "Patient", "Patient"]


def test_a_server_that_sends_us_elsewhere_gets_no_token_there(tmp_path: Path) -> None:
    """A next link to another server is followed only where the site has listed it."""
    with strict_server(hospital()) as server, strict_server([patient("3")]) as other:
        server.base, own = other.base, server.base
        server.resources |= {f"Patient/{number}": patient(number) for number in "345"}
        elsewhere = StrictServer([])
        elsewhere.base = own
        with pytest.raises(Fault, match="not listed"):
            searched(elsewhere, tmp_path / "ledger")
        assert other.asked == []


# --- bulk export ------------------------------------------------------------------------------------------------------------------


def test_everything_comes_by_bulk_export_from_a_server_that_wants_a_signed_statement(tmp_path: Path) -> None:
    """Our own FHIR door as the other server: SMART Backend Services, kick-off, polling, NDJSON."""
    signer = Signer()
    key = tmp_path / "key.pem"
    key.write_bytes(signer.key.raw_value.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with fhir_house(tmp_path / "other", 0, service("import", signer.public, "system/*.rs")) as other:
        ada = other.create(patient(number="4711"))["id"]
        for value in (4.1, 4.2):
            other.create(observation(ada, value=value))
        how = Other(how="export", client_id="import", key=key, key_id=str(signer.key.kid))
        code, said = imported(other.base, tmp_path / "data", how)
        assert (code, "3 taken, 0 not" in said) == (0, True), said
        other.create(observation(ada, value=5.5))
        _, again = imported(other.base, tmp_path / "data", how)
    assert sorted(measured(tmp_path / "data")) == [4.1, 4.2, 5.5]
    assert "       1  Observation" in again, "only what has changed since"


# --- files and another house -----------------------------------------------------------------------------------------------------


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"fullUrl": f"urn:uuid:{each.get('id')}", "resource": each} for each in resources]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


def test_bundles_of_a_folder_point_at_each_other_by_their_full_urls_and_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "synthetic"
    folder.mkdir()
    doctor = {"resourceType": "Practitioner", "id": "d", "identifier": [{"system": "urn:doctors", "value": "9"}]}
    (folder / "z-doctors.json.bz2").write_bytes(bz2.compress(bundle(doctor)))
    visit = {
        "resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "subject": {"reference": "urn:uuid:p"},
        "participant": [{"individual": {"reference": "Practitioner?identifier=urn:doctors|9"}}],
    }  # fmt: skip
    result = observation("urn:uuid:p", value=4.5, id="o", encounter={"reference": "urn:uuid:e"})
    (folder / "ada.json").write_bytes(bundle(patient("p"), visit, result))
    code, said = imported(str(folder), tmp_path / "data")
    assert code == 0, said
    there = kept(tmp_path / "data")
    (encounter,) = (each for each in there.values() if each["resourceType"] == "Encounter")
    assert encounter["participant"][0]["individual"]["reference"] == f"Practitioner/{id_here('synthetic', 'Practitioner', 'd')}"
    assert encounter["subject"]["reference"] == f"Patient/{id_here('synthetic', 'Patient', 'p')}"


def test_one_resource_that_is_refused_keeps_no_other_out_and_says_why(tmp_path: Path) -> None:
    file = tmp_path / "some.ndjson"
    lines = [patient("1"), observation("1", value=4.4, id="a"), observation("nobody", value=9.9, id="b"), observation("1", value=4.6, id="c")]
    file.write_text("\n".join(map(json.dumps, lines)) + "\nno json\n", encoding="utf-8")
    code, said = imported(str(file), tmp_path / "data")
    assert code == 1
    assert "3 taken, 2 not" in said
    assert "Observation not taken: there is no Patient/" in said
    assert "the body is not JSON" in said
    assert sorted(measured(tmp_path / "data")) == [4.4, 4.6]


def test_numbers_keep_their_precision(tmp_path: Path) -> None:
    file = tmp_path / "some.json"
    exact = '"1955-03-03", "extension": [{"url": "urn:x", "valueDecimal": 1.50}]'
    file.write_text(json.dumps(patient("1")).replace('"1955-03-03"', exact), encoding="utf-8")
    imported(str(file), tmp_path / "data")
    (body,) = (each.value.body for each in events(tmp_path / "data") if isinstance(each.value, Kept))
    assert "1.50" in body


def test_two_servers_with_the_same_id_are_two_patients(tmp_path: Path) -> None:
    with strict_server([patient("1")]) as north, strict_server([patient("1")]) as south:
        (first,), (second,) = searched(north, tmp_path / "north")[0].took, searched(south, tmp_path / "south")[0].took
        (again,) = searched(north, tmp_path / "anew")[0].took
    assert first["id"] == again["id"] != second["id"]


def test_a_house_that_runs_is_filled_through_its_fhir_door(tmp_path: Path) -> None:
    file = tmp_path / "some.ndjson"
    lines = [patient("1", number="4711"), observation("1", id="a"), observation("gone", id="b")]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with fhir_house(tmp_path / "other") as other:
        token = tmp_path / "token"
        token.write_text(other.token, encoding="utf-8")
        code, said = imported(str(file), tmp_path / "unused", to=other.base.removesuffix("/fhir"), to_token=token)
        assert (code, "2 taken, 1 not" in said) == (1, True), said
        (there,) = other.all("Patient", identifier="https://hospital.example/numbers|4711")
        (result,) = other.all("Observation", patient=there["id"])
        assert result["meta"]["source"] == "some.ndjson/Observation/a"
    assert not (tmp_path / "unused" / "log").exists()


# --- going on ---------------------------------------------------------------------------------------------------------------------


class Torn:
    """A source that fails after its first part, as a network does."""

    name = "torn"
    until = ""

    def __init__(self, fails: bool) -> None:
        self.fails = fails
        self.failures: list[tuple[str, str]] = []
        self.given: list[str] = []

    async def parts(self, done: Container[str]) -> AsyncIterator[Part]:
        for key in ("first", "second"):
            if key not in done:
                if self.fails and key == "second":
                    raise Fault("the line is dead")
                self.given.append(key)
                yield Part(key, (patient(key),))


def test_an_import_that_was_interrupted_goes_on_with_what_was_not_done(tmp_path: Path) -> None:
    file, home = tmp_path / "ledger.json", Noted()
    with pytest.raises(Fault):
        run(take_in(Torn(True), home, Ledger(file, "torn")))
    assert "first" in file.read_text(encoding="utf-8")
    second = Torn(False)
    run(take_in(second, home, Ledger(file, "torn")))
    assert second.given == ["second"]
    assert len({each["id"] for each in home.took}) == len(home.took) == 2
    assert Ledger(file, "torn").done == set()


def test_a_ledger_names_no_patient_and_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    with strict_server([patient("number-4711")]) as server:
        imported(server.base, tmp_path / "data", Other(how="search"))
    (file,) = (tmp_path / "data" / "imports").iterdir()
    assert "4711" not in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0


# --- what is refused before anything is asked -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "other", "sentence"), [
    ("http://ehr.example/fhir", Other(), "would send patient data in clear"),
    ("https://ehr.example/fhir", Other(client_id="x"), "--client-id and --key together"),
    ("https://ehr.example/fhir", Other(patient=("../x",)), "are ids"),
    ("https://ehr.example/fhir", Other(token=Path("/nowhere/token")), "cannot be read"),
])  # fmt: skip
def test_a_mistake_is_said_before_anything_is_asked(source: str, other: Other, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=sentence):
        imported(source, tmp_path / "data", other)
    assert not (tmp_path / "data" / "log").exists()
