"""Outlines that a person has changed: what became of each lesion, and who has drawn it now.

The numbers of a map are compared before and after. Nothing goes or comes unsaid: a lesion without a voxel must be named as none, a number
that was not there before as a new lesion, so that a slip of the brush is not taken for a judgement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Drawing, Label, LabelMap, Outlined

# SNOMED CT as DICOM PS3.16 uses it: morphologically abnormal structure, lesion.
ALTERED: Final = Coding("49755003", "snomed")
LESION: Final = Coding("52988006", "snomed")


def edited(
    before: LabelMap, lesions: Sequence[Outlined], after: NDArray[Any], *, new: Mapping[int, str], removed: Sequence[str], by: str, last_key: int
) -> Drawing:
    """`new`: number in the map -> site in words; `last_key`: the highest number a lesion of the study was ever called by. Raises `Refused`."""
    differing = before.array != after
    if not differing.any():
        raise Refused("nothing was changed: these are the outlines that are stored", code="unchanged")
    present = {int(each) for each in np.flatnonzero(np.bincount(after.ravel())) if each}
    known = {each.number for each in before.labels}
    _check_new(set(new), present, known)
    _check_gone({each.key for each in lesions}, {each.key for each in lesions if each.label not in present}, set(removed))
    touched = {int(each) for each in (*np.unique(before.array[differing]), *np.unique(after[differing]))}
    kept = [each._replace(how=_how(each.how, each.label in touched)) for each in lesions if each.label in present]
    drawn = [Outlined(f"L{place}", number, new[number], "drawn") for place, number in enumerate(sorted(new), last_key + 1)]
    labels = (*(_relabelled(each, kept, touched) for each in before.labels if each.number in present), *map(_label, drawn))
    mask = replace(before, array=after, labels=labels, made_by=by, automatic=False, notes=(), began_as=before.began_as or before.made_by)
    return Drawing(mask, (*kept, *drawn))


def _check_new(new: set[int], present: set[int], known: set[int]) -> None:
    if unknown := sorted(present - known - new):
        raise Refused(f"voxels are numbered {unknown[0]}, which is no lesion of this study and is not among the new ones", code="unknown-label")
    if taken := sorted(new & known | {each for each in new if each < 1}):
        raise Refused(f"{taken[0]} is no free number for a new lesion; take one that the outlines do not have yet", code="taken-label")
    if empty := sorted(new - present):
        raise Refused(f"the new lesion {empty[0]} has no voxel", code="empty")


def _check_gone(keys: set[str], gone: set[str], removed: set[str]) -> None:
    if unknown := sorted(removed - keys):
        raise Refused(f"this study has no lesion {unknown[0]} that could be removed", code="unknown-lesion")
    if there := sorted(removed - gone):
        raise Refused(f"{there[0]} is to be removed and still has voxels", code="not-empty")
    if unsaid := sorted(gone - removed):
        raise Refused(f"{unsaid[0]} has no voxel left; say that it is to be removed, or leave it some", code="empty")


def _how(before: str, is_touched: bool) -> str:
    if not is_touched or before == "drawn":
        return before or "automatic"
    return "changed"


def _relabelled(label: Label, lesions: Sequence[Outlined], touched: set[int]) -> Label:
    how = next((each.how for each in lesions if each.label == label.number), _how(label.how, label.number in touched))
    return label._replace(how=how)


def _label(lesion: Outlined) -> Label:
    return Label(lesion.label, ", ".join(filter(None, (lesion.key, lesion.site))), ALTERED, LESION, how=lesion.how)
