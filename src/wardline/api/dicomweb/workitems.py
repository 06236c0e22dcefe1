"""The worklist service (UPS-RS): what is to be done with images, who has taken it on, and how far they are (PS3.18 chapter 11)."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from fastapi import Request, Response

from wardline.api import problems
from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.accepting import UnsupportedMedia
from wardline.api.dicomweb.addresses import ROOT, base
from wardline.api.dicomweb.finding import Asked, nested, tag_named
from wardline.api.dicomweb.seeing import READ, WRITE
from wardline.api.dicomweb.work_seeing import WorkSight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.errors import Refused
from wardline.core.events import WorkitemStated
from wardline.core.statements import Statement
from wardline.delivery.worklists import workitem_steps as steps
from wardline.delivery.worklists.workitems import FILTERED, WORKLIST, Workitem
from wardline.formats.dicom import ups
from wardline.formats.dicom.matching import Condition, condition, met
from wardline.formats.dicom.ups_states import STANDING, StepRefused

doors = Doors("images")
WORKITEMS: Final = ROOT + "/workitems"
WORKITEM: Final = WORKITEMS + "/{workitem}"
LARGEST: Final = 256 * 1024
SHOWN: Final = 100
"""Workitems of one answer, where nothing is said."""
LIST: Final = "Wardline"
"""Worklist Label of a workitem that names none."""
_OURS: Final = frozenset({"fuzzymatching", "includefield", "limit", "offset", "accept"})
FOUND: Final = {"answers": list[dict[str, Any]], "responses": {204: {"description": "Nothing matches"}, 406: {"description": "Not acceptable"}}}
TAKEN: Final[dict[str, Any]] = {
    "largest": LARGEST,
    "responses": {409: {"description": "Its state does not permit it", "model": dict[str, Any]}, 410: {"description": "Not kept any more"}},
}


@doors.post(WORKITEMS, who=WRITE, status_code=201, **TAKEN)
async def create(request: Request, seen_by: SeenBy, house: House) -> Response:
    """A new workitem (11.4), in state SCHEDULED. Its UID stands in the query, in the data set, or is made here."""
    said = await _content(request)
    uid = uid_in(request, "workitem", "affectedsopinstanceuid") or ups.text(said, ups.SOP_INSTANCE) or f"2.25.{uuid.uuid4().int}"
    if uid in (WORKLIST, FILTERED):
        raise Refused("this UID stands for the whole worklist; give the workitem one of its own", where="workitem")
    if not ups.is_uid(uid) or ups.text(said, ups.SOP_INSTANCE) not in ("", uid):
        raise Refused("the UID in the query is none, or is not that of the data set", where="workitem")
    sight, changed = WorkSight(seen_by, house), False
    record = sight.patient_of(said)
    sight.need_write(record)

    def decide(folded: Any, now: datetime) -> Iterable[Statement]:
        nonlocal changed
        whole, changed = ups.created(said, uid, now, LIST)
        return (Statement(steps.create(house.workitems, uid, whole), record, now),)

    await house.engine.record(decide, actor=seen_by.id, source="dicom-web")
    await house.audit.record(seen_by, WRITE, record, workitem=uid, what="created")
    where = f"{base(request, house)}/workitems/{uid}"
    headers = {"Location": where, "Content-Location": where}
    return Response(status_code=201, headers=headers | (warning(request, house, "The Workitem was created with modifications.") if changed else {}))


@doors.get(WORKITEMS, who=READ, **FOUND)
async def search(request: Request, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """Workitems that match (11.9), by any of their attributes, those that begin first before the others. Each comes with all its attributes."""
    type = accepting.need(accepting.forms(request), accepting.JSON, "application/json")
    conditions = list(_conditions(request.query_params.multi_items(), fuzzy=asked.fuzzymatching))
    sight, limit = WorkSight(seen_by, house), asked.limit or SHOWN
    fitting = (item for item in sorted(house.workitems.all.values(), key=_begins) if met(conditions, item.attributes) and sight.sees(item))
    page = [item for number, item in zip(range(asked.offset + limit + 1), fitting, strict=False) if number >= asked.offset]
    more, page = len(page) > limit, page[:limit]
    await house.audit.record(seen_by, READ, sorted({sight.record_of(item) for item in page}), found=str(len(page)), level="workitem")
    if not page:
        return Response(status_code=204)
    headers = warning(request, house, "There are additional results that can be requested") if more else {}
    return Response(b"[" + b",".join(_shown(item, request, house) for item in page) + b"]", media_type=type, headers=headers)


@doors.get(WORKITEM, who=READ, answers=list[dict[str, Any]])
async def retrieve(workitem: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """One workitem (11.5). Never with its Transaction UID: that is the key of whoever performs it."""
    type = accepting.need(accepting.forms(request), accepting.JSON, "application/json")
    sight = WorkSight(seen_by, house)
    item = sight.need(workitem)
    await house.audit.record(seen_by, READ, sight.record_of(item), workitem=workitem, what="retrieved")
    return Response(b"[" + _shown(item, request, house) + b"]", media_type=type)


@doors.post(WORKITEM, who=WRITE, **TAKEN)
async def update(workitem: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Set attributes (11.6): by whoever may while it waits, then by the performer, with the Transaction UID in the query or the data set."""
    said = await _content(request)
    given = uid_in(request, "transaction-uid", "transactionuid", "transaction") or ups.text(said, ups.TRANSACTION)
    sight = WorkSight(seen_by, house)
    sight.need_write(record := sight.record_of(item := sight.need(workitem)))
    if ups.studies(said) and sight.patient_of({**item.attributes, **said}) != record:
        raise Refused("it would be about another patient then; make a new workitem", where=ups.INPUT)
    return await _recorded(
        request, sight, workitem, record, "updated", lambda now: (steps.update(house.workitems, workitem, said, given=given, now=now), "")
    )


@doors.put(f"{WORKITEM}/state", who=WRITE, **TAKEN)
async def change_state(workitem: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Claim it (IN PROGRESS, with a Transaction UID of your own making), finish it (COMPLETED) or give it up (CANCELED) (11.7)."""
    said = await _content(request)
    state, given = ups.text(said, ups.STATE), ups.text(said, ups.TRANSACTION)
    if state not in (ups.SCHEDULED, ups.IN_PROGRESS, *ups.FINAL):
        raise Refused("Procedure Step State (0074,1000) is IN PROGRESS, COMPLETED or CANCELED", where=ups.STATE)
    if given and not ups.is_uid(given):
        raise Refused("Transaction UID (0008,1195) is no UID", where=ups.TRANSACTION)
    sight = WorkSight(seen_by, house)
    sight.need_write(record := sight.record_of(sight.need(workitem)))
    return await _recorded(
        request, sight, workitem, record, state.lower(),
        lambda now: steps.change(house.workitems, workitem, state, given=given, who=seen_by.id, now=now),
    )  # fmt: skip


@doors.post(f"{WORKITEM}/cancelrequest", who=WRITE, status_code=202, **TAKEN)
async def ask_to_cancel(workitem: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Ask that it be cancelled (11.8). One that waits is cancelled at once; whoever works on one hears of it, and decides."""
    why = await _content(request) if await request.body() else {}
    sight = WorkSight(seen_by, house)
    sight.need_write(record := sight.record_of(sight.need(workitem)))
    who = (seen_by.client or seen_by.id)[:16]
    return await _recorded(
        request, sight, workitem, record, "cancel requested",
        lambda now: steps.ask_to_cancel(house.workitems, workitem, why, who=who, now=now), status=202,
    )  # fmt: skip


async def _recorded(request: Request, sight: WorkSight, uid: str, record: str, what: str, step: Any, *, status: int = 200) -> Response:
    """What the step decides, durably; or the refusal in the words of the standard."""
    house, said = sight.house, ""

    def decide(folded: Any, now: datetime) -> Iterable[Statement]:
        nonlocal said
        stated, said = step(now)
        about = house.workitems.all[uid].about
        return () if stated is None else (Statement(stated, about, now),)

    try:
        await house.engine.record(decide, actor=sight.person.id, source="dicom-web")
    except StepRefused as refusal:
        await house.audit.record(sight.person, WRITE, record, outcome="refused", workitem=uid, what=what)
        return refused(request, house, refusal)
    await house.audit.record(sight.person, WRITE, record, workitem=uid, what=what)
    return Response(status_code=status, headers=warning(request, house, STANDING[said]) if said in STANDING else None)


# --- requests and answers ----------------------------------------------------------------------------------------------------------------


async def _content(request: Request) -> dict[str, Any]:
    type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if type not in (accepting.JSON, "application/json", ""):
        raise UnsupportedMedia(f"send the data set as {accepting.JSON}")
    return ups.attributes_in(await request.body())


def uid_in(request: Request, *names: str) -> str:
    """A UID in the query: by one of these names, or by itself (`?1.2.3`), as PS3.18 writes it."""
    for name, value in request.query_params.multi_items():
        if name.lower() in names and value:
            return value
        if not value and ups.is_uid(name):
            return name
    return ""


def _conditions(said: Iterable[tuple[str, str]], *, fuzzy: bool) -> Iterable[Condition]:
    """Raises `Refused` for what is no attribute or no date."""
    for name, text in said:
        if name in _OURS:
            continue
        tags = [tag_named(part) for part in name.split(".")]
        try:
            found = condition(*tags[-1], text, fuzzy=fuzzy)
        except ValueError as error:
            raise Refused(str(error), where=name) from None
        if found is not None:
            yield nested(tags[:-1], found)


def _begins(item: Workitem) -> tuple[str, str]:
    return ups.text(item.attributes, ups.START), item.uid


def _shown(item: Workitem, request: Request, house: Services) -> bytes:
    """What we made ourselves stands at our own address, which only a request knows."""
    content = msgspec.json.encode(ups.shown(item.attributes))
    ours = f'"@/workitems/{item.uid}/'.encode()
    return content.replace(ours, f'"{base(request, house)}/workitems/{item.uid}/'.encode()) if is_ours(item.stated) else content


def is_ours(stated: WorkitemStated) -> bool:
    return stated.performer == steps.OURSELVES


def warning(request: Request, house: Services, words: str) -> dict[str, str]:
    """PS3.18 chapter 11 writes the service before the words."""
    return {"Warning": f"299 {base(request, house)}: {words}"}


def refused(request: Request, house: Services, refusal: StepRefused) -> Response:
    title = "Conflict" if refusal.status == 409 else "Refused"
    return problems.problem(refusal.status, title, refusal.reason, headers=warning(request, house, refusal.warning))
