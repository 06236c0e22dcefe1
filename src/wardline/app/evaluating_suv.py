"""`wardline evaluate suv`: uptake values of PET beside the truth of reference objects, a published volume, and series of our own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from wardline.app.imaging.suv_agreement import (
    CLINICAL_AIM,
    EXPECTED,
    SET_OF,
    VARIANT_AIM,
    Clinical,
    Maker,
    Object,
    Tried,
    against_published,
    makers,
    reference_objects,
    tried,
)
from wardline.app.imaging.suv_variants import VARIANTS


def run(reference: Path, out: Path) -> str:
    """Write the page and say what came out."""
    objects, clinical, variants = list(reference_objects(reference)), against_published(reference), [tried(each) for each in VARIANTS]
    summary = _summary(objects, clinical, variants)
    head = HEAD.format(day=datetime.now(UTC).date().isoformat(), summary=summary, present=_present(objects))
    parts = (head, _objects_table(objects), _clinical_text(clinical), _makers_table(list(makers(reference))), _variants_table(variants))
    (out / "suv.md").write_text("\n".join(parts), encoding="utf-8")
    return summary


def _summary(objects: Sequence[Object], clinical: Clinical, variants: Sequence[Tried]) -> str:
    agreed, right = sum(each.agrees for each in objects), sum(each.agrees for each in variants)
    return (
        f"{agreed} of {len(objects)} reference objects agree; the clinical series is at most {clinical.furthest:.4f} SUV away from the published "
        f"volume; {right} of {len(variants)} variants are as they must be"
    )


HEAD: Final = """# Agreement of SUV

Written by `wardline evaluate suv` on {day}. {summary}.

The rules are those of the SUV manual of the Image Biomarker Standardisation Initiative (OncoRay, CC BY 4.0). All values are SUV by body weight.

## Digital reference objects

Each object writes the same uptake in another way; least, median and highest value inside the mask that comes with it. Agreement is to two decimals.
DRO_2_3, where present, must give what its published file holds: its integers are truncated. {present}
"""


def _present(objects: Sequence[Object]) -> str:
    return f"Of the set's {SET_OF} objects {len(objects)} are among the reference data; the others are not measured here."


def _objects_table(objects: Sequence[Object]) -> str:
    lines = ["| object | what it tries | expected | found | agrees |", "| --- | --- | --- | --- | --- |"]
    for each in objects:
        expected = " / ".join(f"{value:.2f}" if each.expected is EXPECTED else f"{value:.3f}" for value in each.expected)
        found = " / ".join(f"{value:.4f}" for value in each.found) if each.found else f"refused: {each.refused}"
        lines.append(f"| {each.name} | {each.about} | {expected} | {found} | {_yes(each.agrees)} |")
    return "\n".join(lines) + "\n"


def _clinical_text(clinical: Clinical) -> str:
    told = "".join(f"\nTold beside it: {each}.\n" for each in clinical.warnings)
    met = "met" if clinical.furthest <= CLINICAL_AIM else "missed"
    return (
        f"## A patient's series\n\nA GE series of {clinical.slices} slices with {clinical.slopes} different slopes (soft tissue sarcoma collection, "
        f"CC BY 3.0) beside the SUV volume that the validation set publishes of it: {clinical.voxels:,} voxels, highest {clinical.highest:.2f}; the "
        f"furthest voxel is {clinical.furthest:.5f} SUV away (aim {CLINICAL_AIM}, {met}).\n{told}"
    )


MAKERS_HEAD: Final = """## Headers of real scanners

Sets of headers without pixels (test data of cornerstonejs/calculate-suv, MIT). Philips writes two factors of its own, to SUV and to Bq/ml; their
ratio is the scanner's own SUV of one Bq/ml, ours is worked out from dose, times and weight without them. The factors have three to seven digits.

| headers | our SUV of one Bq/ml (or count) | the maker's own | apart | told beside it |
| --- | --- | --- | --- | --- |"""


def _makers_table(makers: Sequence[Maker]) -> str:
    lines = [MAKERS_HEAD]
    for each in makers:
        ours = "refused" if each.factor is None else f"{each.factor:.6g}"
        own, apart = ("", "") if each.own is None or each.factor is None else (f"{each.own:.6g}", f"{abs(each.factor / each.own - 1):.3%}")
        lines.append(f"| {each.name} | {ours} | {own} | {apart} | {each.said} |")
    return "\n".join(lines) + "\n"


VARIANTS_HEAD: Final = f"""## Our own variants

Series of known uptake made by physics (activity at injection, decay, mean over the frame), written as scanners write them or get them wrong.
Right is an SUV within {VARIANT_AIM:.1%} in every voxel (they are stored in 16 bits), or a refusal that names the tag at fault.

| variant | right answer | came out | right |
| --- | --- | --- | --- |"""


def _variants_table(variants: Sequence[Tried]) -> str:
    lines = [VARIANTS_HEAD]
    for each in variants:
        right = f"refuse: {each.variant.refused}" if each.variant.refused else ("SUV, with a note" if each.variant.told else "SUV")
        came = f"refused: {each.said}" if each.off is None else f"off by {each.off:.3%}" + (f"; note: {each.said}" if each.said else "")
        lines.append(f"| {each.variant.name} | {right} | {came} | {_yes(each.agrees)} |")
    return "\n".join(lines) + "\n"


def _yes(agrees: bool) -> str:
    return "yes" if agrees else "NO"
