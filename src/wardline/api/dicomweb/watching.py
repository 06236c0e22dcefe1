"""Following workitems: subscriptions to one, to all, or to those that match (PS3.18 11.10 to 11.12). The reports come over a WebSocket."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from fastapi import Query as Param
from fastapi import Request, Response

from wardline.api.dicomweb.addresses import ROOT, base
from wardline.api.dicomweb.finding import nested, tag_named
from wardline.api.dicomweb.seeing import READ
from wardline.api.dicomweb.work_seeing import WorkSight
from wardline.api.dicomweb.workitems import WORKITEM
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.errors import NotAllowed, NotFound, Refused
from wardline.core.events import WorklistWatched
from wardline.core.people import Person
from wardline.core.statements import Statement
from wardline.delivery.worklists.workitems import ABOUT, ENDED, FILTERED, SUBSCRIBED, SUSPENDED, WORKLIST, Subscriber, filter_of
from wardline.formats.dicom import ups
from wardline.formats.dicom.matching import Condition, condition

doors = Doors("images")
SUBSCRIBER: Final = WORKITEM + "/subscribers/{aetitle}"
CHANNEL: Final = ROOT + "/subscribers/"
AT_MOST, FILTERS_AT_MOST = 1_000, 20
TITLE: Final = re.compile(r"(?! )[\x20-\x2e\x30-\x5b\x5d-\x7e]{1,16}(?<! )")
"""AE titles (PS3.5 6.2), without the slash, which parts addresses."""
KEYS: Final = frozenset({
    ups.STATE, ups.READINESS, ups.PRIORITY, ups.LABEL, ups.WORKLIST, ups.START, "00404011", ups.WORKITEM_CODE, ups.STATION, "00404026", "00404027",
})  # fmt: skip
"""What a filter may look at. It is kept for as long as the subscription is, so that it names no patient."""
TAKEN_TITLE: Final = "another account follows workitems under this AE title; choose a title of your own"
_GLOBAL: Final = (WORKLIST, FILTERED)


@doors.post(SUBSCRIBER, who=READ, status_code=201)
async def subscribe(
    workitem: str, aetitle: str, request: Request, seen_by: SeenBy, house: House,
    deletionlock: bool = Param(False, description="Keep finished workitems until this subscription ends."),
    filter: str = Param("", max_length=2000, description="Of the filtered worklist: attribute=value, with commas between."),
) -> Response:  # fmt: skip
    """Follow one workitem, the worklist (1.2.840.10008.5.1.4.34.5) or what matches a filter (1.2.840.10008.5.1.4.34.5.1)."""
    need_title(aetitle, seen_by, house)
    if workitem not in _GLOBAL:
        WorkSight(seen_by, house).need(workitem)
    if bool(filter) is not (workitem == FILTERED):
        raise Refused("a filter goes with the filtered worklist, and with nothing else", where="filter")
    keys = filter_of(_filter(filter)) if filter else ""
    _check_room(house, house.workitems.subscribers.get(aetitle))
    await _state(house, seen_by, WorklistWatched(aetitle, workitem, SUBSCRIBED, deletionlock, keys, seen_by.id, seen_by.client))
    channel = base(request, house).replace("http", "ws", 1) + CHANNEL.removeprefix(ROOT) + aetitle
    return Response(status_code=201, headers={"Content-Location": channel.replace(" ", "%20")})


@doors.delete(SUBSCRIBER, who=READ)
async def unsubscribe(workitem: str, aetitle: str, seen_by: SeenBy, house: House) -> Response:
    """No more reports: of this workitem, or, for the worklist, of any."""
    _standing(workitem, aetitle, seen_by, house)
    await _state(house, seen_by, WorklistWatched(aetitle, workitem, ENDED, person=seen_by.id, client=seen_by.client))
    return Response()


@doors.post(f"{SUBSCRIBER}/suspend", who=READ)
async def suspend(workitem: str, aetitle: str, seen_by: SeenBy, house: House) -> Response:
    """No reports of new workitems; those that are followed already go on."""
    if workitem not in _GLOBAL:
        raise Refused("only the worklist or the filtered worklist can be suspended", where="workitem")
    _standing(workitem, aetitle, seen_by, house)
    await _state(house, seen_by, WorklistWatched(aetitle, workitem, SUSPENDED, person=seen_by.id, client=seen_by.client))
    return Response()


def need_title(title: str, person: Person, house: Services) -> None:
    """Raise unless this is an AE title, and nobody else's here."""
    if not TITLE.fullmatch(title):
        raise Refused("an AE title has 1 to 16 letters, here none of them a slash or backslash", where="aetitle")
    whose = house.workitems.subscribers.get(title)
    if whose is not None and (whose.person, whose.client) != (person.id, person.client):
        raise NotAllowed(TAKEN_TITLE)


def _standing(workitem: str, title: str, person: Person, house: Services) -> None:
    """Raises `NotFound` where there is no such subscription."""
    need_title(title, person, house)
    who = house.workitems.subscribers.get(title)
    stands = who is not None and (
        who.everything is not None if workitem == WORKLIST else bool(who.filters) if workitem == FILTERED else workitem in who.of
    )
    if not stands:
        raise NotFound("there is no such subscription")


def _check_room(house: Services, who: Subscriber | None) -> None:
    if who is None and len(house.workitems.subscribers) >= AT_MOST:
        raise Refused(f"{AT_MOST} systems follow workitems already; end a subscription that nobody needs")
    if who is not None and len(who.filters) >= FILTERS_AT_MOST:
        raise Refused(f"{FILTERS_AT_MOST} filters at most; end this subscription and begin with fewer", where="filter")


def _filter(said: str) -> Iterable[Condition]:
    for part in said.split(","):
        name, equals, value = part.partition("=")
        tags = [tag_named(each) for each in name.strip().split(".")]
        if not equals or tags[0][0] not in KEYS:
            raise Refused("a filter looks at state, readiness, priority, labels, times, code or station, as attribute=value", where="filter")
        try:
            found = condition(*tags[-1], value)
        except ValueError as error:
            raise Refused(str(error), where="filter") from None
        if found is not None:
            yield nested(tags[:-1], found)


async def _state(house: Services, person: Person, watched: WorklistWatched) -> None:
    def decide(folded: Any, now: datetime) -> Iterable[Statement]:
        need_title(watched.subscriber, person, house)  # somebody else may have taken it meanwhile
        return (Statement(watched, ABOUT, now),)

    await house.engine.record(decide, actor=person.id, source="dicom-web")
    await house.audit.record(person, READ, "", what=f"workitems {watched.state}", subscriber=watched.subscriber)
