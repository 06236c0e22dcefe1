"""The page docs/evaluation/segmentation.md: how well organs and lesions are outlined, and how to measure it again."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Final

from wardline.learning.evaluation.segmentation import (
    LESIONS,
    PEOPLE,
    SIZES,
    Detected,
    Networked,
    Outlined,
    Person,
    Segment,
    classical,
    labelled_ct,
    networked,
    people,
    radiographs,
    sarcomas,
)  # fmt: skip

PAGE: Final = "segmentation.md"
_HEAD: Final = f"""# Outlining organs and lesions

Written by `wardline evaluate segmentation`; run it again instead of editing the page.

Most of what follows was measured on **invented people** ({PEOPLE} whole-body PET/CT at 4 mm, up to {LESIONS} lesions each, with noise and partial
volume): their truth is exact and their anatomy simple. It shows that the methods do what they say, not how well they do in patients. The real
images at hand are few and are listed apart.

Dice is twice the shared volume over the sum of both; HD95 the larger 95th percentile of the surface distances; ASSD the average surface distance.
"""
_MEANING: Final = """## What this means

- On invented bodies, borders are sharp where real ones are not: expect less in patients, above all for diseased lungs.
- Nothing here was compared with a radiologist. A site measures on its own images before it activates anything; until then every finding is silent.
- A lesion below the threshold, or smaller than half a millilitre at it, is not found: partial volume hides small ones.
- A node at the root of the lung is surrounded by lung and is called lung: sites of nodes there are wrong more often than elsewhere.
- The lung fields of radiographs were tuned on the same four images; a trained network reaches 0.95 and more (Dice 0.972 and 0.985 are published
  for the network whose demonstration set this is).
- A sarcoma is not one level of uptake: a fixed threshold outlines its hot part only.
"""


def run(reference: Path, out: Path, segment: Segment, card: Mapping[str, str]) -> str:
    """Measure, write the page, and say what came out. `segment` runs the shipped network."""
    seen = [(classical(each), networked(each, segment)) for each in people()]
    persons, nets = [each for each, _ in seen], [each for _, each in seen]
    real, fields, tumours = labelled_ct(reference), radiographs(reference), sarcomas(reference)
    parts = (
        _HEAD, _organs(persons), _livers(persons), _lesions(persons), _network(nets, persons, card), _real(real, fields, tumours), _MEANING,
    )  # fmt: skip
    (out / PAGE).write_text("\n".join(parts), encoding="utf-8")
    found = [lesion.found for person in persons for lesion in person.lesions]
    return (
        f"segmentation: {sum(found)} of {len(found)} invented lesions, lungs of a real CT Dice {real[0].dice:.3f} and {real[1].dice:.3f}, "
        f"radiographs {mean(fields):.3f}"
    )


def _organs(persons: Sequence[Person]) -> str:
    by_name: dict[str, list[Outlined]] = {}
    for person in persons:
        for outline in person.outlines:
            by_name.setdefault(outline.name, []).append(outline)
    rows = "".join(_organ(name, outlines) for name, outlines in by_name.items())
    return f"## Organs in CT, invented people\n\n| | Dice, median (lowest) | HD95 mm, median | ASSD mm, median |\n|---|---|---|---|\n{rows}"


def _organ(name: str, outlines: Sequence[Outlined]) -> str:
    shared = [each.dice for each in outlines]
    far = [each.far for each in outlines if each.far]
    hd95, assd = (f"{median(values):.1f}" for values in ([each.hd95_mm for each in far], [each.assd_mm for each in far]))
    return f"| {name} | {median(shared):.3f} ({min(shared):.3f}) | {hd95} | {assd} |\n"


def _livers(persons: Sequence[Person]) -> str:
    placed = [person.liver for person in persons if person.liver]
    inside, ratio = [each[0] for each in placed], [each[1] for each in placed]
    return (
        f"## The liver as yardstick\n\nThe 3 cm sphere was placed in {len(placed)} of {len(persons)} people; the share of it in true liver was "
        f"{min(inside):.2f} at least, its mean {min(ratio):.3f} to {max(ratio):.3f} times the true uptake.\n"
    )


def _lesions(persons: Sequence[Person]) -> str:
    all_of_them = [lesion for person in persons for lesion in person.lesions]
    rows = "".join(_row(name, [each for each in all_of_them if low <= each.volume_ml < high]) for name, low, high in SIZES)
    rows += "".join(_row(f"in {site}", [each for each in all_of_them if each.site == site]) for site in ("lung", "node", "liver", "bone"))
    return (
        "## Hot spots on PET, invented people\n\nThreshold from the liver, watershed, normal uptake marked by place and size.\n\n"
        "| Lesions | found | taken for normal uptake | site named rightly | Dice of those found, median |\n|---|---|---|---|---|\n"
        f"{rows}{_row('**all**', all_of_them)}\n"
        f"False suspicions: {sum(each.false for each in persons)} in {len(persons)} people. Organs of normal uptake: "
        f"{sum(each.normal_marked for each in persons)} marked as such, {sum(each.normal_unmarked for each in persons)} called suspected lesions.\n"
    )


def _row(name: str, lesions: Sequence[Detected]) -> str:
    found = [each for each in lesions if each.found]
    rightly = sum(each.site in each.site_named for each in found)
    shared = f"{median(each.dice for each in found):.2f}" if found else "-"
    normal = sum(each.taken_for_normal for each in lesions)
    return f"| {name} | {len(found)} of {len(lesions)} | {normal} | {rightly} of {len(found)} | {shared} |\n"


def _network(nets: Sequence[Networked], persons: Sequence[Person], card: Mapping[str, str]) -> str:
    pairs = [pair for net in nets for pair in zip(net.volumes_ml, net.found, strict=True)]
    rows = "".join(f"| {name} | {_share(hit for volume, hit in pairs if low <= volume < high)} |\n" for name, low, high in SIZES)
    return (
        f"## The small network, the same people\n\n{card['title']}. {card['what']} {card['trained_on']} Not for: {card['not_for']}\n\n"
        f"Lungs: Dice {median(each.lung for each in nets):.3f} (median), {min(each.lung for each in nets):.3f} (lowest). All lesions of a person "
        f"together: Dice {median(each.lesion_dice for each in nets):.2f} (median). False spots: {sum(each.false for each in nets)} in {len(nets)} "
        f"people, organs of normal uptake counted.\n\n| Lesions | found |\n|---|---|\n{rows}| **all** | {_share(hit for _, hit in pairs)} |\n\n"
        f"Classical methods find {_share(each.found for person in persons for each in person.lesions)} of the same lesions.\n"
    )


def _share(hits: Iterable[bool]) -> str:
    each = list(hits)
    return f"{sum(each)} of {len(each)}"


def _real(ct: Sequence[Outlined], fields: Sequence[float], tumours: Sequence[tuple[str, float, int]]) -> str:
    table = "## Real images\n\n| What | Dice | HD95 mm | ASSD mm |\n|---|---|---|---|\n"
    table += "".join(_base(each) for each in ct)
    table += "".join(f"| Lung fields, chest radiograph {number} | {shared:.3f} | | |\n" for number, shared in enumerate(fields, start=1))
    table += "".join(
        f"| Sarcoma {name} on PET, SUV above 4.0, no CT ({count} spots) | {shared:.3f} | | |\n" for name, shared, count in tumours
    )  # fmt: skip
    return f"{table}\nLung fields, mean of four: Dice {mean(fields):.3f}.\n"


def _base(lung: Outlined) -> str:
    far = f"{lung.far.hd95_mm:.1f} | {lung.far.assd_mm:.2f}" if lung.far else "- | -"
    return f"| Base of the {lung.name}, one abdominal CT (TotalSegmentator's example, labelled by that program) | {lung.dice:.3f} | {far} |\n"
