"""Trained models as a capability sees them: opened by name, and remembered by digest, so that an answer can say what it rests on."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from wardline.core.errors import NotFound, Refused
from wardline.core.ports import Models, Predictor


class Model(NamedTuple):
    """A trained model that was opened: what it says of itself, and how to ask it."""

    id: str
    manifest: Mapping[str, Any]
    predictor: Predictor


class Opening:
    """The house's models while one question is answered."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._opened: dict[str, str] = {}

    def model(self, id: str) -> Model:
        """Raises `Refused` where there is none of this name, or its file is not the one its manifest names."""
        try:
            found = Model(id, self._models.manifest(id), self._models.predictor(id))
        except NotFound as missing:
            raise Refused(str(missing), code="model") from None
        self._opened[id] = found.predictor.digest
        return found

    @property
    def opened(self) -> tuple[tuple[str, str], ...]:
        """(id, SHA-256 of the file) of each that was opened."""
        return tuple(sorted(self._opened.items()))
