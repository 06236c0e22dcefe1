"""C-FIND: which patients, studies, series or images there are (PS3.4 C.4.1). A peer that may ask sees the whole archive."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, Final

import msgspec

from wardline.core.images import ImageRow
from wardline.formats.dicom.matching import Attributes, met
from wardline.formats.dicom.queries import PATIENT_ID, Query
from wardline.formats.dicom.writing import data_set
from wardline.intake.dicom.association import Association
from wardline.intake.dicom.commands import SUCCESS, Command
from wardline.intake.dicom.services.asking import (
    CANCELLED,
    LEVEL,
    PENDING,
    PENDING_IN_PART,
    first,
    guarded,
    identifier,
    level_of,
    looked,
    query,
)

AT_ONCE: Final = 200
"""Answers that are noted in the trail together."""
RETRIEVE_FROM: Final = "00080054"
_ISSUER: Final = "00100021"
_STUDIES, _SERIES, _INSTANCES = "00201200", "00201202", "00201204"
"""Number of Patient Related Studies, Series, Instances."""


@guarded
def find(association: Association, context_id: int, command: Command, dataset: bytes) -> Iterator[tuple[Command, bytes | None]]:
    context = association.contexts[context_id]
    said = identifier(association, context_id, dataset)
    level = level_of(said, context.abstract_syntax)
    asked, is_partly = query(said, level)
    rows = _patients(association, asked) if level == "PATIENT" else _rows(association, asked)
    while batch := list(islice(rows, AT_ONCE)):
        looked(association, "find", {study for study, _ in batch})
        for _, row in batch:
            if association.is_cancelled(command["MessageID"]):
                yield {"Status": CANCELLED}, None
                return
            answer = _answer(row, said, level, association.agreement.ae_title)
            yield {"Status": PENDING_IN_PART if is_partly else PENDING}, data_set(answer, context.transfer_syntax)
    yield {"Status": SUCCESS}, None


def _rows(association: Association, asked: Query) -> Iterator[tuple[str, Attributes]]:
    """Each as its study and its attributes."""
    for row in association.images.find(asked.level, **asked.narrowed):
        attributes = asked.answer(row.attributes, partial(_header, association, row))
        if attributes is not None:
            yield row.study, attributes


def _header(association: Association, row: ImageRow) -> bytes:
    """What the image itself says; nothing where it has been forgotten meanwhile."""
    return next(iter(association.images.metadata(row.study, row.series, row.instance)), b"{}")


def _patients(association: Association, asked: Query) -> Iterator[tuple[str, Attributes]]:
    """Patients as their newest study names them, with the numbers of what there is of each."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    studies: dict[tuple[str, str], str] = {}
    counts: dict[tuple[str, str], list[int]] = {}
    for row in association.images.find("study", **asked.narrowed):
        attributes = msgspec.json.decode(row.attributes)
        if not met(asked.conditions, attributes):
            continue
        who = first(attributes, PATIENT_ID), first(attributes, _ISSUER)
        found.setdefault(who, {tag: element for tag, element in attributes.items() if tag.startswith("0010")})
        studies.setdefault(who, row.study)
        tally = counts.setdefault(who, [0, 0, 0])
        for place, number in enumerate((1, int(first(attributes, "00201206") or 0), int(first(attributes, "00201208") or 0))):
            tally[place] += number
    for who, attributes in found.items():
        numbers = zip((_STUDIES, _SERIES, _INSTANCES), counts[who], strict=True)
        yield studies[who], {**attributes, **{tag: {"vr": "IS", "Value": [number]} for tag, number in numbers}}


def _answer(row: Attributes, said: Attributes, level: str, title: str) -> dict[str, Any]:
    """The keys that were asked for, empty where there is nothing; the level, and where it can be fetched."""
    wanted = {tag: row.get(tag, {"vr": element["vr"]}) for tag, element in said.items() if tag[4:] != "0000"}
    return {**wanted, LEVEL: {"vr": "CS", "Value": [level]}, RETRIEVE_FROM: {"vr": "AE", "Value": [title]}}
