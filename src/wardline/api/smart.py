"""Where apps come in: discovery, the way to the consent page, tokens, and taking them back (SMART App Launch 2.2, OAuth 2.0).

Nobody is signed in at these doors; apps prove themselves in the request. Refusals are in OAuth's words, which programs understand.
"""

import base64
import binascii
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Request, Response

from wardline.api.doors import OPEN, PROBLEMS, Doors, House
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import oauth as shapes
from wardline.core.apps import App, Grant
from wardline.core.errors import NotFound, Refused
from wardline.security.smart import discovery
from wardline.security.smart.clients import Shown
from wardline.security.smart.refusals import INVALID_CLIENT, INVALID_GRANT, INVALID_REQUEST, UNSUPPORTED_GRANT_TYPE, refused
from wardline.security.smart.requests import asking, packed, read_request, refusal
from wardline.security.smart.tokens import Issued, Opened, is_of_app

doors = Doors("apps: OAuth 2.0")
CONSENT: Final = "/authorize"
"""The page that asks the person."""
FORM: Final = "application/x-www-form-urlencoded"
NOT_KEPT: Final = {"pragma": "no-cache"}  # RFC 6749 5.1; Cache-Control: no-store is on every answer
MOST_FIELDS: Final = 50
IN_OAUTHS_WORDS: Final = {
    400: {"model": shapes.OAuthRefusal, "description": "Refused"}, 401: {"model": shapes.OAuthRefusal, "description": "This is not that app"},
}  # fmt: skip


# --- discovery ---


@doors.get("/.well-known/smart-configuration", who=OPEN, answers=shapes.SmartConfiguration)
@doors.get("/fhir/.well-known/smart-configuration", who=OPEN, answers=shapes.SmartConfiguration)
async def smart_configuration(house: House) -> Response:
    """What this server can do, for apps."""
    return json_response(discovery.smart_configuration(house.apps.base))


@doors.get("/.well-known/openid-configuration", who=OPEN, answers=shapes.OpenidConfiguration)
async def openid_configuration(house: House) -> Response:
    """How to check an ID token."""
    return json_response(discovery.openid_configuration(house.apps.base))


@doors.get("/oauth/jwks", who=OPEN, answers=shapes.PublicKeys)
async def jwks(house: House) -> Response:
    """The public halves of the keys that tokens are signed with, former ones included while their tokens last."""
    await house.apps.keys.prepare()
    return json_response({"keys": house.apps.keys.public()})


@doors.get("/oauth/style/{version}", who=OPEN, answers=shapes.Style, responses={404: PROBLEMS[404]})
async def style(version: str) -> Response:
    """How our screens look, for apps that adapt to it."""
    if version != discovery.STYLE_VERSION:
        raise NotFound("there is no such style")
    return json_response(discovery.STYLE)


# --- asking a person ---


@doors.get("/oauth/authorize", who=OPEN, status_code=303, response_class=Response)
async def authorize(request: Request, house: House) -> Response:
    """On to the page that asks the person, or back to the app with what is wrong."""
    return await _on(request.url.query, house)


@doors.post("/oauth/authorize", who=OPEN, status_code=303, response_class=Response)
async def authorize_by_form(request: Request, house: House) -> Response:
    """The same for a request too long for an address."""
    return await _on((await request.body()).decode("latin-1"), house)


async def _on(text: str, house: Services) -> Response:
    given: dict[str, str] = {}
    try:
        given = _fields(text)
        app, redirect = asking(given, house.apps.register)
    except Refused:  # whose request this is, is not certain: our own page says what is wrong, and nobody is sent anywhere
        return _to(f"{CONSENT}?request={packed(given)}")
    try:
        read_request(given, app, redirect, house.apps.fhir_base)
    except Refused as error:
        await house.audit.record(app.id, "app refused", outcome="refused", why=error.code)
        return _to(refusal(redirect, house.apps.base, error, given.get("state", "")))
    return _to(f"{CONSENT}?request={packed(given)}")


def _to(address: str) -> Response:
    return Response(status_code=303, headers={"location": address, **NOT_KEPT})


# --- tokens ---


@doors.post("/oauth/token", who=OPEN, answers=shapes.Tokens, responses=IN_OAUTHS_WORDS)
async def token(request: Request, house: House) -> Response:
    """Tokens for a code, for a refresh token, or for a service."""
    try:
        given, app = await _from_app(request, house)
        await house.apps.keys.prepare()
        issued = _issued(given, app, house)
    except Refused as error:
        return await _no(error, request, house)
    await house.audit.record(issued.grant.user or app.id, "token given", issued.grant.patient, app=app.id, by=given["grant_type"])
    return _json(_tokens(issued, house))


def _issued(given: dict[str, str], app: App, house: Services) -> Issued:
    tokens = house.apps.tokens
    match given.get("grant_type"):
        case "authorization_code":
            return tokens.for_code(app, given.get("code", ""), given.get("redirect_uri", ""), given.get("code_verifier", ""))
        case "refresh_token":
            return tokens.for_refresh(app, given.get("refresh_token", ""), given.get("scope", ""))
        case "client_credentials":
            return tokens.for_service(app, given.get("scope", ""))
        case _:
            raise refused(UNSUPPORTED_GRANT_TYPE, f"grant_type is one of {', '.join(discovery.GRANTS)}")


def _tokens(issued: Issued, house: Services) -> dict[str, Any]:
    content = {
        "access_token": issued.access, "token_type": "Bearer", "expires_in": issued.lasts_seconds, "scope": " ".join(issued.scopes),
        "refresh_token": issued.refresh, "id_token": issued.id_token, **_context(issued.grant),
    }  # fmt: skip
    if issued.grant.patient:
        content |= {"need_patient_banner": True, "smart_style_url": discovery.style_url(house.apps.base)}
    return {name: value for name, value in content.items() if value not in ("", [])}


def _context(grant: Grant) -> dict[str, Any]:
    return {"patient": grant.patient, "encounter": grant.encounter, "fhirContext": [{"reference": each} for each in grant.context]}


@doors.post("/oauth/introspect", who=OPEN, answers=shapes.Introspection, responses=IN_OAUTHS_WORDS)
async def introspect(request: Request, house: House) -> Response:
    """What a token is good for: asked by the app that holds it, or by a resource server of the house for anybody's."""
    try:
        given, asks = await _asks(request, house)
    except Refused as error:
        return await _no(error, request, house)
    found = house.apps.tokens.opened(given.get("token", ""))
    if found is not None and not asks.introspects and found.app.id != asks.id:
        found = None
    await house.audit.record(asks.id, "token asked about", found.grant.patient if found is not None else "")
    return _json(_said_of(found, house) if found is not None else {"active": False})


def _said_of(found: Opened, house: Services) -> dict[str, Any]:
    grant = found.grant
    content = {
        "scope": " ".join(found.scopes), "client_id": found.app.id, "token_type": "Bearer", "exp": found.ends_at, "iss": house.apps.base,
        "aud": house.apps.fhir_base, "sub": grant.user or found.app.id, "patient": grant.patient, "encounter": grant.encounter,
        "fhirUser": house.apps.tokens.fhir_user(grant) if "fhirUser" in found.scopes else "",
    }  # fmt: skip
    return {"active": True, **{name: value for name, value in content.items() if value}}


async def _asks(request: Request, house: Services) -> tuple[dict[str, str], App]:
    """SMART, "Token introspection": by its own proof or with a token of its own. An app that keeps no secret cannot ask."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        given, app = await _from_app(request, house)
        if app.is_public:
            raise refused(INVALID_CLIENT, "an app that keeps no secret cannot ask about tokens")
        return given, app
    own = house.apps.tokens.opened(bearer) if is_of_app(bearer) else None
    if own is None:
        raise refused(INVALID_CLIENT, "the token that you ask with is not good")
    return await _form(request), own.app


@doors.post("/oauth/revoke", who=OPEN, answers=shapes.Revoked, responses=IN_OAUTHS_WORDS)
async def revoke(request: Request, house: House) -> Response:
    """An app gives back what it was allowed, by any token of it: the whole grant ends."""
    try:
        given, app = await _from_app(request, house)
    except Refused as error:
        return await _no(error, request, house)
    grant = house.apps.tokens.behind(given.get("token", ""))
    if grant is not None and grant.app == app.id:
        await house.audit.record(grant.user or app.id, "app gave back its access", grant.patient, app=app.id)
        house.apps.tokens.end(grant, "given back by the app")
    return _json({})


# --- who asks ---


async def _from_app(request: Request, house: Services) -> tuple[dict[str, str], App]:
    given = await _form(request)
    id, secret = _basic(request.headers.get("authorization", ""))
    if id and given.get("client_id", id) != id:
        raise refused(INVALID_REQUEST, "client_id is said twice, differently")
    shown = Shown(id or given.get("client_id", ""), secret, given.get("client_assertion", ""), given.get("client_assertion_type", ""))
    if "client_secret" in given:
        raise refused(INVALID_CLIENT, "send the secret in the Authorization header (client_secret_basic)")
    return given, await house.apps.clients.proven(shown, discovery.token_endpoint(house.apps.base))


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise refused(INVALID_REQUEST, f"send a form ({FORM})")
    return _fields((await request.body()).decode("latin-1"))


def _fields(text: str) -> dict[str, str]:
    """RFC 6749 3.1, 3.2: no parameter twice; empty ones count as left out."""
    try:
        pairs = [(name, value) for name, value in parse_qsl(text, max_num_fields=MOST_FIELDS, errors="strict") if value]
    except ValueError:
        raise refused(INVALID_REQUEST, "the request cannot be read") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise refused(INVALID_REQUEST, "a parameter is there twice")
    return dict(pairs)


def _basic(header: str) -> tuple[str, str]:
    """RFC 6749 2.3.1: both halves are form-encoded before they are joined."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        id, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise refused(INVALID_CLIENT, "the Authorization header cannot be read") from None
    return unquote_plus(id), unquote_plus(secret)


async def _no(error: Refused, request: Request, house: Services) -> Response:
    """RFC 6749 5.2. A code or token that came twice is always in the trail; of guesses as many as of strangers elsewhere."""
    more = {} if error.code == INVALID_GRANT else house.strangers.count(house.sessions.now())
    if more is not None:
        await house.audit.record("", "app refused", outcome="refused", why=error.code, said=error.reason, **more)
    by_header = "authorization" in request.headers and error.code == INVALID_CLIENT
    challenge = {"www-authenticate": 'Basic realm="apps"'} if by_header else {}
    status = 401 if error.code == INVALID_CLIENT else 400
    return _json({"error": error.code, "error_description": error.reason}, status, challenge)


def _json(content: dict[str, Any], status: int = 200, more: dict[str, str] | None = None) -> Response:
    response = json_response(content, status)
    response.headers.update({**NOT_KEPT, **(more or {})})
    return response
