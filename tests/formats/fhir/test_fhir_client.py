"""Asking another FHIR server: our proof goes to that server alone, is renewed when it is not accepted, and refusals are told without their words."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.smart_app import Signer
from wardline.core.errors import Fault, Refused
from wardline.core.outside import Reply
from wardline.formats.fhir.authorisation import BackendService, Bearer
from wardline.formats.fhir.client import FhirClient, issue_of

BASE = "https://ehr.example/fhir"


class FarSide:
    """The other server and its token service, answering from a list."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, str, Mapping[str, str], bytes]] = []

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes = b"", severity: int = 0
    ) -> Reply:  # fmt: skip
        self.asked.append((method, url, headers or {}, content))
        return self.replies.pop(0)


def reply(status: int = 200, **content: object) -> Reply:
    return Reply(status, {}, json.dumps(content).encode())


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key.pem"
    file.write_bytes(Signer().key.as_pem(private=True))
    return file


def test_a_token_is_fetched_once_and_fetched_anew_when_it_is_not_accepted(key: Path) -> None:
    token = {"access_token": "first", "expires_in": 300}
    far = FarSide(reply(**token), reply(), reply(), reply(401), reply(**{**token, "access_token": "second"}), reply())
    client = FhirClient(BASE, far, BackendService("us", key, "system/*.rs", "https://ehr.example/token"))

    async def story() -> None:
        for _ in range(3):
            assert (await client.ask("GET", "Patient")).status == 200

    asyncio.run(story())
    sent = [headers.get("authorization") for _, url, headers, _ in far.asked if url.endswith("Patient")]
    assert sent == ["Bearer first", "Bearer first", "Bearer first", "Bearer second"]


def test_the_token_service_is_found_where_the_server_says_it_is(key: Path) -> None:
    far = FarSide(reply(token_endpoint="https://ehr.example/oauth"), reply(access_token="t", expires_in=300), reply())
    asyncio.run(FhirClient(BASE, far, BackendService("us", key, "system/*.rs")).ask("GET", "Patient"))
    assert [url for _, url, _, _ in far.asked] == [f"{BASE}/.well-known/smart-configuration", "https://ehr.example/oauth", f"{BASE}/Patient"]


@pytest.mark.parametrize(("answer", "kind"), [(reply(401, error="invalid_client"), Refused), (reply(503), Fault), (reply(200), Fault)])
def test_no_token_is_said_with_the_services_own_word(answer: Reply, kind: type[Exception], key: Path) -> None:
    client = FhirClient(BASE, FarSide(answer), BackendService("us", key, "system/*.rs", "https://ehr.example/token"))
    with pytest.raises(kind, match="no access token"):
        asyncio.run(client.ask("GET", "Patient"))


def test_another_host_gets_no_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret", encoding="utf-8")
    far = FarSide(reply(), reply(), reply())
    client = FhirClient(BASE, far, Bearer(tmp_path / "token"))

    async def story() -> None:
        for path in ("Patient", "https://ehr.example/files/1", "https://files.example/1"):
            await client.ask("GET", path)

    asyncio.run(story())
    assert ["authorization" in headers for _, _, headers, _ in far.asked] == [True, True, False]


@pytest.mark.parametrize(("content", "word"), [
    (b'{"issue": [{"code": "duplicate", "diagnostics": "Ada Moss"}]}', "duplicate"), (b'{"issue": [{"code": "Ada Moss"}]}', ""), (b"[]", ""),
    (b"<html>", ""), (b'{"issue": []}', ""), (b'{"issue": [{"code": ["x"]}]}', ""),
])  # fmt: skip
def test_of_a_refusal_only_fhirs_own_word_is_told(content: bytes, word: str) -> None:
    assert issue_of(Reply(422, {}, content)) == word
