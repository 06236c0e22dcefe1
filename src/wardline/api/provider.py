"""Signing in with the hospital's own sign-in service: there and back again, as the browser sees it.

What the browser is sent back with stands behind a #, which goes into no log.
"""

from typing import Final
from urllib.parse import parse_qs

import structlog
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from wardline.api.doors import OPEN, PROBLEMS, Doors, House
from wardline.api.services import Services
from wardline.api.signed_in import PATH, device_of, party_of, token_out
from wardline.core.errors import Fault, NotAllowed, NotFound, WardlineError
from wardline.security.provider.sign_in import Closed, NoRole, ProviderSignIn
from wardline.security.sessions import SignedIn

log = structlog.get_logger()
doors = Doors("sign-in service")
COOKIE: Final = "wardline_sign_in"
HERE: Final = f"{PATH}/provider"
LASTS_SECONDS: Final = 600
SEE_OTHER: Final = 303
WITHOUT: Final = {404: PROBLEMS[404]}
"""Where the hospital has no such service."""


@doors.get(HERE, who=OPEN, status_code=SEE_OTHER, responses=WITHOUT)
async def depart(request: Request, house: House) -> Response:
    """To the sign-in service, which sends back to `return`."""
    provider = _provider(house)
    try:
        departure = await provider.depart()
    except Fault as error:
        return await _back(error, house)
    answer = RedirectResponse(departure.url, SEE_OTHER)
    # Lax: the way back begins at the service, and the cookie must come along. It says nothing but that this browser left from here.
    answer.set_cookie(
        COOKIE, departure.binding, path=HERE, httponly=True, samesite="lax", secure=request.url.scheme == "https", max_age=LASTS_SECONDS
    )
    return answer


@doors.get(f"{HERE}/return", who=OPEN, status_code=SEE_OTHER, responses=WITHOUT)
async def arrive(request: Request, house: House, state: str = "", code: str = "", iss: str = "", error: str = "") -> Response:
    """Back from the sign-in service: to the ward board, to the second step, or to the sign-in page with what is wrong."""
    provider = _provider(house)
    try:
        if error or not code:
            raise NotAllowed("the sign-in service has let nobody in")
        came = await provider.arrive(state=state, code=code, issuer=iss, binding=request.cookies.get(COOKIE, ""))
        signed_in = house.entrance.admit(came.user, device_of(request), party_of(request, house), factors=came.factors, provider=came.session)
    except WardlineError as refused:
        return await _back(refused, house)
    answer: Response = RedirectResponse("/#signed-in", SEE_OTHER)
    if isinstance(signed_in, SignedIn):
        await house.audit.record(came.user.id, "signed in", way="sign-in service")
        token_out(signed_in, request, answer)
    else:
        answer = RedirectResponse(f"/#second={signed_in.token}", SEE_OTHER)
    answer.delete_cookie(COOKIE, path=HERE)
    return answer


@doors.post(f"{HERE}/logout", who=OPEN, status_code=204, responses=WITHOUT)
async def gone(request: Request, house: House) -> None:
    """The sign-in service says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0, 2.8: 204 is as good as 200)."""
    token = parse_qs((await request.body()).decode("ascii", "replace")).get("logout_token", [""])[0]
    ended = await _provider(house).gone(token)
    await house.audit.record("", "signed out at the sign-in service", sessions=str(ended))


def _provider(house: Services) -> ProviderSignIn:
    if house.provider is None:
        raise NotFound("this hospital has no sign-in service here")
    return house.provider


async def _back(refused: WardlineError, house: Services) -> Response:
    """To the sign-in page, with a word it knows. What exactly was not right is for the log."""
    why = "role" if isinstance(refused, NoRole) else "closed" if isinstance(refused, Closed) else "failed"
    log.warning("provider_sign_in_refused", error=type(refused).__name__, what=getattr(refused, "what", ""))
    await house.audit.record("", "sign-in refused", outcome="refused", way="sign-in service", reason=why)
    return RedirectResponse(f"/#refused={why}", SEE_OTHER)
