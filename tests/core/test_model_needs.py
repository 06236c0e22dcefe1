"""Needing a trained model: who may, how one is opened, and that the answer names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from wardline.core.assessment import Assessed, found
from wardline.core.capability import ATTRIBUTE, Capability, Inputs, Need, capability, model, models
from wardline.core.errors import NotFound, Refused
from wardline.core.findings import Finding, Unknown
from wardline.core.models import Model, Opening


@dataclass(frozen=True)
class OneModel(Inputs):
    liver: Model = model("liver-ct")


ORACLE = Need("oracle")  # type: ignore[arg-type]


def declared(inputs: type[Inputs], *, about: str = "study") -> Capability:
    def livers(v: Any) -> Finding:
        return Finding(1.0, "a liver")

    livers.__annotations__ = {"v": inputs, "return": Finding}
    say = capability(id="livers", version="1", about=about, reference="none", standing="provisional", live=about != "study")  # type: ignore[arg-type]
    made: Capability = getattr(say(livers), ATTRIBUTE)
    return made


class Shelf:
    """One model, which gives back what it is shown."""

    digest = "d" * 64

    def ids(self) -> tuple[str, ...]:
        return ("liver-ct",)

    def manifest(self, id: str) -> Mapping[str, Any]:
        if id != "liver-ct":
            raise NotFound(f"There is no model {id} here; there are: liver-ct.")
        return {"id": id}

    def predictor(self, id: str) -> "Shelf":
        return self

    def __call__(self, inputs: Sequence[Any]) -> Sequence[Any]:
        return inputs


def test_a_capability_says_which_model_it_needs() -> None:
    one = declared(OneModel)

    assert (one.need("liver").kind, one.need("liver").name, one.asks_models) == ("model", "liver-ct", True)


def test_only_what_is_about_a_study_is_given_a_model() -> None:
    with pytest.raises(TypeError, match="needs a 'model', which only a capability about a study is given"):
        declared(OneModel, about="patient")


def test_a_model_has_a_name() -> None:
    @dataclass(frozen=True)
    class Nameless(Inputs):
        liver: Model = model("")

    with pytest.raises(TypeError, match="'liver' must name its model; use models"):
        declared(Nameless)


def test_a_need_that_nobody_can_meet_is_refused_with_those_that_can_be() -> None:
    @dataclass(frozen=True)
    class Wishful(Inputs):
        oracle: Any = ORACLE

    with pytest.raises(TypeError, match=r"'oracle' needs a 'oracle', which this house cannot bring; it can latest, .*, models"):
        declared(Wishful)


def test_what_was_opened_is_remembered_by_its_digest() -> None:
    opening = Opening(Shelf())
    assert opening.opened == ()

    opened = opening.model("liver-ct")

    assert opened.predictor([3]) == [3]
    assert opening.opened == (("liver-ct", "d" * 64),)


def test_a_model_that_is_not_there_is_a_reason_and_not_a_failure() -> None:
    opening = Opening(Shelf())

    with pytest.raises(Refused, match=r"There is no model spleen here; there are: liver-ct\."):
        opening.model("spleen")
    assert opening.opened == ()


def test_an_answer_names_the_models_it_rests_on() -> None:
    opened = (("liver-ct", "d" * 64), ("spleen", "e" * 64))

    def recorded(outcome: Finding | Unknown) -> tuple[tuple[str, str], ...]:
        return found(declared(OneModel), Assessed(outcome, models=opened)).models

    assert recorded(Finding(1.0, "a liver")) == opened
    assert recorded(Finding(1.0, "a liver", models=opened[:1])) == opened[:1]
    assert recorded(Unknown(reason="too dark")) == (), "it rests on nothing"


def test_a_table_of_the_site_may_choose_among_the_models() -> None:
    @dataclass(frozen=True)
    class Chosen(Inputs):
        house: Opening = models()

    assert declared(Chosen).asks_models
