"""What people have drawn and measured on a study, as screens and other programs are shown it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from wardline.api.dicomweb.seeing import StudySight
from wardline.api.doors import allowed
from wardline.api.services import Services
from wardline.api.studies_shown import COMPARING, MASK, Look
from wardline.core.errors import Conflict, NotFound
from wardline.core.imaging import Outlined
from wardline.core.people import Person
from wardline.delivery.reports.measured import DATE
from wardline.delivery.worklists.drawings import DRAWN, Contour, Mark, has_still, highest
from wardline.delivery.worklists.studies import Study

DRAW = "imaging.draw"
OTHER_IMAGES = "images have come to its series since it was drawn; draw it again on all of them"


class Base(NamedTuple):
    """The outlines that stand now: what the next drawing begins from."""

    mask: str
    automatic: str
    lesions: tuple[Outlined, ...]
    last_key: int


async def study_to_draw_on(uid: str, person: Person, house: Services, act: str) -> Study:
    """The study, where this person may draw on it; that they do is in the audit trail. Raises `NotFound` or `NotAllowed`."""
    about = StudySight(person, house).need(uid)
    found = house.studies.placed.get(uid)
    if found is None:
        raise NotFound("nobody has said yet whose this study is; place it first")
    allowed(person, DRAW, about, house)
    await house.audit.record(person, act, about, study=uid)
    return found


async def base_of(look: Look) -> Base:
    last, mask = look.drawn, standing_mask(look)
    if last is not None and is_pending(look):
        lesions = tuple(Outlined(*each) for each in last.contoured.lesions)
        return Base(mask, last.contoured.automatic, lesions, look.house.drawings.last_key(look.uid))
    rows = await look.artefact(DRAWN, "lesions") or []
    lesions = tuple(Outlined(each["key"], each["label"], each["site"], each.get("how", "automatic")) for each in rows)
    automatic = next((each.contoured.automatic for each in reversed(_versions(look)) if each.contoured.mask == mask), mask)
    return Base(mask, automatic, lesions, max(highest(each.key for each in lesions), look.house.drawings.last_key(look.uid)))


def standing_mask(look: Look) -> str:
    """Digest of the outlines that stand. Raises `NotFound` where there are none, `Conflict` while others are being made."""
    answered = look.answer(DRAWN)
    newest = max(answered.event if answered is not None else 0, look.drawn.event if look.drawn is not None else 0)
    if 0 < newest < look.study.event:
        raise Conflict("something has come to the study and it is being looked at again; try again when that is done")
    if look.drawn is not None and is_pending(look):
        if not look.drawn.contoured.mask:
            raise Conflict("the outlines are being taken back to the automatic ones; try again when that is done")
        return look.drawn.contoured.mask
    if answered is None or MASK not in answered.artefacts:
        raise NotFound("no lesions have been outlined in this study: there is nothing to draw on")
    return answered.artefacts[MASK][1]


def need_newest(look: Look, based_on: str) -> None:
    """Raise `Conflict` where these are not the outlines that stand, saying who was first."""
    if based_on == standing_mask(look):
        return
    if look.drawn is None:
        raise Conflict("the outlines have been made anew since you opened them; look at the new ones and draw again")
    who, at = look.house.name_of(look.drawn.by), look.drawn.at.astimezone(ZoneInfo(look.house.zone))
    what = "saved other outlines" if look.drawn.contoured.mask else "gone back to the automatic outlines"
    raise Conflict(f"{who} has {what} ({at:%-d %b, %H:%M}); look at them and draw again")


def is_pending(look: Look) -> bool:
    """Whether the last drawing is not measured yet."""
    answered = look.answer(DRAWN)
    return look.drawn is not None and (answered is None or answered.event < look.drawn.event)


def need_measured(look: Look) -> None:
    """Raise `Conflict` while lesions that somebody has drawn anew are measured or compared: their old numbers must not be signed."""
    answered, compared = look.answer(DRAWN), look.answer(COMPARING) if COMPARING in look.house.capabilities else None
    behind = answered is not None and compared is not None and compared.event < answered.event
    if look.drawn is not None and (is_pending(look) or behind):
        raise Conflict("the lesions have been drawn anew and are being measured; read the new numbers, then sign")


def drawing_of(look: Look) -> dict[str, Any] | None:
    """The drawing that a person has made of the lesions; None where the program's own stand."""
    last = look.drawn
    if last is None or not last.contoured.mask:
        return None
    state, why = _state(look, last)
    return {"mask": last.contoured.mask, **_by(last, look.house), "state": state, "why": why, **_lesions(last)}


def _state(look: Look, last: Contour) -> tuple[str, str]:
    if not has_still(look.study.imaged, last.contoured.series, last.contoured.instances):
        return "not used", OTHER_IMAGES
    if is_pending(look):
        return "measuring", ""
    answered = look.answer(DRAWN)
    if answered is not None and answered.artefacts.get(MASK, ("", ""))[1] == last.contoured.mask:
        return "measured", ""
    return "not used", (answered.reason if answered is not None else "") or OTHER_IMAGES


def versions_of(look: Look) -> list[dict[str, Any]]:
    """Every version, the newest first; the program's own last."""
    kept, answered = _versions(look), look.answer(DRAWN)
    current = answered.artefacts[MASK][1] if answered is not None and MASK in answered.artefacts else ""
    if look.drawn is not None and is_pending(look):
        current = look.drawn.contoured.mask or look.drawn.contoured.automatic
    told = [
        {"mask": (mask := each.contoured.mask), "automatic": False, **_by(each, look.house), "is_current": each == look.drawn and mask == current,
         **_lesions(each)}
        for each in reversed(kept) if each.contoured.mask
    ]  # fmt: skip
    drawn = {each.contoured.mask for each in kept}
    automatic = [current] if current and current not in drawn else []
    for digest in dict.fromkeys((*automatic, *(each.contoured.automatic for each in reversed(kept)))):
        own = {"mask": digest, "automatic": True, "by": "", "at": None, "note": "", "is_current": digest == current, "lesions": [], "removed": []}
        told.append(own)
    return told


def _versions(look: Look) -> list[Contour]:
    return [each for each in look.house.drawings.contours.get(look.uid, ()) if look.drawn is not None and each.event <= look.drawn.event]


def _by(contour: Contour, house: Services) -> dict[str, Any]:
    return {"by": house.name_of(contour.by), "at": contour.at, "note": contour.contoured.note}


def _lesions(contour: Contour) -> dict[str, Any]:
    rows = [Outlined(*each)._asdict() for each in contour.contoured.lesions]
    return {"lesions": rows, "removed": list(contour.contoured.removed)}


def marks_of(look: Look) -> list[dict[str, Any]]:
    """Measurements by hand that stand, in the order in which they were made."""
    return [mark_line(each, look) for each in look.marks]


def mark_line(mark: Mark, look: Look) -> dict[str, Any]:
    marked = mark.marked
    return {
        "id": marked.mark, "series": marked.series, "kind": marked.kind, "points": [list(each) for each in marked.points], "label": marked.label,
        "by": look.house.name_of(mark.by), "at": mark.at, "is_current": _is_current(mark, look),
        "values": [dict(zip(("id", "name", "value", "unit", "why"), each, strict=True)) for each in marked.values],
    }  # fmt: skip


def marks_to_report(look: Look) -> Iterator[tuple[str, str, tuple[str, str, float | None, str, str]]]:
    """Key, label and number of each measurement by hand that a report may speak of: not of those on a series that has other images now."""
    for each in look.marks:
        if _is_current(each, look):
            yield from ((each.marked.mark, each.marked.label, value) for value in each.marked.values)


def _is_current(mark: Mark, look: Look) -> bool:
    return has_still(look.study.imaged, mark.marked.series, mark.marked.instances)


def outlined_by(look: Look) -> str:
    """Who stands for the lesions' outlines, where it is not the program."""
    drawing = drawing_of(look)
    return f"{drawing['by']}, {_day(drawing['at'], look.house)}" if drawing is not None and drawing["state"] == "measured" else ""


def _day(at: datetime, house: Services) -> str:
    return at.astimezone(ZoneInfo(house.zone)).strftime(DATE)
