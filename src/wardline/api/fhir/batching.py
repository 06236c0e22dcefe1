"""Several requests in one Bundle: a transaction happens as a whole or not at all, in a batch each stands for itself."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias

from fastapi import Request

from wardline.api import problems
from wardline.api.fhir.inside import asked_inside
from wardline.api.fhir.problems import in_fhirs_words
from wardline.api.services import Services
from wardline.core.errors import Refused, WardlineError
from wardline.core.people import Person
from wardline.formats.fhir.bundles import MOST_ENTRIES, check_identities, in_order, request_of, requests_of
from wardline.formats.fhir.bundles import Request as Asked
from wardline.formats.fhir.resources import Resource, instant, plainly
from wardline.intake.fhir.changes import Done

Act: TypeAlias = Callable[[Person, Services, Iterable[Asked]], Awaitable[list[Done]]]
AT_ONE_GO = 20
"""Entries of a batch between two turns of the loop."""


async def transaction(bundle: Resource, request: Request, person: Person, house: Services, act: Act) -> dict[str, Any]:
    """Deletions, then creations, then updates: one durable step. What is read sees what was written."""
    requests = requests_of(bundle)
    check_identities(requests)
    done = {each.place: each for each in await act(person, house, requests)} if any(each.method not in ("GET", "HEAD") for each in requests) else {}
    entries: dict[int, dict[str, Any]] = {}
    for asked in in_order(requests):
        if asked.method in ("GET", "HEAD"):
            entries[asked.place] = await asked_inside(asked, request, person, house)
        else:
            entries[asked.place] = _entry(done[asked.place], house, whole=_wants_whole(request))
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": [entries[place] for place in sorted(entries)]}


async def batch(bundle: Resource, request: Request, person: Person, house: Services, act: Act) -> dict[str, Any]:
    """Each entry gets its own answer, also where another fails."""
    entries = []
    listed = bundle.get("entry", [])
    if isinstance(listed, list) and len(listed) > MOST_ENTRIES:
        raise Refused(f"a Bundle has up to {MOST_ENTRIES} entries", code="too-costly", where="Bundle.entry")
    for place, entry in enumerate(listed if isinstance(listed, list) else []):
        try:
            asked = request_of(place, entry)
            if asked.method in ("GET", "HEAD"):
                entries.append(await asked_inside(asked, request, person, house))
            else:
                (done,) = await act(person, house, [asked])
                entries.append(_entry(done, house, whole=_wants_whole(request)))
        except WardlineError as error:
            refusal = in_fhirs_words("/fhir", problems.of(error), error)
            entries.append({"response": {"status": str(refusal.status_code), "outcome": json.loads(bytes(refusal.body))}})
    return {"resourceType": "Bundle", "type": "batch-response", "entry": entries}


def _wants_whole(request: Request) -> bool:
    return "return=representation" in request.headers.get("prefer", "").lower()


def _entry(done: Done, house: Services, *, whole: bool) -> dict[str, Any]:
    response: dict[str, Any] = {"status": str(done.status)}
    if done.at is not None and done.version:
        response |= {"etag": f'W/"{done.version}"', "lastModified": instant(done.at)}
    if done.status in (200, 201):
        response["location"] = f"{done.type}/{done.id}/_history/{done.version}"
    said: dict[str, Any] = {"fullUrl": f"{house.fhir.base()}/{done.type}/{done.id}"} if done.status in (200, 201) else {}
    if whole and done.body:
        said["resource"] = plainly(done.body)
    return {**said, "response": response}
