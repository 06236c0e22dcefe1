"""The card of a trained survival model, for people: who was in the table, what it is worth with people it has not seen, what it is not for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from wardline.science.statistics.survival.trained import Trained

NOT_FOR = """## What it is not for

- Deciding on treatment, or that there shall be none. It orders people by risk; it does not know what a treatment would change.
- People unlike those in the table: another disease, another age, another scanner, another way to outline lesions.
- Another hospital, without being measured there first.
- The interval of a person's curve is the model's own uncertainty. What becomes of one person is more uncertain than that."""


def card(model: Trained) -> str:
    """The whole card as Markdown."""
    told = dict(model.card or {})
    parts = (_head(model, told), _worth(told["measured"]), _calibration(told["measured"]["calibration"]), _features(model), [NOT_FOR])
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(model: Trained, told: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {model.title}\n"
    yield f"{model.kind} survival model: free of {model.outcome}, up to {model.horizon:g} months. Digest `{model.digest}`.\n"
    yield f"- People: {told['population'] or 'nobody has said who they were'}."
    yield f"- {told['persons']:,} persons in {told['rows']:,} lines, {told['events']:,} events; {told['left_out']:,} lines lacked a value."
    for name, value in {**told["chosen"], **told["origin"]}.items():
        yield f"- {name[:1].upper()}{name[1:]}: {value}."
    yield ""
    for warning in told["warnings"]:
        yield f"> **Careful:** {warning}.\n"


def _worth(worth: Mapping[str, Any]) -> Iterator[str]:
    yield "## What it is worth\n"
    yield "Five parts, each predicted by a model of the other four; intervals from resamples of the persons.\n"
    yield f"| what | value |\n|---|---|\n| Harrell's C | {_three(worth['c_harrell'])} |\n| Uno's C | {_three(worth['c_uno'])} |"
    yield f"| Integrated Brier score | {worth['brier']:.4f}, Kaplan-Meier alone {worth['brier_kaplan_meier']:.4f} |"
    yield f"| Calibration slope | {_three(worth['slope'])} |\n"


def _calibration(groups: Sequence[Sequence[float | None]]) -> Iterator[str]:
    yield "| people | told to be free at the horizon | found (Kaplan-Meier) |\n|--:|--:|---|"
    for people, told, *found in groups:
        yield f"| {people} | {100 * (told or 0):.0f} % | {_three(found, 100, 0)} % |"
    yield ""


def _features(model: Trained) -> Iterator[str]:
    yield "## What it looks at\n"
    linear = [member.risk for member in model.members if isinstance(member.risk, tuple)]
    yield "| feature | seen in training |" + (" hazard ratio per standard deviation |\n|---|---|---|" if linear else "\n|---|---|")
    for place, each in enumerate(model.features):
        seen = f"| {each.name} | {each.low:.4g} to {each.high:.4g} |"
        yield seen + (f" {_ratio([float(beta[place]) for beta in linear])} |" if linear else "")
    yield ""


def _ratio(coefficients: Sequence[float]) -> str:
    """That of everybody; the interval is that of the resamples."""
    low, high = np.quantile(coefficients[1:], (0.025, 0.975))
    return _three([np.exp(coefficients[0]), np.exp(low), np.exp(high)], decimals=2)


def _three(numbers: Sequence[float | None], times: float = 1, decimals: int = 3) -> str:
    estimate, low, high = ("–" if each is None else f"{times * each:.{decimals}f}" for each in numbers)
    return f"{estimate} ({low} to {high})"
