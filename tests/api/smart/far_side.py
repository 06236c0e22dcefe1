"""Somebody else's program at the doors of a house, and what tests know of it."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from api.house import OpenHouse, Visitor
from support.messages import ADA
from support.smart_app import FORM, LAUNCH, REDIRECT, Pkce, Signer, authorization, fields, form, pkce

BASE = "http://ward"
TOKEN = f"{BASE}/oauth/token"
SCOPES = ["openid", "fhirUser", "launch", "launch/patient", "offline_access", "online_access", "patient/*.rs", "user/*.rs"]
STANDALONE = "openid fhirUser launch/patient offline_access patient/*.rs"
NEW = {"name": "Growth charts", "publisher": "Charts Ltd", "proof": "none", "scopes": SCOPES, "redirects": [REDIRECT], "launch_url": LAUNCH}


class Given(NamedTuple):
    """An app that has been let in: its tokens, and the code it got them for."""

    tokens: dict[str, Any]
    code: str
    proof: Pkce


class App:
    """The far side: somebody else's program, at the doors of a house."""

    def __init__(self, house: OpenHouse, **entered: Any) -> None:
        self.house, self.visitor = house, house.nobody()
        answered = house.as_("admin").post("/api/v1/apps", NEW | entered, 201)
        self.id, self.secret = answered["app"]["id"], answered.get("secret", "")

    def asks(self, **other: str) -> tuple[dict[str, str], Pkce]:
        proof = pkce()
        return authorization(BASE, self.id, proof, other.pop("scope", STANDALONE), **other), proof

    def sent_to(self, given: dict[str, str]) -> str:
        """Where a browser is sent that comes with this request."""
        return str(self.visitor.request("GET", "/oauth/authorize", query=given).headers["location"])

    def let_in(self, who: str = "nurse", patient: str = "", leave: Callable[[str], bool] = lambda scope: True, **other: str) -> tuple[str, Pkce]:
        """The person says yes; returns where they are sent."""
        given, proof = self.asks(**other)
        word = fields(self.sent_to(given))["request"]
        asked = self.house.as_(who).post("/api/v1/apps/requests", {"request": word})
        scopes = [line["scope"] for line in asked["scopes"] if leave(line["scope"])]
        chosen = {"patient": patient or self.house.key(ADA)} if asked["chooses_patient"] else {}
        said = {"request": word, "allow": True, "scopes": scopes, **chosen}
        return str(self.house.as_(who).post("/api/v1/apps/decisions", said)["redirect"]), proof

    def exchange(self, code: str, proof: Pkce, expect: int = 200, **other: str) -> Any:
        content = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": proof.verifier, "client_id": self.id}
        return self.token(content | other, expect)

    def token(self, content: dict[str, str], expect: int = 200, headers: dict[str, str] | None = None, path: str = "/oauth/token") -> Any:
        response = self.visitor.request(
            "POST", path, form({name: value for name, value in content.items() if value}), headers={**FORM, **(headers or {})}
        )
        assert response.status_code == expect, response.text
        assert response.headers["pragma"] == "no-cache"
        return response.json()

    def refresh(self, token: str, expect: int = 200, **other: str) -> Any:
        return self.token({"grant_type": "refresh_token", "refresh_token": token, "client_id": self.id} | other, expect)

    def in_use(self, **how: Any) -> Given:
        redirect, proof = self.let_in(**how)
        code = fields(redirect)["code"]
        return Given(self.exchange(code, proof), code, proof)

    def reads(self, token: str, path: str, expect: int = 200) -> Any:
        reader = Visitor(self.house)
        reader.token = token
        return reader.get(path, expect)


def service_in(ward: OpenHouse, *signers: Signer, scopes: tuple[str, ...] = ("system/*.rs",)) -> App:
    keys = json.dumps({"keys": [signer.public for signer in signers]})
    return App(ward, name="Night report", proof="private_key_jwt", scopes=list(scopes), redirects=[], launch_url="", keys=keys, roles=["doctor"])
