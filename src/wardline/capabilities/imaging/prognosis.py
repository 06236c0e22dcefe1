"""Prognosis: how likely is it to be alive, or free of what the site has counted, after so many months?

The model is the site's own, trained on its own table by `wardline train survival`; no model comes with the house.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wardline.core.capability import Inputs, age_years, capability, finding, sex, site
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import Result
from wardline.science.statistics.survival.trained import Curve, Trained, trained

UNTRAINED: Final = Trained()
NO_MODEL: Final = "the site has trained no model; teach one with `wardline train survival` and put it into config/site/prognosis_model"
OTHER_PROCESSING: Final = "the model was trained on features that were processed otherwise, so its numbers would be wrong here: {}"
TABLE: Final = "prognosis_model"
OF_PERSON: Final = ("age_years", "male", "lesions")
"""Features that are no measurement of a lesion: age, sex (1 male, 0 female), and how many lesion candidates were measured."""
OF_SCANNER: Final = "spacing_mm"
"""The one setting that follows from the scan and not from the house."""
SIZE: Final = "morph_volume"
"""The lesion whose features count is the largest."""


@dataclass(frozen=True)
class Person(Inputs):
    measured: Result = finding("lesion_radiomics")
    age_years: int | None = age_years(required=False)
    sex: str | None = sex(required=False)
    model: Trained = site(TABLE, read=trained, default=UNTRAINED)


@capability(
    id="prognosis", version="1", about="study", live=False, standing="provisional", unit="%",
    reference="The site's own model; how such models are made and measured: docs/clinical/prognosis.md, docs/evaluation/survival.md",
    caution="Orders people by risk. It does not know what a treatment would change and must not decide on one. Measured at this site alone.",
)  # fmt: skip
def prognosis(v: Person) -> Finding | Unknown:
    if not v.model.members:
        return Unknown(reason=NO_MODEL)
    measured = v.measured.artefacts.get("radiomics") or {}
    known, wanted = dict(_values(v, measured)), [each.name for each in v.model.features]
    said = {"age_years": v.age_years, "male": v.sex}
    if missing := tuple(name for name in wanted if name in said and said[name] is None):
        return Unknown(tuple("sex" if name == "male" else name for name in missing))
    if unmeasured := [name for name in wanted if name not in known]:
        return Unknown(reason=f"the largest lesion candidate has no {', '.join(unmeasured)}, which the model needs")
    if any(name not in OF_PERSON for name in wanted) and (other := _other_processing(v.model.processing, measured.get("settings"))):
        return Unknown(reason=OTHER_PROCESSING.format(other))
    try:
        curve = v.model.curve(known)
    except Refused as refused:
        return Unknown(reason=str(refused))
    return _told(v.model, curve, {name: known[name] for name in wanted})


def _values(v: Person, measured: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """What is known of this person and the largest lesion, by the names a training table uses."""
    if v.age_years is not None:
        yield "age_years", float(v.age_years)
    if v.sex is not None:
        yield "male", float(v.sex == "M")
    regions = [{each["id"]: float(each["value"]) for each in region["features"]} for region in measured.get("regions", ()) if not region["refused"]]
    yield "lesions", float(len(regions))
    yield from max(regions, key=lambda features: features.get(SIZE, 0.0), default={}).items()


def _other_processing(trained_with: Mapping[str, Any] | None, here: Any) -> str:
    """What differs; empty where the features mean the same."""
    if trained_with is None:
        return "it does not say how; train it with --processing"
    told, now = (json.loads(json.dumps(each or {})) for each in (trained_with, here))
    differ = sorted(name for name in {*told, *now} - {OF_SCANNER} if told.get(name) != now.get(name))
    return ", ".join(differ)


def _told(model: Trained, curve: Curve, values: Mapping[str, float]) -> Finding:
    survival, low, high = (100 * each[-1] for each in (curve.survival, curve.low, curve.high))
    chance = f"{survival:.0f} % ({low:.0f} to {high:.0f} %)"
    card = model.card or {}
    features = [Evidence(each.name, values[each.name], None, f"in training {each.low:.4g} to {each.high:.4g}") for each in model.features]
    warnings = [Evidence("model", None, None, str(each)) for each in card.get("warnings", ())]
    told = {
        "months": list(curve.months), "survival": list(curve.survival), "low": list(curve.low), "high": list(curve.high), "outcome": model.outcome,
        "model": {"title": model.title, "kind": model.kind, "digest": model.digest, "card": dict(card)}, "features": dict(values),
    }  # fmt: skip
    return Finding(
        round(survival, 1), f"{chance} free of {model.outcome} at {model.horizon:g} months, by the site's own model",
        unit="%", because=(*features, *warnings), artefacts=(Artefact("curve", told),), models=((TABLE, model.digest),),
    )  # fmt: skip
