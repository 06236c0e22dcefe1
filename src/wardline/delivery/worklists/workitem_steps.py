"""What may become of a workitem: created, claimed, worked on, finished, cancelled. Each answers with the event that says so.

Called inside the engine's turn, so that what is decided on is what is there.
"""

from datetime import datetime
from typing import Any, Final

import msgspec

from wardline.core.errors import Conflict, NotFound
from wardline.core.events import WorkitemStated
from wardline.delivery.worklists.workitems import Workitem, Workitems
from wardline.formats.dicom import ups
from wardline.formats.dicom.ups_reports import ASKING, CANCEL_REQUESTED, events_of
from wardline.formats.dicom.ups_states import INCONSISTENT, NOT_FINISHED, StepRefused, answer_to, may_update

OURSELVES: Final = "wardline"
UNSPECIFIED: Final = ups.coded("110513", "DCM", "Discontinued for unspecified reason")  # CID 9300, as pydicom 3.0.2 has it
NO_SUCH: Final = "there is no such workitem"
Decided = tuple[WorkitemStated | None, str]
"""The event, None where nothing changes; and the status of PS3.4."""


class Gone(NotFound):
    """The workitem was here; it was finished and nobody held on to it: 410."""


def found(workitems: Workitems, uid: str) -> Workitem:
    """Raises `NotFound`, or `Gone`."""
    item = workitems.all.get(uid)
    if item is None:
        raise Gone("this workitem was finished and is not kept any more") if uid in workitems.gone else NotFound(NO_SUCH)
    return item


def create(workitems: Workitems, uid: str, attributes: dict[str, Any]) -> WorkitemStated:
    """`attributes`: as `ups.created` made them. Raises `Conflict` for a UID that is, or was, another workitem's."""
    if uid in workitems.all or uid in workitems.gone:
        raise Conflict("there is, or was, a workitem with this UID; look it up, or make another with a UID of its own")
    return WorkitemStated(uid, ups.SCHEDULED, _written(attributes), ups.studies(attributes), events=events_of(None, attributes))


def update(workitems: Workitems, uid: str, changes: dict[str, Any], *, given: str, now: datetime) -> WorkitemStated:
    """Raises `StepRefused`, `Refused`, `NotFound`."""
    item = found(workitems, uid)
    may_update(item.state, lock=item.stated.lock, given=given)
    after = ups.updated(item.attributes, changes, now)
    return _changed(item, after, studies=ups.studies(after))


def change(workitems: Workitems, uid: str, state: str, *, given: str, who: str, now: datetime) -> Decided:
    """To another state, by whoever has the Transaction UID. Raises `StepRefused`, `NotFound`."""
    item = found(workitems, uid)
    status = answer_to(state, item.state, lock=item.stated.lock, given=given)
    if status in ("B304", "B306"):
        return None, status
    if state == ups.IN_PROGRESS:
        return _changed(item, _in_state(item.attributes, state), state=state, lock=given, performer=who), status
    after = ups.cancelled(item.attributes, now, {}) if state == ups.CANCELED else item.attributes
    if missing := ups.unmet(after, state):
        # PS3.4 CC.2.1.3: a final state is refused until the workitem says what it must say in it.
        raise StepRefused(NOT_FINISHED, f"before it is {state} it needs {' and '.join(missing)}; set them with an update", INCONSISTENT)
    return _changed(item, _in_state(after, state), state=state), status


def ask_to_cancel(workitems: Workitems, uid: str, why: dict[str, Any], *, who: str, now: datetime) -> Decided:
    """One that waits is cancelled by us; whoever works on one is asked, and decides. Raises `StepRefused`, `NotFound`."""
    item = found(workitems, uid)
    status = answer_to("request cancel", item.state, lock="", given="")
    if status == "B304":
        return None, status
    said = {tag: each for tag, each in why.items() if tag in ASKING}
    if item.state == ups.IN_PROGRESS:
        return item.stated._replace(events=(CANCEL_REQUESTED,), asked=_written(said), asked_by=who), status
    return _cancelled(item, said, now), status


def cancel_ours(item: Workitem, why: str, now: datetime) -> WorkitemStated:
    """What we have claimed and cannot do, with the reason."""
    return _cancelled(item, {ups.WHY: ups.element("LT", why[:10_240])}, now)


def finish_ours(item: Workitem, performed: dict[str, Any], what_came_of_it: str) -> WorkitemStated:
    """What we have claimed and done."""
    progress = {"00741004": ups.element("DS", "100"), ups.DESCRIPTION: ups.element("ST", what_came_of_it[:1024])}
    after = {**item.attributes, ups.PERFORMED: ups.element("SQ", performed), ups.PROGRESS: ups.element("SQ", progress)}
    return _changed(item, _in_state(after, ups.COMPLETED), state=ups.COMPLETED)


def _cancelled(item: Workitem, why: dict[str, Any], now: datetime) -> WorkitemStated:
    reason = {ups.WHY_CODE: ups.element("SQ", UNSPECIFIED), **why}
    after = ups.cancelled(item.attributes, now, reason)
    return _changed(item, _in_state(after, ups.CANCELED), state=ups.CANCELED)


def _changed(item: Workitem, after: dict[str, Any], **changes: Any) -> WorkitemStated:
    events = events_of(item.attributes, after)
    return item.stated._replace(attributes=_written(after), events=events, asked="", asked_by="", **changes)


def _in_state(attributes: dict[str, Any], state: str) -> dict[str, Any]:
    return {**attributes, ups.STATE: ups.element("CS", state)}


def _written(attributes: dict[str, Any]) -> str:
    return msgspec.json.encode(attributes, order="sorted").decode()
