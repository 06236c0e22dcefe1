"""CDS Hooks, called by somebody who is no EHR, by an EHR of somebody else, and with more than a doctor orders at once."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse, Visitor
from support.clocks import MORNING
from support.ehr import IBUPROFEN, WARFARIN, Ehr, bundle, call, order, patient
from support.messages import ADA, BEN, adt
from wardline.core.errors import Refused
from wardline.core.people import User
from wardline.delivery.hooks.clients import clients_in

NEWS = "/cds-services/news2"
AT = "2026-11-21T08:00:00Z"
ASKED = b'{"hook":"patient-view","hookInstance":"1","context":{"userId":"x","patientId":"p1"}'
NOT_A_NUMBER = (
    b'{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://loinc.org",'
    b'"code":"9279-1"}]},"effectiveDateTime":"2026-11-21T08:00:00Z","valueQuantity":{"value":NaN,"code":"/min"}}'
)
CHARTED = ("medications", "observations", "conditions", "allergies", "doses", "procedures", "vaccinations")


@pytest.fixture(scope="module")
def ehr() -> Iterator[Ehr]:
    with Ehr() as opened:
        yield opened


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal, ehr: Ehr) -> Iterator[OpenHouse]:
    """A house that has listed one EHR; Ada is in 7A, Ben in 8B."""
    data = tmp_path_factory.mktemp("hooked") / "data"
    (data / "config").mkdir(parents=True)
    (data / "config" / "cds_hooks.yaml").write_text(ehr.config(assigners="{urn:x: WARD}"))
    with OpenHouse(data, portal) as house:
        house.do(house.wardline.identities.put_user, User("ehr", "ehr", "The EHR", "", frozenset({"doctor"}), ("8B",), service=True))
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="8B", bed="4"))
        yield house


def said(house: OpenHouse, token: str, content: Any = None, path: str = NEWS) -> Any:
    visitor = Visitor(house)
    return visitor.request("POST", path, content or call("patient-view", prefetch={}), headers={"authorization": f"Bearer {token}"})


def audience(house: OpenHouse, path: str = NEWS) -> str:
    return house.running.services.hooks.base() + path


def test_the_forged_tokens(hooked: OpenHouse, ehr: Ehr) -> None:
    aud = audience(hooked)
    good = ehr.token(aud)
    assert said(hooked, good).status_code == 412
    assert said(hooked, good).status_code == 401  # once
    head, body, signature = ehr.token(aud).split(".")

    def b64(content: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    forged = [
        f"{b64({'alg': 'none', 'kid': 'ward-1'})}.{body}.",
        f"{b64({'alg': 'HS256', 'kid': 'ward-1'})}.{body}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{'A' * len(signature)}",
        f"{head}.{body[:-4]}AAAA.{signature}",
        ehr.token(aud + "/"),
        ehr.token(audience(hooked, "/cds-services/order-safety")),
        ehr.token(aud, exp=0),
        ehr.token(aud, exp=None),
        ehr.token(aud, exp=2**40),
        ehr.token(aud, jti=None),
        ehr.token(aud, jti=["x"]),
        "x.y.z",
        ehr.token(aud, header={"jku": "https://attacker.example/jwks.json"}),
        ehr.token(aud, header={"kid": "../ward-1"}),
        ehr.token(aud, iss="https://attacker.example"),
        ehr.token(aud, iss=ehr.issuer + "/"),
        f"{head}.{b64({'iss': [ehr.issuer]})}.{signature}",
        ehr.token(aud, aud=[aud, "https://other.example"]),
    ]
    assert {said(hooked, each).status_code for each in forged} == {401}


@pytest.mark.parametrize("body", ["[" * 9000, '{"iss":' * 1500, "null", '"x"', "1e999", "\u0000"])
def test_a_token_of_another_shape_is_refused_and_breaks_nothing(hooked: OpenHouse, body: str) -> None:
    token = "e30." + base64.urlsafe_b64encode(body.encode()).rstrip(b"=").decode() + ".AAAA"
    assert said(hooked, token).status_code == 401
    assert said(hooked, base64.urlsafe_b64encode(body.encode()).rstrip(b"=").decode() + ".e30.AAAA").status_code == 401


@pytest.mark.parametrize("body", [
    b"[" * 100_000, b'{"a":' * 50_000, b"null", b"[]", ASKED.replace(b'"p1"', b'{"a":1}') + b"}",
    ASKED + b',"prefetch":{"patient":5,"observations":[[[[[]]]]]}}',
    ASKED + b',"prefetch":{"patient":{"resourceType":"Patient","id":"p1","birthDate":"99999-01-01"},"observations":' + NOT_A_NUMBER + b"}}",
    ASKED + b',"prefetch":{"observations":' + NOT_A_NUMBER.replace(b"NaN", b"1e999") + b"}}",
    ASKED + b',"prefetch":{"patient":{"resourceType":"Bundle","link":[{"relation":"next","url":5}]}},"fhirServer":"http://169.254.169.254/",'
    b'"fhirAuthorization":{"access_token":"x"}}',
])  # fmt: skip
def test_no_question_breaks_the_hook(hooked: OpenHouse, body: bytes) -> None:
    answer = hooked.as_("doctor").request("POST", NEWS, body, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400, 412)


def test_more_drafts_than_anybody_signs_hold_up_nobody(hooked: OpenHouse) -> None:
    """Five hundred kept the house busy for minutes: every two are compared, and each is left out once."""
    doctor = hooked.as_("doctor")
    for count, expected in ((50, 200), (500, 400)):
        drafts = bundle(*[{**order(WARFARIN if n % 2 else IBUPROFEN, at=AT), "id": f"d{n}"} for n in range(count)])
        began = monotonic()
        asked = call("order-sign", draftOrders=drafts, prefetch={"patient": patient(), **dict.fromkeys(CHARTED)})
        assert doctor.request("POST", "/cds-services/order-safety", asked).status_code == expected
        assert monotonic() - began < 5


def test_more_running_prescriptions_than_anybody_has_are_refused(hooked: OpenHouse) -> None:
    running = bundle(*[{**order(IBUPROFEN, at=AT, status="active"), "id": f"r{n}"} for n in range(2_000)])
    asked = call("patient-view", prefetch={"patient": patient(), **dict.fromkeys(CHARTED), "medications": running})
    assert hooked.as_("doctor").request("POST", "/cds-services/duplicate_therapy", asked).status_code == 400


def test_an_ehr_sees_no_patient_that_its_account_does_not(hooked: OpenHouse, ehr: Ehr) -> None:
    ada = hooked.key(ADA)
    before = len(hooked.audited(about=ada))
    direct = said(hooked, ehr.token(audience(hooked)), call("patient-view", of=ada, prefetch={}))
    numbered = patient(identifier=[{"system": "urn:x", "value": ADA.number}])
    named = said(hooked, ehr.token(audience(hooked)), call("patient-view", prefetch={"patient": numbered}))
    unknown = said(hooked, ehr.token(audience(hooked)), call("patient-view", of="nobody-at-all", prefetch={}))
    assert (direct.status_code, named.status_code, unknown.status_code) == (412, 200, 412)
    assert ada not in named.text
    assert direct.json()["detail"] == unknown.json()["detail"]
    assert len(hooked.audited(about=ada)) == before


def test_the_token_of_an_ehr_goes_to_its_listed_server_only(hooked: OpenHouse, ehr: Ehr) -> None:
    with Ehr() as other:
        for server in (
            other.base + "/fhir",
            ehr.base + "/fhir@" + other.base.removeprefix("http://"),
            ehr.base + "/fhir/../x",
            "http://169.254.169.254/latest",
        ):
            said(hooked, ehr.token(audience(hooked)), {**call("patient-view"), "fhirServer": server, "fhirAuthorization": {"access_token": "SECRET"}})
        ehr.pages["Patient/p1"] = patient()
        elsewhere = bundle(patient(), following=f"{other.base}/fhir/next")
        granted = {"fhirServer": ehr.base + "/fhir", "fhirAuthorization": {"access_token": "SECRET"}}
        said(hooked, ehr.token(audience(hooked)), {**call("patient-view", prefetch={"patient": elsewhere}), **granted})
        said(hooked, ehr.token(audience(hooked)), {**call("patient-view", of="../../admin"), **granted})
        assert other.asked == []
        assert all(path.startswith("/fhir/") for path, _ in ehr.asked)


def test_a_look_through_a_hook_counts_as_a_look(hooked: OpenHouse) -> None:
    limits = hooked.running.services.edge.limits
    limits._patients.clear()
    hooked.as_("doctor").request("POST", NEWS, call("patient-view", of=hooked.key(BEN)))
    assert any(hooked.key(BEN) in opened for opened in limits._patients.values())
    assert hooked.audited(about=hooked.key(BEN))[-1]["action"] == "asked at a hook"


@pytest.mark.parametrize(
    "address", ["http://localhost.attacker.example/fhir", "http://127.0.0.1.attacker.example/", "http://127.0.0.1@attacker.example/"]
)
def test_a_list_of_ehrs_sends_nothing_in_the_clear_to_what_looks_like_this_machine(tmp_path: Path, address: str) -> None:
    file = tmp_path / "cds_hooks.yaml"
    file.write_text(f"clients: [{{name: x, issuer: https://x, keys: https://x/keys, account: ehr, fhir_server: '{address}'}}]", encoding="utf-8")
    with pytest.raises(Refused, match="https"):
        clients_in(file)
