"""Dictation: speech in, a draft text out. The sound is not kept, and the text goes nowhere by itself."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from wardline.api.cases import WRITE
from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.shapes import dictation as shapes
from wardline.core.errors import Conflict, NotFound, Refused
from wardline.science.language.dictation import edited

doors = Doors("dictation")
PATH: Final = "/api/v1/dictation"
TASK: Final = "wardline.adapters.embedded.speech:transcribed"
LANGUAGE: Final = "en"
"""The rules that make dictated text readable are for English."""
LARGEST: Final = 32 * 1024 * 1024
SECONDS: Final = 300.0


@doors.get(PATH, who=WRITE, answers=shapes.Ready, traceless=True)
async def ready(house: House) -> Response:
    """Whether one can dictate here, and if not, what is missing."""
    reason = house.reporting.why_no_dictation()
    return json_response({"ready": not reason, "reason": reason, "language": LANGUAGE})


@doors.post(PATH, who=WRITE, answers=shapes.Dictated, largest=LARGEST)
async def dictate(
    request: Request, seen_by: SeenBy, house: House,
    patient: Annotated[str, Query(max_length=64, description="Whom it is about: the record's key.")],
) -> Response:  # fmt: skip
    """A recording (webm, ogg, wav, mp4) as text: numbers, units and punctuation as they are written. Passages to listen to again are marked."""
    about = house.engine.house.survivor(patient)
    if about not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    allowed(seen_by, WRITE, about, house)
    if reason := house.reporting.why_no_dictation():
        raise Conflict(reason)
    audio = await request.body()
    if not audio:
        raise Refused("nothing was recorded", where="body")
    await house.audit.record(seen_by, "report dictated", about)
    passages = await house.workers.run(TASK, house.reporting.speech_model, audio, LANGUAGE, seconds=SECONDS)
    told = [{"begins": each.begins, "ends": each.ends, "text": edited(each.text), "doubtful": each.is_doubtful} for each in passages]
    return json_response({"text": edited(" ".join(each.text for each in passages)), "segments": told, "draft": True})
