"""Reports on images: drafted from measurements, checked sentence by sentence, signed, added to, printed."""

import secrets
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api import key_images
from wardline.api.cases import WRITE, case_seen, need_theirs
from wardline.api.dicomweb.seeing import READ, StudySight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.drawings_shown import need_measured
from wardline.api.encoding import json_response
from wardline.api.reports_measured import measured_in
from wardline.api.reports_shown import SIGN, Opened, checked, line_of, may_be_listed, opened, whole
from wardline.api.services import Services
from wardline.api.shapes import reports as shapes
from wardline.api.studies_shown import Look, lesions_of
from wardline.core.errors import Conflict, Refused
from wardline.core.events import ReportSigned
from wardline.core.people import Person
from wardline.core.statements import Statement
from wardline.delivery.reports import sentences, steps
from wardline.delivery.reports.checking import open_items, problems_of
from wardline.delivery.reports.measured import DATE
from wardline.delivery.reports.pages import text_of, with_addendum
from wardline.delivery.reports.sentences import LONGEST_SENTENCE, Draft, Section, Sentence
from wardline.delivery.reports.templates import first_draft, template
from wardline.engine.house import House as Folded

doors = Doors("reports")
PATH: Final = "/api/v1/reports"
MOST: Final = 500
MASKS: Final = "pet_lesions"
"""Whose mask and lesions a signed report sends along."""


class SentenceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field("", max_length=16, description="Its number; empty for a new one.")
    text: str = Field(min_length=1, max_length=LONGEST_SENTENCE, description="Plain text, or with placeholders such as {L1.suv_peak}.")
    keys: list[Annotated[str, Field(max_length=16)]] = Field(default_factory=list, description="The lesions it is about.")


class SectionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=40)
    sentences: list[SentenceIn] = Field(default_factory=list)


class NewReport(BaseModel):
    """For which case."""

    model_config = ConfigDict(extra="forbid")

    case: str = Field(max_length=64)


class Edited(BaseModel):
    """The draft as it shall be, and which version was edited."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)
    sections: list[SectionIn]
    confirmed: list[Annotated[str, Field(max_length=16)]] = Field(default_factory=list, description="Lesions whose pairing is confirmed.")
    key_images: list[Annotated[str, Field(max_length=64)]] | None = Field(None, max_length=key_images.MOST * 2, description="Left out: as before.")


class Signing(BaseModel):
    """Which version was read, and whether somebody must be told now."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)
    critical: bool = Field(False, description="Tell the doctor in charge through the alerts; only a person sets this.")
    without_objects: bool = Field(False, description="Sign although no DICOM objects can be written of the measurements.")


class Withdrawing(BaseModel):
    """Why nobody may act on a signed report any more."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=500, description="It goes out with the withdrawal.")
    another_patient: bool = Field(False, description="Whether it stood on the wrong patient's chart.")


class Addition(BaseModel):
    """What is to be added. It is checked and signed at once."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST_SENTENCE)
    keys: list[Annotated[str, Field(max_length=16)]] = Field(default_factory=list)
    critical: bool = False


@doors.get(PATH, who=READ, answers=shapes.Reports)
async def reports(
    seen_by: SeenBy, house: House,
    patient: Annotated[str, Query(max_length=64, description="Only this patient's: the record's key.")] = "",
    case: Annotated[str, Query(max_length=64, description="Only of this case.")] = "",
) -> Response:  # fmt: skip
    """Reports you may read, the newest first; drafts only for those who may write them."""
    sights, folded = StudySight(seen_by, house), house.engine.house
    wanted = folded.survivor(patient) if patient else ""
    found = [
        line_of(each, house) for each in house.reports.reports.values()
        if (not wanted or folded.survivor(each.about) == wanted) and case in ("", each.case) and may_be_listed(each, seen_by, house, sights)
    ]  # fmt: skip
    newest = sorted(found, key=lambda line: (line["at"], line["report"]), reverse=True)[:MOST]
    await house.audit.record(seen_by, "reports listed", sorted({line["patient"] for line in newest}))
    return json_response({"as_of": folded.now, "reports": newest})


@doors.post(PATH, who=WRITE, answers=shapes.Report, status_code=201)
async def begin(wanted: NewReport, seen_by: SeenBy, house: House) -> Response:
    """The first draft of a case's report: what the branch's template says of the study's measurements."""
    case = await case_seen(wanted.case, seen_by, house, "report begun")
    study = house.studies.placed[case.opened.study]
    measured = await measured_in(study, case.opened.baseline, house, StudySight(seen_by, house).sees)
    shown = await key_images.proposed(case.opened.study, await lesions_of(Look(study, house)), house)
    draft = sentences.saved(first_draft(case.opened.branch, measured)._replace(key_images=shown), measured)
    id = secrets.token_hex(8)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return steps.begin(house.reports, wanted.case, id, draft, now)

    await house.engine.record(decide, actor=seen_by.id)
    return json_response(whole(await opened(id, seen_by, house, "report read"), seen_by, house), status=201)


@doors.get(PATH + "/{id}", who=READ, answers=shapes.Report)
async def report(id: str, seen_by: SeenBy, house: House) -> Response:
    """One report: every sentence with what it rests on, and what is open before it can be signed."""
    return json_response(whole(await opened(id, seen_by, house, "report read"), seen_by, house))


@doors.put(PATH + "/{id}", who=WRITE, answers=shapes.Report)
async def save(id: str, wanted: Edited, seen_by: SeenBy, house: House) -> Response:
    """Save a version of the draft. Nothing is refused for what it says: that is said under each sentence, and before signing."""
    at = await opened(id, seen_by, house, "report saved", action=WRITE)
    draft = sentences.saved(await _edited(wanted, at, house), at.measured)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return steps.save(house.reports, id, wanted.version, draft, now)

    await house.engine.record(decide, actor=seen_by.id)
    return json_response(whole(at._replace(draft=draft), seen_by, house))


@doors.post(PATH + "/{id}/check", who=WRITE, answers=shapes.Checked)
async def check(id: str, wanted: Edited, seen_by: SeenBy, house: House) -> Response:
    """The same without saving: how the sentences read and what is open."""
    at = await opened(id, seen_by, house, "report checked", action=WRITE)
    return json_response(checked(await _edited(wanted, at, house), at.measured))


@doors.delete(PATH + "/{id}", who=WRITE, status_code=204)
async def drop(id: str, seen_by: SeenBy, house: House) -> None:
    """Drop a draft. The log keeps its versions; a signed report stays."""
    await opened(id, seen_by, house, "report dropped", action=WRITE)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return steps.drop(house.reports, id, now)

    await house.engine.record(decide, actor=seen_by.id)


@doors.post(PATH + "/{id}/sign", who=SIGN, answers=shapes.Report, fresh=True)
async def sign(id: str, wanted: Signing, seen_by: SeenBy, house: House) -> Response:
    """Answer for this version. It goes onto the chart, and out with its measurements as DICOM, to whoever gets reports."""
    at = await opened(id, seen_by, house, "report signed", action=SIGN)
    steps.need_draft(house.reports, id, wanted.version)
    need_measured(Look(house.studies.placed[at.case.opened.study], house))
    if found := open_items(at.draft, at.measured):
        raise Conflict(_refusal([each.message for each in found]))
    text = text_of(at.draft, at.measured)
    digest = steps.digest_of(id, 1, at.draft.title, text, at.draft)
    artefacts = () if wanted.without_objects else await _objects(at, seen_by, house)
    signed = ReportSigned(
        id, at.case.id, at.case.opened.study, 1, at.draft.title, text, digest, seen_by.name, critical=wanted.critical, artefacts=artefacts
    )

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        _need_as_read(at, seen_by, house)
        return steps.sign(house.reports, id, wanted.version, signed, now)

    await house.engine.record(decide, actor=seen_by.id)
    return json_response(whole(at, seen_by, house))


@doors.post(PATH + "/{id}/withdraw", who=SIGN, answers=shapes.Report, fresh=True)
async def withdraw(id: str, wanted: Withdrawing, seen_by: SeenBy, house: House) -> Response:
    """Take a signed report back. It is not valid from now on, here and wherever it was sent; what was signed stays in the past and in the trail."""
    at = await opened(id, seen_by, house, "report withdrawn", action=SIGN)
    steps.need_signed(house.reports, id)
    if not (reason := sentences.one_line(wanted.reason)):
        raise Refused("say why it is withdrawn", where="reason")

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return steps.withdraw(house.reports, id, reason, seen_by.name, misplaced=wanted.another_patient, now=now)

    await house.engine.record(decide, actor=seen_by.id)
    return json_response(whole(at, seen_by, house))


@doors.post(PATH + "/{id}/addendum", who=SIGN, answers=shapes.Report, fresh=True)
async def addendum(id: str, wanted: Addition, seen_by: SeenBy, house: House) -> Response:
    """Add to a signed report. What was signed stays as it is; the addendum stands below it under the name of whoever signs it."""
    at = await opened(id, seen_by, house, "report added to", action=SIGN)
    steps.need_signed(house.reports, id)
    sentence = Sentence("", _typed(wanted.text), _known_keys(wanted.keys, at))
    if found := [message for _, _, message in problems_of(sentence, at.measured.settled(at.draft.confirmed))]:
        raise Conflict(_refusal(found))
    editions = len(at.report.signatures)
    now = house.engine.house.now.astimezone(ZoneInfo(house.zone))
    said = sentences.rendered(sentence.text, at.measured)
    text = with_addendum(at.report.newest.signed.text, editions, said, f"{seen_by.name}, {now.strftime(DATE)}")
    before = at.report.newest.signed
    digest = steps.digest_of(id, editions + 1, before.title, text, None)
    signed = before._replace(
        version=editions + 1, text=text, digest=digest, author=seen_by.name, addendum=True, critical=wanted.critical, artefacts=()
    )

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        _need_as_read(at, seen_by, house)
        return steps.add(house.reports, id, editions, signed, now)

    await house.engine.record(decide, actor=seen_by.id)
    return json_response(whole(at, seen_by, house))


def _need_as_read(at: Opened, person: Person, house: Services) -> None:
    """Raise `Conflict` where the study was found to be somebody else's, or its lesions were drawn anew, while this was written to be signed."""
    need_theirs(at.case, person, house)
    look = Look(house.studies.placed[at.case.opened.study], house)
    need_measured(look)
    if look.basis != at.basis:
        raise Conflict("what was measured has changed meanwhile; read it again, then sign")


async def _edited(wanted: Edited, at: Opened, house: Services) -> Draft:
    """The draft as it was sent. Raises `Refused` for a section, lesion or image there is none of."""
    given = [
        Section(section.id, tuple(Sentence(each.id, _typed(each.text), _known_keys(each.keys, at)) for each in section.sentences))
        for section in wanted.sections
    ]
    shown = at.draft.key_images
    if wanted.key_images is not None:
        shown = await key_images.need_instances(at.case.opened.study, wanted.key_images, house)
    draft = at.draft._replace(confirmed=_known_keys(wanted.confirmed, at), key_images=shown)
    return sentences.with_sections(draft, given, template(draft.branch).sections)


def _typed(text: str) -> str:
    if not (typed := sentences.one_line(text)):
        raise Refused("a sentence has words", where="text")
    return typed


def _known_keys(keys: list[str], at: Opened) -> tuple[str, ...]:
    if unknown := [key for key in keys if key not in at.measured.lesions]:
        raise Refused(f"this study has no lesion {unknown[0]}", where="keys")
    return tuple(dict.fromkeys(keys))


def _refusal(messages: list[str]) -> str:
    count = len(messages)
    return f"{count} item{'s' if count > 1 else ''} open, the first: {messages[0]}"


async def _objects(at: Opened, person: Person, house: Services) -> tuple[tuple[str, str, str], ...]:
    """Segmentation, measurements and key images as DICOM. Raises `Conflict` where they cannot be written."""
    study = house.studies.placed[at.case.opened.study]
    look = Look(study, house)
    answered, lesions = look.answer(MASKS), await lesions_of(look)
    mask = answered.artefacts.get("mask", ("", ""))[1] if answered is not None and lesions else ""
    made_by = f"{MASKS} {house.capabilities[MASKS].version}" if mask and MASKS in house.capabilities else ""
    if not mask and not at.draft.key_images:
        return ()
    try:
        return await house.reporting.objects(
            study.imaged.study, at=house.engine.house.now, author=person.name, made_by=made_by, mask=mask, lesions=_plain(lesions),
            key_images=at.draft.key_images,
        )  # fmt: skip
    except Refused as refused:
        why = f"the measurements cannot be written as DICOM objects ({refused})"
        raise Conflict(f"{why}; sign `without_objects` if the report shall go without") from None


def _plain(lesions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: each.get(name) for name in ("key", "site", "series", "position", "radius_mm", "label", "values")} for each in lesions]
