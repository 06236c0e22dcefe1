"""What subscribers of workitems are told: event reports, as DICOM JSON (PS3.4 Table CC.2.4-1, PS3.18 11.13)."""

from typing import Any, Final

from wardline.formats.dicom.ups import (
    CONTACT_NAME,
    CONTACT_URI,
    PERFORMERS,
    PROGRESS,
    PUSH,
    READINESS,
    STATE,
    STATION,
    WHY,
    WHY_CODE,
    Attributes,
    element,
    items,
)

STATE_REPORT, CANCEL_REQUESTED, PROGRESS_REPORT, ASSIGNED = 1, 2, 3, 5
"""Event Type IDs. SCP Status Change (4) is not sent: whoever connects again hears how everything stands."""
ASKING: Final = (WHY, WHY_CODE, CONTACT_URI, CONTACT_NAME)
"""What a request for cancellation may say (PS3.4 Table CC.2.2-1)."""
_TOLD: Final = {STATE_REPORT: (STATE, READINESS), PROGRESS_REPORT: (PROGRESS,), ASSIGNED: (STATION, PERFORMERS)}


def events_of(before: Attributes | None, after: Attributes) -> tuple[int, ...]:
    """Which reports a change is worth (PS3.4 CC.2.4.3); with no `before` it is new."""
    if before is None:
        return (STATE_REPORT, ASSIGNED) if _is_assigned(after) else (STATE_REPORT,)
    found = [event for event, tags in _TOLD.items() if any(before.get(tag) != after.get(tag) for tag in tags)]
    return tuple(event for event in found if event != ASSIGNED or _is_assigned(after))


def _is_assigned(attributes: Attributes) -> bool:
    return bool(items(attributes, STATION) or items(attributes, PERFORMERS))


def report(event: int, uid: str, attributes: Attributes, *, number: int, asked: Attributes | None = None, asked_by: str = "") -> dict[str, Any]:
    """One report. `number` is its Message ID; `asked` what a request for cancellation said."""
    said: dict[str, Any] = {
        # PS3.4 CC.2.4.3 names the Push SOP Class; the example of PS3.18 11.13 has another one.
        "00000002": element("UI", PUSH), "00000110": element("US", number % 65536), "00001000": element("UI", uid), "00001002": element("US", event),
    }  # fmt: skip
    if event == CANCEL_REQUESTED:
        said |= {"00741236": element("AE", asked_by), **{tag: each for tag, each in (asked or {}).items() if tag in ASKING}}
    elif event == STATE_REPORT:
        progress = (items(attributes, PROGRESS) or [{}])[0]
        said |= {tag: attributes[tag] for tag in _TOLD[event]} | {tag: progress[tag] for tag in (WHY, WHY_CODE) if tag in progress}
    else:
        said |= {tag: attributes[tag] for tag in _TOLD[event] if tag in attributes}
    return dict(sorted(said.items()))
