"""Forged, expired, swapped and replayed tokens, at every door (ASVS V9; TRAP-1, TRAP-6)."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey, RSAKey

from api.house import ROUTES, OpenHouse, Route
from wardline.api.doors import OPEN

CLOSED = [route for route in ROUTES if route.door.who != OPEN]


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    head, claims, signature = token.split(".")
    return *(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (head, claims)), signature  # type: ignore[return-value]


def _with(head: dict[str, Any], claims: dict[str, Any], signature: str) -> str:
    return f"{_b64(json.dumps(head).encode())}.{_b64(json.dumps(claims).encode())}.{signature}"


def forgeries(token: str, other: str) -> Iterator[tuple[str, str]]:
    """What somebody can make of a token they hold, without the key."""
    head, claims, signature = _parts(token)
    stranger, octets, rsa = OKPKey.generate_key("Ed25519"), OctKey.generate_key(256), RSAKey.generate_key(2048)
    yield "no signature", _with(head, claims, "")
    for alg in ("none", "None", "NONE", ""):
        yield f"alg {alg!r}", _with(head | {"alg": alg}, claims, "")
        yield f"alg {alg!r}, old signature", _with(head | {"alg": alg}, claims, signature)
    yield "another key", jwt.encode({"alg": "Ed25519"}, claims, stranger, algorithms=["Ed25519"])
    yield "another key, our kid", jwt.encode(head, claims, stranger, algorithms=["Ed25519", "EdDSA"])
    yield "another key, brought along", jwt.encode(head | {"jwk": stranger.as_dict(private=False)}, claims, stranger, algorithms=["Ed25519", "EdDSA"])
    yield (
        "another key, from elsewhere",
        jwt.encode(head | {"jku": "https://elsewhere.example/jwks"}, claims, stranger, algorithms=["Ed25519", "EdDSA"]),
    )
    yield "symmetric", jwt.encode({"alg": "HS256"}, claims, octets)
    yield "symmetric, empty key", _hs256(claims, b"")
    yield "RSA", jwt.encode({"alg": "RS256"}, claims, rsa)
    yield "kid of a file", _with(head | {"kid": "../../../../dev/null"}, claims, signature)
    yield "kid with SQL", _with(head | {"kid": "' OR 1=1 --"}, claims, signature)
    yield "the rights of another", _with(head, claims | {"sub": _parts(other)[1]["sub"]}, signature)
    yield "the session of another", _with(head, claims | {"sid": _parts(other)[1]["sid"]}, signature)
    yield "for ever", _with(head, claims | {"exp": 2**40}, signature)
    yield "swapped signature", ".".join([*token.split(".")[:2], other.split(".")[2]])
    yield "critical extension", _with(head | {"crit": ["b64"], "b64": False}, claims, signature)
    yield "cut off", token[:-4]
    yield "twice", f"{token}.{token}"
    yield "no token", secrets.token_urlsafe(40)
    yield "very long", "a" * 6000
    yield "not ASCII", "é.ü.ß"


def _hs256(claims: dict[str, Any], key: bytes) -> str:
    signed = f"{_b64(json.dumps({'alg': 'HS256'}).encode())}.{_b64(json.dumps(claims).encode())}"
    return f"{signed}.{_b64(hmac.new(key, signed.encode(), hashlib.sha256).digest())}"


def _try(house: OpenHouse, route: Route, token: str) -> int:
    path = route.path.format_map(dict.fromkeys(route.door.param_convertors, "nobody"))
    return house.nobody().request(route.method, path, b"{}", headers={"authorization": f"Bearer {token}".encode("latin-1")}).status_code


def test_no_forged_token_opens_a_door(shared: OpenHouse) -> None:
    """Every forgery at one door, and at every door the next of them in turn: a check that one door leaves out shows."""
    made = list(forgeries(shared.as_("doctor").token, shared.as_("admin").token))
    board = next(route for route in CLOSED if route.path == "/api/v1/boards")

    let_in = [name for name, token in made if _try(shared, board, token) != 401]
    let_in += [
        f"{route.method} {route.path}: {made[i % len(made)][0]}"
        for i, route in enumerate(CLOSED)
        if _try(shared, route, made[i % len(made)][1]) != 401
    ]

    assert let_in == []


def test_a_public_key_is_no_symmetric_secret(shared: OpenHouse) -> None:
    """The oldest confusion: HS256 keyed with the public key, in every form somebody may have it in."""
    claims = _parts(shared.as_("doctor").token)[1]
    found = shared.nobody().request("GET", "/.well-known/jwks.json")
    keys = found.json()["keys"] if found.status_code == 200 and "json" in found.headers["content-type"] else []
    known = [form for key in keys for form in (key["x"].encode(), base64.urlsafe_b64decode(key["x"] + "=="), json.dumps(key).encode())]

    for key in [*known, b"wardline", b"default_secret", b"secret"]:
        refused = shared.nobody().request("GET", "/api/v1/boards", headers={"authorization": f"Bearer {_hs256(claims, key)}"})
        assert refused.status_code == 401


def test_a_token_that_has_ended_stays_ended(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.user("nurse", "nurse")
    visitor = house.sign_in("nurse")
    stolen = visitor.token
    visitor.post("/api/v1/auth/logout", expect=204)

    thief = house.nobody()
    thief.token = stolen
    assert {thief.request(route.method, route.path).status_code for route in CLOSED if "{" not in route.path} == {401}


def test_a_refresh_token_that_comes_twice_ends_the_session_for_both(open_house: Callable[..., OpenHouse]) -> None:
    """ASVS 10.4.5: whoever stole it and whoever owns it look the same."""
    house = open_house()
    house.user("nurse", "nurse")
    owner = house.sign_in("nurse")
    stolen = dict(owner.cookies)
    owner.token = owner.post("/api/v1/auth/refresh")["access_token"]
    owner.get("/api/v1/boards")

    thief = house.nobody()
    thief.cookies = stolen
    thief.post("/api/v1/auth/refresh", expect=401)

    owner.get("/api/v1/boards", 401)


def test_a_refresh_token_is_no_access_token(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.user("nurse", "nurse")
    visitor = house.sign_in("nurse")
    (refresh,) = visitor.cookies.values()

    thief = house.nobody()
    thief.token = refresh
    thief.get("/api/v1/boards", 401)
