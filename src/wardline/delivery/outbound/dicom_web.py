"""The wire to an archive that speaks DICOMweb: each object is one STOW-RS request (PS3.18 10.5), and what the answer says about it."""

import hashlib
import json
from typing import Any, Final

from wardline.core.errors import NotFound, Refused
from wardline.core.outside import Outside, Reply
from wardline.delivery.outbound.archives import WebArchive
from wardline.delivery.outbound.dicom import MEDIA_TYPE, Load, item_in
from wardline.delivery.outbound.dicom_store import DUPLICATE, GONE, is_about_object
from wardline.delivery.outbound.sending import Verdict
from wardline.formats.fhir.client import FhirClient

JSON: Final = "application/dicom+json"
REFUSING: Final = frozenset({400, 406, 409, 413, 415, 422})
"""Statuses of a service that has understood us and will not have this object. Whatever else is no success is trouble that may pass."""
FAILED, REASON = "00081198", "00081197"
"""Failed SOP Sequence, Failure Reason (PS3.18 10.5.3, PS3.3 C.30)."""


class StowWire:
    """A `Wire`."""

    def __init__(self, archive: WebArchive, load: Load, outside: Outside) -> None:
        # Asking with a token that is renewed is the same for every service on the web.
        self._client = FhirClient(archive.base, outside, archive.proof)
        self._load = load

    async def send(self, payload: bytes) -> Verdict:
        item = item_in(payload)
        try:
            content = await self._load(item)
        except NotFound:
            return GONE
        except Refused as refused:
            return Verdict(False, True, "no object", str(refused))
        boundary = f"wardline-{hashlib.sha256(content).hexdigest()[:40]}"
        kind = f'multipart/related; type="{MEDIA_TYPE}"; boundary={boundary}'
        return _verdict(await self._client.ask("POST", "studies", _related(content, boundary), content_type=kind, accept=JSON))

    async def close(self) -> None:
        """There is no connection of its own to close."""


def _related(content: bytes, boundary: str) -> bytes:
    head = f"--{boundary}\r\nContent-Type: {MEDIA_TYPE}\r\n\r\n".encode()
    return b"".join((head, content, f"\r\n--{boundary}--\r\n".encode()))


def _verdict(reply: Reply) -> Verdict:
    """With 200 and 202 an object may have failed all the same: its reason counts, and says whether trying again makes sense."""
    reason = _failure(reply)
    if reason is not None:
        return Verdict(reason == DUPLICATE, is_about_object(reason), f"{reply.status} {reason:04X}")
    return Verdict(200 <= reply.status < 300, reply.status in REFUSING, str(reply.status))


def _failure(reply: Reply) -> int | None:
    """Why our one object failed, where the answer says so."""
    if reply.status not in (200, 202, 409):
        return None
    try:
        said: Any = json.loads(reply.content)
        failed = said.get(FAILED, {}).get("Value") or []
        return int(failed[0].get(REASON, {}).get("Value", [0x0110])[0]) if failed else None  # 0110: processing failure (PS3.7 C.5.15)
    except (ValueError, AttributeError, LookupError, TypeError):
        return None
