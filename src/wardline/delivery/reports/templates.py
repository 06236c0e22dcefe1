"""What each branch's report consists of: its sections, what must be known before the images, and the first draft.

The order of sections and the lists are this house's, after what radiology reports usually hold; they state no limits.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.delivery.reports.measured import BASELINE, LESIONS, LIVER, RESPONSE, STUDY, Measurements
from wardline.delivery.reports.sentences import Draft, Section, Sentence

Writer = Callable[[Measurements], Iterator[Sentence]]
UPTAKE: Final = (("sul_peak", "SULpeak"), ("suv_peak", "SUVpeak"), ("suv_max", "SUVmax"))
"""The first that was measured is what a sentence is about."""


class Item(NamedTuple):
    """One thing to know before the images are read. `known_from` is where Wardline looks for it: "" where only a person can say."""

    id: str
    title: str
    needed: bool = False
    known_from: str = ""


class Heading(NamedTuple):
    """One section. A needed one cannot be empty when the report is signed."""

    title: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """How a branch reports."""

    title: str
    checklist: tuple[Item, ...]
    sections: Mapping[str, Heading]
    writes: Mapping[str, Writer]


def template(branch: str) -> Template:
    """Raises `Refused` for a branch there is none of."""
    if branch not in TEMPLATES:
        raise Refused(f"there is no report template {branch!r}; there are {', '.join(TEMPLATES)}", where="branch")
    return TEMPLATES[branch]


def first_draft(branch: str, measurements: Measurements) -> Draft:
    """What the measurements alone say. Everything else is for the reader to write."""
    of = template(branch)
    return Draft(branch, of.title, tuple(
        Section(id, tuple(of.writes[id](measurements)) if id in of.writes else ()) for id in of.sections
    ))  # fmt: skip


# --- what is written from measurements ---


def _technique(m: Measurements) -> Iterator[Sentence]:
    if m.get(STUDY, "uptake_minutes"):
        yield Sentence("", "Uptake time {study.uptake_minutes}.")
    if m.get(LIVER, "suv_mean"):
        yield Sentence("", "Liver SUVmean {liver.suv_mean}, standard deviation {liver.suv_sd}.")
    if m.get(STUDY, "outlined_by"):
        yield Sentence("", "Lesions outlined by {study.outlined_by}.")


def _comparison(m: Measurements) -> Iterator[Sentence]:
    if m.get(BASELINE, "date"):
        yield Sentence("", "Compared with the study of {baseline.date}.")
    else:
        yield Sentence("", "No earlier study for comparison.")


def _lesions(m: Measurements) -> Iterator[Sentence]:
    for lesion in m.lesions.values():
        yield Sentence("", _about(lesion.key, m), (lesion.key,))
    if m.is_compared and not m.new and m.lesions:
        yield Sentence("", "No new lesion.")
    for key in m.faded:
        left = (
            f": SULpeak {{{key}.sul_peak}}, was {{{key}.sul_peak.prior}} ({{{key}.sul_peak.change}})"
            if m.rows[key, "sul_peak"].change is not None
            else ""
        )
        yield Sentence("", f"{{{key}.key}} of the earlier study is too faint for a candidate now{left}.")
    if not m.lesions and m.get(LESIONS, "count") and m.get(STUDY, "uptake_minutes"):
        yield Sentence("", "The automatic search proposes no lesion.")


def _about(key: str, m: Measurements) -> str:
    lesion = m.lesions[key]
    place = f"{{{key}.site}}" if m.rows[key, "site"].value else "Lesion"
    id, name = next(((id, name) for id, name in UPTAKE if (row := m.get(key, id)) is not None and row.value is not None), ("", ""))
    row = m.get(key, id)
    uptake = f", {name} {{{key}.{id}}}" if row else ""
    course = f", was {{{key}.{id}.prior}} ({{{key}.{id}.change}})" if row and row.prior is not None else ""
    volume = f"; volume {{{key}.mtv}}" if (mtv := m.get(key, "mtv")) is not None and mtv.value is not None else ""
    return f"{'Without a match in the earlier study: ' if m.is_compared and not lesion.prior else ''}{place} ({key}){uptake}{course}{volume}."


def _response(m: Measurements) -> Iterator[Sentence]:
    if m.get(RESPONSE, "category"):
        yield Sentence("", "{response.category} by {response.name}.")


def _lungs(m: Measurements) -> Iterator[Sentence]:
    if m.get("lungs", "value"):
        sides = [f"{side} {{lungs.{side}_lung}}" for side in ("right", "left") if m.get("lungs", f"{side}_lung")]
        yield Sentence("", f"Air-filled lung volume {{lungs.value}}{': ' if sides else ''}{', '.join(sides)}.")
    yield from _lesions(m)


# --- the branches ---

_QUESTION: Final = Item("question", "Clinical question", True, "case")
_PRIORS: Final = Item("priors", "Earlier studies for comparison", False, "studies")
_PREGNANCY: Final = Item("pregnancy", "Pregnancy asked about", True, "chart")
_CONTRAST: Final = Item("contrast", "Contrast agent given, and how it was borne", False)
_CREATININE: Final = Item("creatinine", "Creatinine before contrast agent", False, "chart")
_ALLERGIES: Final = Item("allergies", "Allergies asked about", True, "chart")
_ENDS: Final = {"findings": Heading("Findings", True), "impression": Heading("Impression", True)}
_BEGINS: Final = {"technique": Heading("Technique"), "comparison": Heading("Comparison", True)}

TEMPLATES: Final[dict[str, Template]] = {
    "oncology": Template(
        "PET/CT report",
        (
            _QUESTION, Item("diagnosis", "Diagnosis and treatment so far", True, "chart"), Item("weight", "Weight", True, "chart"),
            Item("height", "Height", True, "chart"), Item("glucose", "Glucose before the injection", True, "chart"),
            Item("uptake_time", "Time from injection to scan", True, "study"), _PREGNANCY, _ALLERGIES, _CONTRAST, _PRIORS,
        ),
        {**_BEGINS, **_ENDS}, {"technique": _technique, "comparison": _comparison, "findings": _lesions, "impression": _response},
    ),
    "pulmonology": Template(
        "Chest CT report",
        (_QUESTION, Item("smoking", "Smoking"), _PREGNANCY, _ALLERGIES, _CREATININE, _CONTRAST, _PRIORS),
        {
            **_BEGINS, "findings": Heading("Lungs and airways", True), "pleura": Heading("Pleura"),
            "mediastinum": Heading("Mediastinum and hila", True),
            "chest_wall": Heading("Chest wall and upper abdomen"), "impression": Heading("Impression", True),
        },
        {"comparison": _comparison, "findings": _lungs, "impression": _response},
    ),
    "cardiology": Template(
        "Heart imaging report",
        (_QUESTION, Item("rhythm", "Rhythm and rate during the scan"), Item("weight", "Weight", False, "chart"),
         Item("height", "Height", False, "chart"), _PREGNANCY, _ALLERGIES, _CREATININE, _CONTRAST, _PRIORS),
        {
            **_BEGINS, "findings": Heading("Chambers and valves", True), "vessels": Heading("Coronary arteries and great vessels"),
            "beyond": Heading("Findings beyond the heart", True), "impression": Heading("Impression", True),
        },
        {"comparison": _comparison, "findings": _lesions},
    ),
    "neurology": Template(
        "Brain imaging report",
        (_QUESTION, Item("onset", "Onset of symptoms, or last seen well"), Item("anticoagulants", "Anticoagulants"),
         _PREGNANCY, _ALLERGIES, _CREATININE, _CONTRAST, _PRIORS),
        {
            **_BEGINS, "findings": Heading("Brain", True), "csf_spaces": Heading("Ventricles and cisterns", True), "vessels": Heading("Vessels"),
            "skull": Heading("Skull and sinuses"), "impression": Heading("Impression", True),
        },
        {"comparison": _comparison, "findings": _lesions},
    ),
    "general": Template(
        "Imaging report", (_QUESTION, _PREGNANCY, _ALLERGIES, _CONTRAST, _PRIORS), {**_BEGINS, **_ENDS},
        {"comparison": _comparison, "findings": _lesions, "impression": _response},
    ),
}  # fmt: skip
