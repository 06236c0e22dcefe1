"""A study as the screens and other programs are shown it: who, what, how good, what was measured, and what it was compared with."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from wardline.api.services import Services
from wardline.core.errors import NotFound
from wardline.core.images import StudyRecord
from wardline.delivery.worklists.studies import Answered, Study
from wardline.formats import labelmaps

MASK: Final = "mask"
COMPARING: Final = "percist"
"""Whose answer is about two studies."""
NOBODY: Final = {"name": "", "number": "", "born": "", "sex": ""}


def line_of(study: Study, house: Services) -> dict[str, Any]:
    """One line of the list."""
    imaged, person = study.imaged, house.engine.house.survivor(study.about)
    entry = house.engine.house.directory.get(person)
    quality = house.studies.answer(imaged.study, "image_quality")
    known = quality is not None and quality.outcome == "finding"
    return {
        "uid": imaged.study, "patient": person,
        **({"name": entry.name, "number": entry.number, "born": entry.born, "sex": entry.sex} if entry is not None else NOBODY),
        "accession": imaged.accession, "description": imaged.description, "modalities": list(imaged.modalities), "started_at": study.begun_at,
        "state": "receiving" if imaged.state != "complete" else "analysed" if quality is not None else "complete", "reason": "",
        "instances": imaged.instances,
        "quality": {"verdict": "accept" if _accepted(quality) else "repeat", "score": quality.value} if known and quality is not None else None,
    }  # fmt: skip


def waiting_line(record: StudyRecord, why: str) -> dict[str, Any]:
    """A study that nobody has placed, under the name its sender gave it."""
    return {
        "uid": record.uid, "patient": None, "name": plain_name(record.name),
        "number": record.patient_id, "born": record.birth_date, "sex": record.sex, "accession": record.accession, "description": record.description,
        "modalities": sorted({each.modality for each in record.series}), "started_at": record.acquired_at or record.changed_at, "state": "unplaced",
        "reason": why, "instances": sum(len(each.instances) for each in record.series), "quality": None,
    }  # fmt: skip


def plain_name(name: str) -> str:
    """ "Moss^Ada^B" as "Moss, Ada B" (PS3.5 6.2.1): the alphabetic group, as a list shows it."""
    return name.partition("=")[0].replace("^", ", ", 1).replace("^", " ").strip(", ")


def _accepted(quality: Answered | None) -> bool:
    """By its words: what the verdict was is the answer's summary, whatever the limit was then."""
    return quality is not None and not quality.summary.startswith("Repeat")


class Look:
    """A study and every answer about it as they were at one moment: while one is read from the store, others may be answered anew."""

    def __init__(self, study: Study, house: Services) -> None:
        self.study, self.uid, self.house = study, study.imaged.study, house
        self.answers = dict(house.studies.answers(self.uid))
        self.drawn, self.marks = house.drawings.newest(self.uid), house.drawings.marks(self.uid)
        self.is_working = house.analysing.is_busy_with(self.uid)

    @property
    def basis(self) -> tuple[Any, ...]:
        """What a report's numbers rest on: the same as long as nothing was found, drawn or measured otherwise."""
        found = {id: (each.outcome, each.value, each.because, each.artefacts) for (id, part), each in self.answers.items() if not part}
        return found, self.drawn.event if self.drawn is not None else 0, [each.marked for each in self.marks]

    def answer(self, capability: str) -> Answered | None:
        return self.answers.get((capability, ""))

    async def artefact(self, capability: str, name: str) -> Any:
        """What an answer kept under this name, read; None where it kept none."""
        answered = self.answer(capability)
        if answered is None or name not in answered.artefacts:
            return None
        import msgspec

        _, digest = answered.artefacts[name]
        return msgspec.json.decode(await asyncio.to_thread(self.house.images.kept, self.uid, digest))


async def quality_of(look: Look) -> dict[str, Any] | None:
    answered, told = look.answer("image_quality"), await look.artefact("image_quality", "quality")
    if told is None or answered is None:
        return None
    worst_first = sorted(told["series"], key=lambda each: float(each["score"]))
    several = len(worst_first) > 1
    checks = [
        {**check, "name": f"{series['modality']}: {check['name']}" if several else check["name"]}
        for series in worst_first
        for check in sorted(series["checks"], key=lambda each: each["ok"] is not False)
    ]
    return {"verdict": told["verdict"], "score": told["score"], "checked_at": answered.at, "checks": checks, "series": told["series"]}


async def suv_of(look: Look) -> tuple[list[dict[str, Any]], str]:
    """The factors of each PET series, or why there are none."""
    answered, told = look.answer("suv"), await look.artefact("suv", "suv")
    return (told["series"] if told is not None else []), (answered.reason if answered is not None else "")


async def masks_of(look: Look) -> list[dict[str, Any]]:
    """Every mask there is of the study."""
    found = []
    for (capability, _), answered in sorted(look.answers.items()):
        if MASK in answered.artefacts:
            _, digest = answered.artefacts[MASK]
            head = labelmaps.header(await asyncio.to_thread(look.house.images.kept, look.uid, digest))
            found.append({
                "id": digest, "series": head["series"], "capability": capability, "made_by": head["made_by"], "automatic": head["automatic"],
                "made_at": answered.at, "notes": head["notes"],
                "labels": [{"number": each[0], "name": each[1], "how": _how(each, head)} for each in head["labels"]],
                "shape": head["shape"], "spacing": head["spacing"], "origin": head["origin"], "directions": head["directions"],
            })  # fmt: skip
    return found


def _how(label: list[Any], head: Mapping[str, Any]) -> str:
    """Who has outlined one structure; maps of before this was kept say it of all theirs."""
    return (label[5] if len(label) > 5 else "") or ("automatic" if head["automatic"] else "drawn")


async def voxels(look: Look, digest: str) -> tuple[bytes, Mapping[str, Any]]:
    """A mask's voxels, one byte each, and its header. Raises `NotFound` for what is no mask of this study."""
    kept = {each.artefacts[MASK][1] for each in look.answers.values() if MASK in each.artefacts}
    if digest not in kept.union(look.house.drawings.masks(look.uid)):
        raise NotFound("this study has no such mask")
    content = await asyncio.to_thread(look.house.images.kept, look.uid, digest)
    return await asyncio.to_thread(labelmaps.voxels, content), labelmaps.header(content)


async def lesions_of(look: Look) -> list[dict[str, Any]]:
    """The lesions, each with the one it was matched with in the study before."""
    lesions = await look.artefact("pet_lesions", "lesions") or []
    matches = await look.artefact(COMPARING, "matches") or []
    by_key = {each["key"]: each for each in matches if each.get("key")}
    return [
        {**lesion, "prior": by_key.get(lesion["key"], {}).get("prior"), "change_percent": by_key.get(lesion["key"], {}).get("change_percent")}
        for lesion in lesions
    ]


async def compared_with(look: Look) -> set[str]:
    """Earlier studies whose values are in what is shown of this one."""
    matches = await look.artefact(COMPARING, "matches") or []
    return {each["prior"]["study"] for each in matches if each.get("prior")}


def alone(lesions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lesions without what they were before: for those from whom the study before is kept."""
    return [{**each, "prior": None, "change_percent": None} for each in lesions]


def answers_of(look: Look) -> list[dict[str, Any]]:
    """Every answer about the study, in one line each."""
    told, house = [], look.house
    for (id, part), each in sorted(look.answers.items()):
        capability = house.capabilities.get(id)
        if not part:
            told.append({
                "capability": id, "title": capability.title if capability is not None else id, "outcome": each.outcome, "value": each.value,
                "unit": each.unit, "summary": each.summary, "reason": each.reason,
                "standing": capability.standing if capability is not None else "provisional", "active": id in house.active_imaging, "at": each.at,
            })  # fmt: skip
    return told
