"""Keys and certificates: how old, how long still, and renewing them. No secret leaves through these doors."""

from datetime import UTC, datetime
from typing import Any

from fastapi import Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.shapes import keys as shapes
from wardline.security.certificates import WARNED_DAYS

doors = Doors("keys and certificates")


@doors.get("/api/v1/keys", who="key.read", answers=shapes.Keys)
async def keys(house: House) -> Response:
    """The house's secrets: what they protect, their version and age."""
    return json_response({"keys": [each._asdict() for each in house.keys.secrets()], "patients": house.keys.patients})


@doors.post("/api/v1/keys/{name}/rotate", who="key.rotate", fresh=True, answers=shapes.Key)
async def rotate(name: str, seen_by: SeenBy, house: House) -> Response:
    """Make a new version of a secret and move to it, while everything goes on."""
    await house.audit.record(seen_by.id, "key renewed", detail=name[:40])
    renewed = await house.keys.rotate(name)
    return json_response(renewed._asdict())


@doors.get("/api/v1/certificates", who="key.read", answers=shapes.Certificates)
async def certificates(house: House) -> Response:
    """Every certificate in use, the one that ends first at the top."""
    found: list[dict[str, Any]] = [_json(each) for each in house.certificates()]
    return json_response({"now": datetime.now(UTC), "warned_days": list(WARNED_DAYS), "certificates": found})


def _json(standing: Any) -> dict[str, Any]:
    said = standing.certificate
    return {
        "place": standing.place, "file": standing.file, "state": standing.state, "problem": standing.problem,
        "subject": said.subject if said else None, "names": list(said.names) if said else [], "issuer": said.issuer if said else None,
        "not_before": said.not_before if said else None, "not_after": said.not_after if said else None,
        "fingerprint": said.fingerprint if said else None,
    }  # fmt: skip
