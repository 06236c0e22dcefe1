"""Reads inside a bundle: asked of the same doors as any other request, in the name of the same person."""

import json
from typing import Any

from fastapi import Request
from starlette.types import Message

from wardline.api.services import Services
from wardline.core.people import Person
from wardline.formats.fhir.bundles import Request as Asked


async def asked_inside(asked: Asked, request: Request, person: Person, house: Services) -> dict[str, Any]:
    """The answer of the door that this address leads to, as an entry of the response."""
    path, _, query = asked.url.partition("?")
    scope = {
        **request.scope, "method": asked.method, "path": f"/fhir/{path}", "raw_path": f"/fhir/{path}".encode(), "query_string": query.encode(),
        "headers": [pair for pair in request.scope["headers"] if pair[0] in (b"authorization", b"host", b"x-request-id")],
    }  # fmt: skip
    for name in ("route", "endpoint", "path_params", "router", "state"):
        scope.pop(name, None)
    status, body = 500, bytearray()

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        body.extend(message.get("body", b""))

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await request.app(scope, receive, send)
    content = json.loads(bytes(body)) if body else None
    if status >= 400:
        return {"response": {"status": str(status), "outcome": content}}
    return {"resource": content, "response": {"status": str(status)}} if content is not None else {"response": {"status": str(status)}}
