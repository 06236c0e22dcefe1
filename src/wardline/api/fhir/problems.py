"""Every refusal at the FHIR door as OperationOutcome, also those of the edge of the house."""

from typing import Any, Final

import msgspec
from fastapi import Response

from wardline.api.fhir.answering import NotAcceptable, WrongFormat
from wardline.api.fhir.desk import Expired
from wardline.core.errors import WardlineError
from wardline.formats.fhir.outcomes import refusal
from wardline.formats.fhir.patching import TestFailed
from wardline.intake.fhir.changes import Gone, NotTheSame, NotUnderstood

PREFIX: Final = "/fhir"
_STATUS: Final[tuple[tuple[type[WardlineError], int], ...]] = (
    (Gone, 410), (Expired, 410), (NotTheSame, 412), (NotUnderstood, 422), (TestFailed, 422), (NotAcceptable, 406), (WrongFormat, 415),
)  # fmt: skip
"""What FHIR has numbers of its own for."""
MEDIA: Final = "application/fhir+json"


def is_fhir(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def is_ours(path: str) -> bool:
    """Whether answers there are in FHIR's words."""
    return is_fhir(path) and "/.well-known/" not in path


def status_of(error: WardlineError, otherwise: int) -> int:
    return next((status for family, status in _STATUS if isinstance(error, family)), otherwise)


def in_fhirs_words(path: str, response: Response, error: WardlineError | None = None) -> Response:
    """The same refusal as FHIR programs read it; any other answer as it is."""
    if not is_ours(path) or response.status_code < 400 or response.media_type == MEDIA:
        return response
    problem: dict[str, Any] = msgspec.json.decode(bytes(response.body))
    status = status_of(error, response.status_code) if error is not None else response.status_code
    if status == 422 and str(problem.get("where", "")) in ("type", "id", "version", "compartment"):
        status = 404  # an address that cannot be one of ours
    content = refusal(status, str(problem["detail"]), str(problem.get("where") or ""), getattr(error, "code", ""))
    kept = {name: value for name, value in response.headers.items() if name.lower() not in ("content-length", "content-type")}
    return Response(msgspec.json.encode(content), status, headers=kept, media_type=MEDIA)
