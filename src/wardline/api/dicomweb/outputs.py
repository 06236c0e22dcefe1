"""What Wardline made for a workitem: the segmentations and measurements that its Output Information Sequence names, each at its Retrieve URL."""

import asyncio
import secrets
from typing import Final

from fastapi import Request, Response

from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.accepting import DICOM
from wardline.api.dicomweb.seeing import READ
from wardline.api.dicomweb.work_seeing import WorkSight
from wardline.api.dicomweb.workitems import WORKITEM, is_ours
from wardline.api.doors import Doors, House, SeenBy
from wardline.core.errors import NotFound
from wardline.formats.dicom import ups
from wardline.formats.dicom.multipart import end_of, head_of
from wardline.formats.dicom.part10 import read_head
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE

doors = Doors("images")
_FORM: Final = {
    "responses": {
        200: {"description": "A DICOM file, by itself or as the only part of a message", "content": {accepting.RELATED: {}, DICOM: {}}},
        406: {"description": "Not acceptable"},
    }
}


@doors.get(f"{WORKITEM}/outputs/{{output}}", who=READ, **_FORM)
async def output(workitem: str, output: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """One object that we made for this workitem."""
    sight = WorkSight(seen_by, house)
    item = sight.need(workitem)
    if not is_ours(item.stated) or f"@/workitems/{workitem}/outputs/{output}" not in ups.outputs(item.attributes):
        raise NotFound("this workitem has no such output")
    content = await asyncio.to_thread(house.images.kept, item.stated.studies[0], output)
    syntax = read_head(content).syntax
    choice = accepting.of_instances(accepting.forms(request), (syntax,))
    if not choice.as_stored:
        content, syntax = await house.workers.run("wardline.formats.dicom.codecs:decoded", content), EXPLICIT_LITTLE
    await house.audit.record(seen_by, READ, sight.record_of(item), workitem=workitem, what="output")
    if not choice.in_parts:
        return Response(content, media_type=DICOM)
    boundary = secrets.token_hex(16)
    parts = head_of(boundary, f"{DICOM}; transfer-syntax={syntax}") + content + end_of(boundary)
    return Response(parts, media_type=f'{accepting.RELATED}; type="{DICOM}"; boundary={boundary}')
