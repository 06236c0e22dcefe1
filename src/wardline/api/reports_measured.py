"""What a report on a study may speak of: gathered from every answer about it, the study it is compared with among them."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from wardline.api import studies_shown as shown
from wardline.api.drawings_shown import marks_to_report, outlined_by
from wardline.api.services import Services
from wardline.delivery.reports.measured import STUDY, Measured, Measurements, measurements
from wardline.delivery.worklists.studies import Answered, Study

LESIONS, RESPONSE = "pet_lesions", "percist"
_SHOWN_OTHERWISE: Final = frozenset({LESIONS, RESPONSE, "suv", "image_quality", "lesion_radiomics"})
"""Answers whose numbers are in the lesions' rows, or are nothing a report speaks of."""


async def measured_in(study: Study, baseline: str, house: Services, sees: Callable[[str], bool]) -> Measurements:
    """`baseline` is the study the case is compared with, "" for none; where lesions were paired, it is the one they were paired with.

    `sees` says of a study whether it exists for whoever asks: nothing is compared with one that is kept from them.
    """
    look = shown.Look(study, house)
    lesions, matches, response, liver, scan = await asyncio.gather(
        shown.lesions_of(look), look.artefact(RESPONSE, "matches"), look.artefact(RESPONSE, "response"),
        look.artefact(LESIONS, "liver"), look.artefact(LESIONS, "scan"),
    )  # fmt: skip
    if not all(sees(each) for each in await shown.compared_with(look)):
        lesions, matches, response = shown.alone(lesions), None, None
    paired_with = next((each["prior"]["study"] for each in matches or () if each.get("prior")), baseline)
    before = house.studies.placed.get(paired_with) if sees(paired_with) else None
    zone = ZoneInfo(house.zone)
    return measurements(
        lesions, matches=matches, response=response, liver=liver, uptake_minutes=(scan or {}).get("uptake_minutes"),
        begun_at=_local(study, zone), baseline_at=_local(before, zone) if before else None, answers=(*_others(look), *_by_hand(look)),
    )  # fmt: skip


def baseline_of(study: Study, house: Services) -> str:
    """The patient's newest earlier study that shares a modality with this one; "" where there is none."""
    records = set(house.engine.house.links.records(house.engine.house.survivor(study.about)))
    modalities = set(study.imaged.modalities)
    return next((each.imaged.study for each in house.studies.before(study.imaged.study, records) if modalities & set(each.imaged.modalities)), "")


def _local(study: Study, zone: ZoneInfo) -> datetime:
    return study.begun_at.astimezone(zone)


def _others(look: shown.Look) -> Iterator[Measured]:
    """Every other number that was answered about the study: {lungs.value}, {lungs.right_lung}."""
    for (capability, part), answered in sorted(look.answers.items()):
        if part or capability in _SHOWN_OTHERWISE or answered.outcome != "finding":
            continue
        known = look.house.capabilities.get(capability)
        title = known.title if known is not None else capability
        if isinstance(answered.value, int | float):
            yield Measured(capability, "value", title, float(answered.value), answered.unit)
        yield from _parts(capability, title, answered)


def _parts(capability: str, title: str, answered: Answered) -> Iterator[Measured]:
    for name, value, _, unit, _ in answered.because:
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield Measured(capability, slug(str(name)), f"{title}: {name}", float(value), str(unit))


def _by_hand(look: shown.Look) -> Iterator[Measured]:
    """Who has outlined the lesions, and what people have measured: {study.outlined_by}, {M1.length}."""
    if who := outlined_by(look):
        yield Measured(STUDY, "outlined_by", "Lesions outlined by", who)
    for key, label, (id, name, value, unit, why) in marks_to_report(look):
        yield Measured(key, id, f"{name} ({label})" if label else name, value, unit, why)


def slug(name: str) -> str:
    """ "right lung" as a name in a placeholder: right_lung."""
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def row(measured: Measured) -> dict[str, Any]:
    """One line of the table a report's writer picks from."""
    value = measured.value
    return {
        "key": measured.key, "id": measured.id, "name": measured.name, "value": value, "unit": measured.unit, "why": measured.why,
        "shown": measured.shown(), "prior": measured.shown("prior"), "change": measured.shown("change"), "placeholder": measured.placeholder,
    }  # fmt: skip
