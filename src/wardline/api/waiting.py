"""Answers that take a while: worked on for as long as somebody waits for them."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final

from fastapi import Request, Response

from wardline.api.encoding import json_response

LOOK_AGAIN_SECONDS: Final = 0.5
"""How often it is asked whether somebody still waits."""


async def while_waited_for(request: Request, answer: Awaitable[dict[str, Any]]) -> Response:
    """The answer; nothing, and an end to the work, once whoever asked has left."""
    working = asyncio.ensure_future(answer)
    try:
        while not (await asyncio.wait({working}, timeout=LOOK_AGAIN_SECONDS))[0]:
            if await request.is_disconnected():
                return Response(status_code=204)  # nobody reads it
        return json_response(working.result())
    finally:
        working.cancel()
