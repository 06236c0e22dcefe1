"""Images that were kept but could not be filed: which, why, from whom, and what to do about each. For whoever says whose a study is."""

import asyncio
from typing import Any, Final

from fastapi import Response

from wardline.api.dicomweb.seeing import StudySight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import images_aside as shapes
from wardline.api.studies_shown import plain_name
from wardline.core.errors import NotFound, Refused
from wardline.core.images import QuarantinedImage

doors = Doors("imaging")
PATH: Final = "/api/v1/imaging/quarantine"
RECONCILE: Final = "imaging.reconcile"
MOST: Final = 500
MOST_SEARCHED: Final = 100_000
LARGEST_FILE: Final = 128 * 1024 * 1024
"""Bytes of a file that is given out here: it is opened in memory."""
DOUBLE: Final = "another object with this SOP Instance UID is here already"
OTHER_NUMBER: Final = "its study is here under another patient number"
WHAT_TO_DO: Final = {
    DOUBLE: "The one that was here first stays. Compare the two; if this one is right, its sender gives it a new number and sends it again.",
    OTHER_NUMBER: "Find out which patient number is right, have it corrected where the images were made, and have the study sent again.",
}
OTHERWISE: Final = "Tell whoever runs the sender what is wrong, have it repaired there and sent again; then dismiss this one."
_FILE: Final[dict[str, Any]] = {"responses": {200: {"content": {"application/dicom": {"schema": {"type": "string", "format": "binary"}}}}}}


@doors.get(PATH, who=RECONCILE, answers=shapes.ImagesAside)
async def images_aside(seen_by: SeenBy, house: House) -> Response:
    """Every image that waits for a person, the newest first."""
    waiting, sight = await asyncio.to_thread(house.images.quarantined, MOST + 1), StudySight(seen_by, house)
    lines = [await _line(each, sight, house) for each in waiting[:MOST]]
    await house.audit.record(seen_by, "images put aside listed", _patients(waiting[:MOST], sight))
    return json_response({"as_of": house.engine.house.now, "images": lines, "has_more": len(waiting) > MOST})


@doors.get(PATH + "/{number}", who=RECONCILE, answers=shapes.ImageAside)
async def image_aside(number: int, seen_by: SeenBy, house: House) -> Response:
    """One of them."""
    each, sight = await _waiting(number, house), StudySight(seen_by, house)
    await house.audit.record(seen_by, "image put aside read", _patients([each], sight), image=str(number))
    return json_response(await _line(each, sight, house))


@doors.get(PATH + "/{number}/file", who=RECONCILE, **_FILE)
async def file_of_image_aside(number: int, seen_by: SeenBy, house: House) -> Response:
    """The file as it came: it holds patient data, and may be damaged."""
    each, sight = await _waiting(number, house), StudySight(seen_by, house)
    _need_sight(each, sight)
    if each.size > LARGEST_FILE:
        raise Refused(f"this file is too large to be given out here; write it to a disk with wardline quarantine image {number} FILE", where="number")
    await house.audit.record(seen_by, "quarantined image read", _patients([each], sight), image=str(number))
    content = await asyncio.to_thread(house.images.quarantined_bytes, number)
    headers = {"content-disposition": f'attachment; filename="image-{number}.dcm"'}
    return Response(content, media_type="application/dicom", headers=headers)


@doors.delete(PATH + "/{number}", who=RECONCILE, status_code=204)
async def dismiss_image_aside(number: int, seen_by: SeenBy, house: House) -> None:
    """Remove it for good, after somebody has looked at it. Its sender was told that it was not taken."""
    each, sight = await _waiting(number, house), StudySight(seen_by, house)
    _need_sight(each, sight)
    await house.audit.record(seen_by, "quarantined image dismissed", _patients([each], sight), image=str(number), reason=each.reason)
    await asyncio.to_thread(house.images.dismiss, number)


async def _waiting(number: int, house: Services) -> QuarantinedImage:
    found = await asyncio.to_thread(house.images.quarantined, MOST_SEARCHED)
    for each in found:
        if each.number == number:
            return each
    raise NotFound("this image is not put aside (any more)")


def _need_sight(each: QuarantinedImage, sight: StudySight) -> None:
    """An image of a study that is kept from somebody is kept from them as well."""
    if each.study and not sight.sees(each.study):
        raise NotFound("this image belongs to a study that you may not see; ask somebody who may")


def _patients(waiting: list[QuarantinedImage], sight: StudySight) -> list[str]:
    """Whose names are shown."""
    return sorted({record for each in waiting if each.study and sight.sees(each.study) and (record := sight.record_of(each.study))})


async def _line(each: QuarantinedImage, sight: StudySight, house: Services) -> dict[str, Any]:
    """Who its study says it is, as the list of unplaced studies tells it; nothing of a study they may not see."""
    record = await asyncio.to_thread(house.images.study, each.study) if each.study and sight.sees(each.study) else None
    return {
        "number": each.number, "at": each.at, "reason": each.reason, "what_to_do": WHAT_TO_DO.get(each.reason, OTHERWISE), "source": each.source,
        "study": each.study, "instance": each.instance, "sop_class": each.sop_class, "syntax": each.syntax, "size": each.size,
        "name": plain_name(record.name) if record is not None else "", "patient_number": record.patient_id if record is not None else "",
        "has_file": each.size <= LARGEST_FILE and (not each.study or sight.sees(each.study)),
    }  # fmt: skip
