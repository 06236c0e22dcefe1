"""One study capability on one stored study, in a worker: read what it needs, ask it, keep what is too large for the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from wardline.core.assessment import Assessed, Gathered, answer, found
from wardline.core.capability import Capability
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Found
from wardline.core.findings import Artefact, Finding, Outcome, Unknown
from wardline.core.images import Images
from wardline.core.imaging import Drawing, LabelMap, Outlined, Result
from wardline.core.models import Opening

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer given before, by the digests of what was kept of it."""

    capability: str
    study: str
    at: datetime
    value: float | int | str | None
    severity: int
    artefacts: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Task:
    """What the clinical process knows and the worker does not."""

    study: str
    capability: str
    gathered: Gathered
    population: str
    findings: Mapping[str, Kept] = field(default_factory=dict)
    """This study's answers that the capability needs, by its inputs' names; and those about the study before."""
    drawn: tuple[str, tuple[Outlined, ...]] | None = None
    """Digest of the mask that a person has made of this answer's, and the lesions in it."""
    as_dicom: datetime | None = None
    """Where archives want this answer: the moment that its DICOM objects are dated with, in the house's zone."""


def analyse(data: Path, task: Task) -> list[Found]:
    """Every answer of the capability about the study, as events to be recorded. Raises `NotFound` for a study that is gone."""
    from wardline.app.imaging.objects import with_objects
    from wardline.app.imaging.opening import images_in

    capability = _capability(task.capability)
    with images_in(data) as images:
        try:
            models = _models(capability, data)
            gathered = _complete(capability, task, images, models)
        except Refused as refused:  # images or a model that do not let themselves be read: that is an answer, with its reason
            return [_said(capability, task, Unknown(reason=refused.reason), images)]
        outcomes = answer(capability, gathered)
        said = [_said(capability, task, outcome, images, models.opened if models is not None else ()) for outcome in outcomes]
        return said if task.as_dicom is None else [with_objects(images, each, task.study, task.as_dicom) for each in said]


@lru_cache(maxsize=64)
def _capability(id: str) -> Capability:
    from wardline.app.discovery import discover

    for each in discover().capabilities:
        if each.id == id:
            return each
    raise NotFound(f"there is no capability {id!r}")


def _models(capability: Capability, data: Path) -> Opening | None:
    """Opened anew for every study: a file that was changed since the last one is noticed, and one that was replaced is used."""
    if not capability.asks_models:
        return None
    from wardline.app.imaging.site_models import models_in

    return Opening(models_in(data))


def _complete(capability: Capability, task: Task, images: Images, models: Opening | None) -> Gathered:
    from wardline.app.imaging.stacks import best_volume, stacks_of

    study = images.study(task.study)
    if study is None:
        raise NotFound("this study is not in the store (any more)")
    values, missing = dict(task.gathered.values), []
    for name, need in capability.needs:
        match need.kind:
            case "volume":
                values[name] = best_volume(images, study, need.modalities)
            case "stacks":
                values[name] = stacks_of(images, study, need.modalities) or None
            case "finding" | "earlier":
                values[name] = _result(task.findings.get(name), images)
            case "drawn":
                values[name] = _drawing(task, images)
            case "model":
                values[name] = models.model(need.name) if models is not None else None
            case "models":
                values[name] = models
            case _:
                pass
        if values[name] is None and need.required and need.default is None:
            missing.append(name)
    return Gathered(values, task.gathered.events, tuple(missing), None)


def _result(kept: Kept | None, images: Images) -> Result | None:
    if kept is None:
        return None
    artefacts = {name: read(media_type, images.kept(kept.study, digest)) for name, (media_type, digest) in kept.artefacts.items()}
    return Result(kept.capability, kept.study, kept.at, kept.value, kept.severity, artefacts)


def _drawing(task: Task, images: Images) -> Drawing | None:
    from wardline.formats import labelmaps

    if task.drawn is None:
        return None
    digest, lesions = task.drawn
    return Drawing(labelmaps.unpacked(images.kept(task.study, digest)), lesions)


def read(media_type: str, content: bytes) -> Any:
    """What was kept, as the value it was."""
    import msgspec

    from wardline.formats import labelmaps

    if media_type == labelmaps.MEDIA_TYPE:
        return labelmaps.unpacked(content)
    return msgspec.json.decode(content) if media_type == JSON else content


def _said(capability: Capability, task: Task, outcome: Outcome, images: Images, models: tuple[tuple[str, str], ...] = ()) -> Found:
    kept = tuple(_keep(each, task.study, images) for each in (outcome.artefacts if isinstance(outcome, Finding) else ()))
    said = found(capability, Assessed(outcome, task.population, None, task.gathered.events, models))
    return said._replace(key=f"{task.study}/{said.key}" if said.key else task.study, artefacts=kept)


def _keep(artefact: Artefact, study: str, images: Images) -> tuple[str, str, str]:
    """Stored before the event that names it."""
    import msgspec

    from wardline.formats import labelmaps

    match artefact.content:
        case LabelMap() as labels:
            media_type, content = labelmaps.MEDIA_TYPE, labelmaps.packed(labels)
        case bytes() as content:
            media_type = "application/dicom"
        case plain:
            media_type, content = JSON, msgspec.json.encode(plain, order="deterministic")
    return artefact.name, media_type, images.keep(study, content)
