"""Studies and what was found in them: the worklist, one study with everything measured, masks, and whose a study is.

Images themselves leave by DICOMweb. Who may see a study is decided where DICOMweb decides it.
"""

import asyncio
from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api import studies_shown as shown
from wardline.api.dicomweb.seeing import StudySight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.drawings_shown import DRAW, drawing_of, marks_of
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import imaging as shapes
from wardline.core.errors import NotFound
from wardline.core.people import Person
from wardline.delivery.worklists.studies import Study

doors = Doors("imaging")
MOST: Final = 200


class Wanted(BaseModel):
    """Which study to look at again."""

    model_config = ConfigDict(extra="forbid")

    study: str = Field(description="Study Instance UID.", examples=["1.2.840.113619.2.1"], max_length=64)


class Placing(BaseModel):
    """Whose a study is, as somebody has found out."""

    model_config = ConfigDict(extra="forbid")

    patient: str = Field(description="The record's key.", max_length=64)
    note: str = Field(description="How it was found out; it stays with the study.", min_length=3, max_length=500)


@doors.get("/api/v1/imaging/studies", who="imaging.read", answers=shapes.Studies)
async def studies(
    seen_by: SeenBy,
    house: House,
    patient: Annotated[str, Query(description="Only this patient's: the record's key.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """Studies you may see, the newest first; before them those whose patient is not certain, for whoever may say whose they are."""
    sight = StudySight(seen_by, house)
    waiting = await _waiting(seen_by, house) if not patient else []
    mine = [study for study in _of(patient, house) if sight.sees(study.imaged.study)]
    lines = [*waiting, *(shown.line_of(study, house) for study in mine[: max(0, limit - len(waiting))])]
    await house.audit.record(seen_by, "studies listed", sorted({line["patient"] for line in lines if line["patient"]}))
    return json_response({"as_of": house.engine.house.now, "studies": lines})


@doors.get("/api/v1/imaging/studies/{uid}", who="imaging.read", answers=shapes.Study)
async def study(uid: str, seen_by: SeenBy, house: House) -> Response:
    """One study: series, quality, SUV, lesions with what they were before, masks, every answer about it."""
    found = await seen(uid, seen_by, house, "study opened")
    look = shown.Look(found, house)
    suv, _ = await shown.suv_of(look)
    by_series = {each["series"]: each for each in suv}
    sight, records = StudySight(seen_by, house), set(house.engine.house.links.records(house.engine.house.survivor(found.about)))
    priors = [each for each in house.studies.before(uid, records) if sight.sees(each.imaged.study)]
    lesions, answers = await shown.lesions_of(look), shown.answers_of(look)
    response = await look.artefact(shown.COMPARING, "response")
    if not all(sight.sees(each) for each in await shown.compared_with(look)):  # what the study before said is told by no other
        lesions, response = shown.alone(lesions), None
        answers = [each for each in answers if each["capability"] != shown.COMPARING]
    return json_response({
        "as_of": house.engine.house.now, **shown.line_of(found, house), "why": found.imaged.why, "is_working": look.is_working,
        "priors": [
            {
                "uid": each.imaged.study, "started_at": each.begun_at, "description": each.imaged.description,
                "modalities": list(each.imaged.modalities),
            }
            for each in priors
        ],
        "series": [
            {"uid": series, "number": number, "modality": modality, "description": words, "instances": count, "suv": by_series.get(series)}
            for series, modality, number, words, count in found.imaged.series
        ],
        "assessment": await shown.quality_of(look), "lesions": lesions, "drawing": drawing_of(look), "marks": marks_of(look),
        "may": {"draw": house.access.may(seen_by, DRAW, house.engine.house.survivor(found.about))},
        "response": response, "masks": await shown.masks_of(look), "answers": answers,
    })  # fmt: skip


@doors.get("/api/v1/imaging/studies/{uid}/quality", who="imaging.read", answers=shapes.Quality)
async def quality(uid: str, seen_by: SeenBy, house: House) -> Response:
    """Check by check, the worst series first."""
    found = await seen(uid, seen_by, house, "study quality read")
    return json_response(_there(await shown.quality_of(shown.Look(found, house)), house, uid, "image_quality"))


@doors.get("/api/v1/imaging/studies/{uid}/suv", who="imaging.read", answers=shapes.SuvOfStudy)
async def suv(uid: str, seen_by: SeenBy, house: House) -> Response:
    """For each PET series what turns its numbers into SUV, and where every constant comes from; or the tag for which there is none."""
    found = await seen(uid, seen_by, house, "study SUV read")
    series, reason = await shown.suv_of(shown.Look(found, house))
    return json_response({"as_of": house.engine.house.now, "series": series, "reason": reason})


@doors.get("/api/v1/imaging/studies/{uid}/segmentations", who="imaging.read", answers=shapes.Masks)
async def segmentations(uid: str, seen_by: SeenBy, house: House) -> Response:
    """Which masks there are, on which series, and what their numbers mean."""
    found = await seen(uid, seen_by, house, "study masks read")
    return json_response({"as_of": house.engine.house.now, "masks": await shown.masks_of(shown.Look(found, house))})


@doors.get("/api/v1/imaging/studies/{uid}/segmentations/{mask}/voxels", who="imaging.read", pieces=True)
async def voxels(uid: str, mask: str, seen_by: SeenBy, house: House) -> Response:
    """One number per voxel in the order slice, row, column; the shape stands in the header `Wardline-Shape`."""
    found = await seen(uid, seen_by, house, "study masks read")
    content, head = await shown.voxels(shown.Look(found, house), mask)
    headers = {"Wardline-Shape": ",".join(str(n) for n in head["shape"]), "Wardline-Voxel-Bytes": str(head["type"][-1])}
    return Response(content, media_type="application/octet-stream", headers=headers)


@doors.get("/api/v1/imaging/studies/{uid}/radiomics", who="imaging.read", answers=shapes.Radiomics)
async def radiomics(uid: str, seen_by: SeenBy, house: House) -> Response:
    """Features of each lesion with the processing they were computed with."""
    look = shown.Look(await seen(uid, seen_by, house, "study radiomics read"), house)
    answered, told = look.answer("lesion_radiomics"), await look.artefact("lesion_radiomics", "radiomics") or {"settings": {}, "regions": []}
    return json_response({"as_of": house.engine.house.now, **told, "reason": answered.reason if answered is not None else "not analysed yet"})


@doors.get("/api/v1/imaging/studies/{uid}/prognosis", who="imaging.read", answers=shapes.Prognosis)
async def prognosis(uid: str, seen_by: SeenBy, house: House) -> Response:
    """The curve of the site's own survival model with its uncertainty and its card, or why there is none."""
    look = shown.Look(await seen(uid, seen_by, house, "study prognosis read"), house)
    answered, curve = look.answer("prognosis"), await look.artefact("prognosis", "curve")
    reason = answered.reason if answered is not None else "not analysed yet"
    return json_response({"as_of": house.engine.house.now, "curve": curve, "reason": reason, "active": "prognosis" in house.active_imaging})


@doors.post("/api/v1/imaging/analyze", who="imaging.read", answers=shapes.Asked, status_code=202)
async def analyze(wanted: Wanted, seen_by: SeenBy, house: House) -> Response:
    """Look at a study again, or at one that is too old to be looked at by itself. The answers appear on the study."""
    await seen(wanted.study, seen_by, house, "study analysis asked")
    house.analysing.ask(wanted.study)
    return json_response({"study": wanted.study, "state": "asked"}, status=202)


@doors.post("/api/v1/imaging/studies/{uid}/place", who="imaging.reconcile", answers=shapes.Filed)
async def place(uid: str, wanted: Placing, seen_by: SeenBy, house: House) -> Response:
    """Say whose a study is. It leaves the chart it may have stood on; both are in the audit trail."""
    person = house.engine.house.survivor(wanted.patient)
    if house.engine.house.directory.get(person) is None:
        raise NotFound("there is no such patient")
    before = house.studies.record_of(uid)
    if uid not in house.studies.waiting and not before:
        raise NotFound("there is no such study")
    record = await asyncio.to_thread(house.images.study, uid)
    if record is None:
        raise NotFound("there is no such study")
    await house.engine.record(lambda state, now: house.filing.by_hand(record, person, f"{seen_by.name}: {wanted.note}", now), actor=seen_by.id)
    await asyncio.to_thread(house.images.place, uid, person)
    await house.audit.record(seen_by, "study placed", [each for each in (person, before) if each], study=uid)
    return json_response({"study": uid, "patient": person})


async def _waiting(person: Person, house: Services) -> list[dict[str, Any]]:
    if not house.access.may(person, "imaging.reconcile"):
        return []
    lines = []
    for uid, each in sorted(house.studies.waiting.items(), key=lambda item: item[1].since, reverse=True)[:MOST]:
        record = await asyncio.to_thread(house.images.study, uid)
        if record is not None:
            lines.append(shown.waiting_line(record, each.unplaced.why))
    return lines


def _of(patient: str, house: Services) -> list[Study]:
    if patient:
        return house.studies.of(set(house.engine.house.links.records(house.engine.house.survivor(patient))))
    return sorted(house.studies.placed.values(), key=lambda study: (study.begun_at, study.imaged.study), reverse=True)


async def seen(uid: str, person: Person, house: Services, act: str) -> Study:
    """The study, where this person may see it; the look is in the audit trail. Raises `NotFound` or `NotAllowed`."""
    about = StudySight(person, house).need(uid)
    found = house.studies.placed.get(uid)
    if found is None:
        raise NotFound("nobody has said yet whose this study is; place it first")
    await house.audit.record(person, act, about, study=uid)
    return found


def _there(content: dict[str, Any] | None, house: Services, uid: str, capability: str) -> dict[str, Any]:
    if content is None:
        answered = house.studies.answer(uid, capability)
        raise NotFound(answered.reason if answered is not None and answered.reason else "this study has not been looked at yet; ask for it")
    return content
