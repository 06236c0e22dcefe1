"""Network segmentation: what do the networks this site has chosen outline on these images, and how large is it?

Which network runs on which series is said by the site in config/site/networks.yaml; what each was trained on and is not for stands on its card.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from wardline.capabilities.imaging.pet_values import SUV_UNIT, values_of
from wardline.core.capability import Inputs, capability, models, site, stacks
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import LabelMap, Stack, Volume
from wardline.core.models import Model, Opening

if TYPE_CHECKING:
    from wardline.science.imaging.segmentation.network.manifest import Manifest

MODALITIES: Final = ("CT", "MR", "PT")
NO_NETWORK: Final = "the site has chosen no network; name one in config/site/networks.yaml"
NO_SERIES: Final = "none of this site's networks is for a series of this study"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WORDS: Final = ("name", "model", "modality", "body_part", "description", "labels")


@dataclass(frozen=True, slots=True)
class Network:
    """One line of the site's table: a model, and the series it runs on. Patterns know *, ? and [ab]; capitals do not matter."""

    name: str
    model: str
    modality: str
    body_part: str = "*"
    """Of Body Part Examined (0018,0015)."""
    description: str = "*"
    """Of Series Description (0008,103E)."""
    labels: tuple[str, ...] = ()
    """What is reported; everything where nothing is said."""

    def is_for(self, stack: Stack) -> bool:
        if stack.modality != self.modality or not stack.headers:
            return False
        head = stack.headers[0]
        said = ((self.body_part, head.get("BodyPartExamined")), (self.description, head.get("SeriesDescription")))
        return all(fnmatchcase(str(value or "").lower(), pattern.lower()) for pattern, value in said)


def networks(content: Any) -> tuple[Network, ...]:
    """The site's table, config/site/networks.yaml, sorted by name. Raises `Refused` naming the line.

    ```yaml
    networks:
      - {name: liver, model: liver-ct, modality: CT, body_part: "*abdomen*", description: "*portal*", labels: [liver]}
    ```
    """
    listed = content.get("networks") if isinstance(content, Mapping) and set(content) == {"networks"} else None
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
        raise Refused("networks has one key, networks: a list of at least one network", code="site")
    found = [_network(f"network {place}", each) for place, each in enumerate(listed, 1)]
    names = [each.name for each in found]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise Refused(f"two networks are called {twice}; give each a name of its own", code="site", where=twice)
    return tuple(sorted(found, key=lambda each: each.name))


def _network(where: str, given: Any) -> Network:
    if not isinstance(given, Mapping) or not {"model", "modality"} <= set(given) or not set(given) <= set(_WORDS):
        raise Refused(f"{where} has model and modality, and where wanted name, body_part, description, labels", code="site", where=where)
    words = {name: given[name] for name in _WORDS if name in given and name != "labels"}
    if wrong := next((name for name, value in words.items() if not isinstance(value, str) or not value), ""):
        raise Refused(f"{where}: {wrong} is a word", code="site", where=where)
    labels = given.get("labels", [])
    if not isinstance(labels, list) or any(not isinstance(each, str) or not each for each in labels):
        raise Refused(f"{where}: labels is a list of names", code="site", where=where)
    network = Network(**{"name": words["model"], **words}, labels=tuple(labels))
    if not _NAME.fullmatch(network.name) or network.modality not in MODALITIES:
        raise Refused(f"{where}: name is of letters, digits, . _ and -, modality one of {', '.join(MODALITIES)}", code="site", where=where)
    return network


@dataclass(frozen=True)
class Images(Inputs):
    stacks: tuple[Stack, ...] = stacks(*MODALITIES)
    models: Opening = models()
    networks: tuple[Network, ...] = site("networks", read=networks, default=())


@capability(
    id="network_segmentation", version="1", about="study", live=False, standing="provisional",
    reference="The networks are the site's own: each names on its card what it was trained on and what was measured. Nothing is known of them here",
    caution="A network outlines something on images it was never meant for, too. Its card says what it is not for.",
)  # fmt: skip
def network_segmentation(v: Images) -> Unknown | tuple[Finding | Unknown, ...]:
    if not v.networks:
        return Unknown(reason=NO_NETWORK)
    said = [_outlined(each, stack, v) for each in v.networks if (stack := _best(each, v.stacks)) is not None]
    if not said:
        return Unknown(reason=NO_SERIES)
    answered = [each for each in said if isinstance(each, Finding)]
    if not answered:
        return Unknown(reason="; ".join(f"{each.key}: {each.reason}" for each in said if isinstance(each, Unknown))), *said
    return _together(answered, said), *said


def _together(answered: Sequence[Finding], said: Sequence[Finding | Unknown]) -> Finding:
    """The answer about the whole study; the networks' own follow it, each under its name."""
    summary = "; ".join(each.summary if isinstance(each, Finding) else f"{each.key}: no answer" for each in said)
    because = [Evidence(each.key, each.value if isinstance(each, Finding) else None, None, _told(each)) for each in said]
    used = tuple(sorted({model for each in answered for model in each.models}))
    return Finding(len(answered), summary, because=tuple(because), models=used)


def _told(said: Finding | Unknown) -> str:
    return said.summary if isinstance(said, Finding) else said.reason


def _best(network: Network, stacks: Sequence[Stack]) -> Stack | None:
    """Of the series it is for: original before derived, then the most images."""
    suiting = [each for each in stacks if network.is_for(each)]
    return min(suiting, key=lambda each: (not _is_original(each), -len(each.headers), each.series), default=None)


def _is_original(stack: Stack) -> bool:
    kinds = stack.headers[0].get("ImageType") or ()
    return "ORIGINAL" in [str(each).upper() for each in kinds][:1]


def _outlined(network: Network, stack: Stack, v: Images) -> Finding | Unknown:
    from wardline.science.imaging.segmentation.network.manifest import manifest_of
    from wardline.science.imaging.segmentation.network.segmenting import segment

    try:
        model = v.models.model(network.model)
        manifest = manifest_of(model.manifest)
        _check(network, manifest)
        volumes = dict(_volumes(manifest, stack, v.stacks))
        found = segment(volumes, manifest, lambda window: model.predictor([window])[0])
    except Refused as refused:
        return Unknown(reason=str(refused), key=network.name)
    return _measured(network, model, manifest, _only(network, found))


def _check(network: Network, manifest: "Manifest") -> None:
    first, known = manifest.inputs[0].modality, {each.label.name for each in manifest.outputs}
    if first != network.modality:
        raise Refused(f"networks.yaml has it look at {network.modality}, and its manifest says {first}", code="modality")
    if unknown := next((each for each in network.labels if each not in known), ""):
        raise Refused(f"networks.yaml reports {unknown!r}; it outlines {', '.join(sorted(known))}", code="labels")


def _volumes(manifest: "Manifest", first: Stack, stacks: Sequence[Stack]) -> Iterator[tuple[str, Volume]]:
    """The series the site has chosen, and of the study's others the best of each modality the model needs besides."""
    for each in manifest.inputs:
        others = Network("", "", each.modality)
        stack = first if each.modality == first.modality else _best(others, stacks)
        if stack is not None:
            volume = stack.volume()
            yield each.modality, values_of(volume).suv if each.unit == SUV_UNIT else volume


def _only(network: Network, found: LabelMap) -> LabelMap:
    """What the site wants reported, under the name it has given."""
    if network.name != network.model:
        found = replace(found, made_by=f"{found.made_by}, {network.name}")
    labels = tuple(each for each in found.labels if not network.labels or each.name in network.labels)
    if len(labels) == len(found.labels):
        return found
    import numpy as np

    kept = np.where(np.isin(found.array, [each.number for each in labels]), found.array, 0).astype(found.array.dtype)
    return replace(found, array=kept, labels=labels)


def _measured(network: Network, model: Model, manifest: "Manifest", found: LabelMap) -> Finding:
    volumes = [(each, float((found.array == each.number).sum()) * found.grid.voxel_ml) for each in found.labels]
    there = [(label, ml) for label, ml in volumes if ml]
    rows = [{"number": label.number, "name": label.name, "side": label.side, "volume_ml": ml} for label, ml in volumes]
    shown = ", ".join(f"{label.name} {ml:.0f} mL" if ml >= 10 else f"{label.name} {ml:.1f} mL" for label, ml in there)
    told = {"model": model.id, "digest": model.predictor.digest, "manifest": dict(model.manifest), "series": found.series, "structures": rows}
    return Finding(
        len(there), f"{network.name}: {shown or 'none of what it looks for'}", key=network.name,
        because=(
            *(Evidence(label.name, round(ml, 1), None, "mL") for label, ml in volumes),
            Evidence("network", manifest.made_by, None, f"{manifest.card['title']}; not for: {manifest.card['not_for']}"),
        ),
        artefacts=(*((Artefact("mask", found),) if there else ()), Artefact("network", told)),
        models=((model.id, model.predictor.digest),),
    )  # fmt: skip
