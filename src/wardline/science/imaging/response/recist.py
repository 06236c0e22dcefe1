"""RECIST 1.1: did the tumour shrink, stay or grow on CT or MR, by the sum of a few diameters?

Eisenhauer et al., Eur J Cancer 2009; 45:228 (citation not read). The numbers stand `verified`: two independent summaries agree (PMC2755245,
table 3; PMC3980664, table 2), and PMC5658474, table 2 for nodes below 10 mm. The table that joins targets, non-targets and new
lesions is recalled: `provisional`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

LESION_MM: Final = 10.0
"""A measurable lesion's longest diameter, at CT slices of at most 5 mm."""
NODE_MM: Final = 15.0
"""A target node's short axis."""
NORMAL_NODE_MM: Final = 10.0
"""Below this short axis a node is normal."""
MOST: Final = 5
MOST_PER_ORGAN: Final = 2
FALL: Final = 0.30
RISE: Final = 0.20
RISE_MM: Final = 5.0


class Response(StrEnum):
    """CR complete, PR partial, SD stable, PD progressive, NE not evaluable."""

    COMPLETE = "CR"
    PARTIAL = "PR"
    STABLE = "SD"
    PROGRESSIVE = "PD"
    NOT_EVALUABLE = "NE"


class NonTarget(StrEnum):
    """What became of the lesions that are not measured, as the reader judged."""

    COMPLETE = "CR"
    NEITHER = "non-CR/non-PD"
    PROGRESSIVE = "PD"
    NOT_EVALUATED = "NE"
    NONE = "none"


class Target(NamedTuple):
    """One target lesion now: longest diameter, or short axis of a node; None when it could not be measured, 0 when it is gone."""

    key: str
    organ: str
    diameter_mm: float | None
    is_node: bool = False


@dataclass(frozen=True, slots=True)
class Recist:
    """The answer at one time point."""

    target: Response
    overall: Response
    sum_mm: float | None
    from_baseline: float | None
    from_nadir: float | None
    because: tuple[str, ...]


def choosable(lesions: Sequence[Target]) -> tuple[str, ...]:
    """What speaks against these as targets at baseline; nothing when they are well chosen."""
    against = [
        f"{each.key}: {each.diameter_mm or 0:g} mm is below {NODE_MM if each.is_node else LESION_MM:g} mm"
        for each in lesions
        if (each.diameter_mm or 0.0) < (NODE_MM if each.is_node else LESION_MM)
    ]
    if len(lesions) > MOST:
        against.append(f"{len(lesions)} targets: at most {MOST}")
    against += [
        f"{count} targets in {organ}: at most {MOST_PER_ORGAN}" for organ, count in Counter(each.organ for each in lesions).items() if count > 2
    ]
    return tuple(against)


def sum_mm(targets: Sequence[Target]) -> float | None:
    """The sum of diameters; None when one could not be measured."""
    measured = [each.diameter_mm for each in targets if each.diameter_mm is not None]
    return sum(measured) if len(measured) == len(targets) else None


def recist(targets: Sequence[Target], *, baseline_mm: float, nadir_mm: float, non_target: NonTarget, new_lesion: bool) -> Recist:
    """The response now. `baseline_mm` and `nadir_mm` are the sums at baseline and the smallest so far (baseline included)."""
    total = sum_mm(targets)
    target, told = _target(targets, total, baseline_mm, nadir_mm)
    overall = _overall(target, non_target, new_lesion)
    because = [told]
    if new_lesion:
        because.append("a new lesion")
    if non_target is NonTarget.PROGRESSIVE:
        because.append("lesions that are not measured have grown unequivocally")
    from_baseline = None if total is None or baseline_mm <= 0 else total / baseline_mm - 1.0
    from_nadir = None if total is None or nadir_mm <= 0 else total / nadir_mm - 1.0
    return Recist(target, overall, total, from_baseline, from_nadir, tuple(because))


def _target(targets: Sequence[Target], total: float | None, baseline_mm: float, nadir_mm: float) -> tuple[Response, str]:
    if total is None:
        # What could be measured may already be enough growth: the missing ones can only add to it.
        least = sum(each.diameter_mm or 0.0 for each in targets)
        if _has_grown(least, nadir_mm):
            return Response.PROGRESSIVE, f"{least:g} mm in the measured lesions alone, smallest sum {nadir_mm:g} mm"
        return Response.NOT_EVALUABLE, "not every target could be measured"
    if all((each.diameter_mm or 0.0) < NORMAL_NODE_MM if each.is_node else not each.diameter_mm for each in targets):
        return Response.COMPLETE, "every target is gone, nodes below 10 mm"
    if _has_grown(total, nadir_mm):
        return Response.PROGRESSIVE, f"sum {total:g} mm, smallest before {nadir_mm:g} mm"
    if baseline_mm > 0 and total <= (1.0 - FALL) * baseline_mm + 1e-9:
        return Response.PARTIAL, f"sum {total:g} mm, at baseline {baseline_mm:g} mm"
    return Response.STABLE, f"sum {total:g} mm, at baseline {baseline_mm:g} mm, smallest {nadir_mm:g} mm"


def _has_grown(total: float, nadir_mm: float) -> bool:
    return total - nadir_mm >= RISE_MM - 1e-9 and total >= (1.0 + RISE) * nadir_mm - 1e-9


def _overall(target: Response, non_target: NonTarget, new_lesion: bool) -> Response:
    """Table 1 of the guideline, as recalled."""
    if new_lesion or target is Response.PROGRESSIVE or non_target is NonTarget.PROGRESSIVE:
        return Response.PROGRESSIVE
    if target is Response.COMPLETE:
        return Response.COMPLETE if non_target in (NonTarget.COMPLETE, NonTarget.NONE) else Response.PARTIAL
    return target
