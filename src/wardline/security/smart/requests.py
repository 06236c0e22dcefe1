"""An app asks to be let in: what it asks for, read strictly, before any person is asked.

Who asks and where the answer would go is found out first. If that is wrong, nobody is sent anywhere: an address that is not
registered to the letter gets neither a code nor an error. All else that is wrong is told to the app at its own address.
"""

import base64
import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from wardline.core.apps import App, AppRegister
from wardline.core.errors import Refused
from wardline.security.smart.refusals import (
    INTERACTION_REQUIRED,
    INVALID_REQUEST,
    INVALID_SCOPE,
    UNAUTHORIZED_CLIENT,
    UNSUPPORTED_RESPONSE_TYPE,
    refused,
)
from wardline.security.smart.scopes import Scope, parsed, read, within

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7636 4.2: BASE64URL of a SHA-256
PARAMETERS: Final = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "aud", "resource", "code_challenge", "code_challenge_method", "launch", "nonce",
    "prompt",
)  # fmt: skip
LONGEST: Final = 2_000
LONGEST_SCOPE: Final = 8_000


class Asked(NamedTuple):
    """A request that is in order."""

    app: App
    redirect: str
    scopes: tuple[Scope, ...]
    """What it asks for, as far as it may."""
    state: str
    challenge: str
    nonce: str = ""
    launch: str = ""

    @property
    def needs_patient(self) -> bool:
        return any(needs_patient(scope) for scope in self.scopes)


def needs_patient(scope: Scope) -> bool:
    """SMART: with any patient scope there SHALL be a patient in context."""
    return scope.level == "patient" or scope.text == "launch/patient"


def asking(given: Mapping[str, str], register: AppRegister) -> tuple[App, str]:
    """The app, and where its answer goes. Raises `Refused`, to be shown to the person here and sent nowhere."""
    app = register.app(given.get("client_id", ""))
    if app is None or app.closed_at is not None or app.is_service:
        raise refused(UNAUTHORIZED_CLIENT, "this app is not known here; ask whoever runs Wardline to enter it")
    redirect = given.get("redirect_uri", "")
    if redirect not in app.redirects:
        raise refused(INVALID_REQUEST, f"{app.name} wants its answer at an address that is not registered for it")
    return app, redirect


def read_request(given: Mapping[str, str], app: App, redirect: str, fhir_base: str) -> Asked:
    """Raises `Refused` with OAuth's code, to be told to the app."""
    for name in PARAMETERS:
        if len(given.get(name, "")) > (LONGEST_SCOPE if name == "scope" else LONGEST):
            raise refused(INVALID_REQUEST, f"{name} is too long")
    if given.get("response_type") != "code":
        raise refused(UNSUPPORTED_RESPONSE_TYPE, "response_type must be code")
    if not given.get("state"):
        raise refused(INVALID_REQUEST, "state is required, and must not be guessable")
    if given.get("aud", given.get("resource")) != fhir_base:
        raise refused(INVALID_REQUEST, "aud must be the address of this FHIR server")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise refused(INVALID_REQUEST, "PKCE with code_challenge_method S256 is required")
    if "none" in given.get("prompt", "").split():
        raise refused(INTERACTION_REQUIRED, "a person has to agree")
    scopes, launch = _scopes(given, app), given.get("launch", "")
    if bool(launch) is not any(scope.text == "launch" for scope in scopes):
        raise refused(INVALID_REQUEST, "the scope launch and the parameter launch belong together")
    return Asked(app, redirect, scopes, given["state"], given["code_challenge"], given.get("nonce", ""), launch)


def _scopes(given: Mapping[str, str], app: App) -> tuple[Scope, ...]:
    """What it asks for and may ask for. An app that is left with no data and no identity has asked for the wrong things."""
    registered = [scope for text in app.scopes if (scope := parsed(text)) is not None]
    scopes = tuple(scope for scope in read(given.get("scope", "")) if scope.level != "system" and within(scope, registered))
    if not any(scope.level or scope.text == "openid" for scope in scopes):
        raise refused(INVALID_SCOPE, "none of these scopes can be given to this app")
    return scopes


def packed(given: Mapping[str, str]) -> str:
    """A request as one word for the address of our own page, which takes it apart nowhere but here."""
    known = urlencode({name: given[name] for name in PARAMETERS if name in given})
    return f"q{base64.urlsafe_b64encode(known.encode()).rstrip(b'=').decode()}"


def unpacked(word: str) -> dict[str, str]:
    """The opposite. Raises `Refused` for what is no such word."""
    try:
        plain = base64.urlsafe_b64decode(word[1:] + "=" * (-len(word[1:]) % 4)).decode()
    except ValueError:
        raise refused(INVALID_REQUEST, "this address is not whole; start again from the app") from None
    return {name: value for name, value in parse_qsl(plain) if name in PARAMETERS}


def answer(redirect: str, issuer: str, **said: str) -> str:
    """The address that takes an answer back to the app. `iss` (RFC 9207) says who answers, so that no other server's code is taken for ours."""
    query = urlencode({name: value for name, value in {**said, "iss": issuer}.items() if value})
    return f"{redirect}{'&' if '?' in redirect else '?'}{query}"


def refusal(redirect: str, issuer: str, error: Refused, state: str) -> str:
    return answer(redirect, issuer, error=error.code, error_description=error.reason, state=state)
