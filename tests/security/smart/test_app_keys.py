"""Keys that an app keeps at an address of its own: fetched from there alone, again when they change, and never believed blindly."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from security.smart.virtual_apps import BASE, AppDesk
from support.smart_app import ASSERTION, Signer
from wardline.core.apps import App, Proof
from wardline.core.errors import Fault, Refused
from wardline.core.outside import Reply
from wardline.security.smart.clients import Shown

ADDRESS = "https://charts.example/jwks.json"
TOKEN = f"{BASE}/oauth/token"


class FarSide:
    """What the app's own server answers, as recorded bytes; `None`: it cannot be reached."""

    def __init__(self, content: bytes | None, status: int = 200) -> None:
        self.content, self.status, self.asked = content, status, 0

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes = b"", severity: int = 0
    ) -> Reply:  # fmt: skip
        assert (method, url) == ("GET", ADDRESS)
        self.asked += 1
        if self.content is None:
            raise Fault("charts.example cannot be asked")
        return Reply(self.status, {}, self.content)


def _keys(*signers: Signer) -> bytes:
    return json.dumps({"keys": [signer.public for signer in signers]}).encode()


def _service(desk: AppDesk, far: FarSide) -> App:
    desk.server.reach_out_by(far)
    return desk.enter(Proof.KEYS, scopes=("system/*.rs",), redirects=(), launch_url="", keys_url=ADDRESS, roles=frozenset({"doctor"}))


def _prove(desk: AppDesk, app: App, signer: Signer, **claims: Any) -> None:
    claims.setdefault("exp", int(desk.at.timestamp()) + 200)
    shown = Shown("", "", signer.statement(app.id, TOKEN, **claims), ASSERTION)
    asyncio.run(desk.server.clients.proven(shown, TOKEN))


def test_keys_are_fetched_once_and_used_for_a_while(app_desk: AppDesk) -> None:
    signer = Signer()
    far = FarSide(_keys(signer))
    app = _service(app_desk, far)

    _prove(app_desk, app, signer)
    _prove(app_desk, app, signer, header={"jku": ADDRESS})

    assert far.asked == 1


def test_a_key_the_app_has_changed_to_is_found_and_the_former_soon_refused(app_desk: AppDesk) -> None:
    """SEC-7: JWKS rotation, of theirs."""
    former, next_one = Signer(), Signer("RS384")
    far = FarSide(_keys(former))
    app = _service(app_desk, far)
    _prove(app_desk, app, former)
    far.content = _keys(next_one)
    app_desk.later(minutes=1)

    _prove(app_desk, app, next_one)

    with pytest.raises(Refused, match="exactly one key"):
        _prove(app_desk, app, former)


def test_guessing_keys_does_not_make_us_ask_again_and_again(app_desk: AppDesk) -> None:
    """One fetch in half a minute at most, whatever is sent."""
    far = FarSide(_keys(Signer()))
    app = _service(app_desk, far)
    for _ in range(20):
        with pytest.raises(Refused):
            _prove(app_desk, app, Signer("RS384"))

    assert far.asked == 1


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"keys": 1}', b'{"keys": [1]}', b"\xff", b'{"keys": []}', b'{"keys": [{"kty": "EC", "kid": "its-ES384"}]}']
)
def test_an_answer_that_is_no_key_set_proves_nothing(app_desk: AppDesk, content: bytes) -> None:
    app = _service(app_desk, FarSide(content))

    with pytest.raises(Refused) as refused:
        _prove(app_desk, app, Signer())

    assert refused.value.code == "invalid_client"


@pytest.mark.parametrize(("content", "status"), [(_keys(Signer()), 500), (b" " * 70_000, 200)])
def test_an_error_or_a_flood_proves_nothing(app_desk: AppDesk, content: bytes, status: int) -> None:
    app = _service(app_desk, FarSide(content, status))

    with pytest.raises(Refused, match="does not give any"):
        _prove(app_desk, app, Signer())


def test_a_server_that_cannot_be_reached_is_said_and_opens_nothing(app_desk: AppDesk) -> None:
    """ASVS 16.5.3: no fail-open."""
    app = _service(app_desk, FarSide(None))

    with pytest.raises(Refused) as refused:
        _prove(app_desk, app, Signer())

    assert refused.value.code == "temporarily_unavailable"


def test_two_keys_of_one_name_prove_nothing(app_desk: AppDesk) -> None:
    """SMART: if more than one key matches, the verification fails."""
    one, other = Signer(), Signer()
    app = _service(app_desk, FarSide(_keys(one, other)))

    with pytest.raises(Refused, match="exactly one key"):
        _prove(app_desk, app, one)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "name"), ({"scopes": ("everything",)}, "is no scope"), ({"scopes": ()}, "is no scope"),
        ({"redirects": ()}, "takes its codes"),
        ({"redirects": ("http://charts.example/back",)}, "cannot take codes"), ({"redirects": ("javascript:alert(1)",)}, "cannot take codes"),
        ({"redirects": ("https://charts.example/back#x",)}, "cannot take codes"),
        ({"redirects": ("https://a@charts.example/",)}, "cannot take codes"),
        ({"redirects": ("https:///back",)}, "cannot take codes"), ({"redirects": ("https://*.example/back",)}, "cannot take codes"),
        ({"launch_url": "http://charts.example/launch"}, "launch address"), ({"scopes": ("system/*.rs",)}, "belong together"),
        ({"roles": frozenset({"doctor"})}, "belong together"), ({"keys": "{}"}, "belong to an app"),
        ({"scopes": ("system/*.rs",), "roles": frozenset({"doctor"})}, "a service has"), ({"proof": Proof.KEYS}, "either the app's public keys"),
        ({"proof": Proof.KEYS, "keys": "{"}, "no JWK set"), ({"proof": Proof.KEYS, "keys": '{"keys": []}'}, "no EC or RSA key"),
        ({"proof": Proof.KEYS, "keys_url": "http://charts.example/jwks"}, "must be https"),
        ({"proof": Proof.KEYS, "keys": json.dumps({"keys": [Signer().key.as_dict(private=True)]})}, "private key"),
    ],
)  # fmt: skip
def test_an_app_that_is_not_in_order_is_not_entered(app_desk: AppDesk, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        app_desk.enter(**wrong)


@pytest.mark.parametrize(
    "address", ["https://charts.example/back?x=1", "http://127.0.0.1:8123/back", "http://localhost/back", "com.example.charts:/back"]
)
def test_addresses_of_servers_desks_and_phones_are_taken(app_desk: AppDesk, address: str) -> None:
    """RFC 8252 7: loopback, and a scheme of the app's own."""
    assert app_desk.enter(redirects=(address,)).redirects == (address,)
