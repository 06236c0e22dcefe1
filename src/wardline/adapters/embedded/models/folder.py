"""Trained models in folders: for each a JSON manifest and the ONNX file it names, opened only when its digest is the one the manifest pins.

Both are admitted by the site before they are used.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from wardline.core.errors import NotFound, Refused

SHIPPED: Final = Path(__file__).parent / "shipped"
"""The models that come with Wardline."""
Admit = Callable[[Path, bytes], None]
"""Raises `Refused` for a file that this site does not trust."""
_PROVIDERS: Final = ("CUDAExecutionProvider", "ROCMExecutionProvider", "CPUExecutionProvider")


class OnnxPredictor:
    """A model in ONNX Runtime: on the graphics card where there is one, else on one thread."""

    def __init__(self, content: bytes, digest: str) -> None:
        import onnxruntime  # costs half a second and is needed by few

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        present = onnxruntime.get_available_providers()
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=[each for each in _PROVIDERS if each in present])
        except Exception as error:  # every kind of broken graph fails in its own way
            raise Refused(f"ONNX Runtime does not open this model: {type(error).__name__}.", code="model-file") from error
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._digest = digest

    @property
    def digest(self) -> str:
        return self._digest

    def __call__(self, inputs: Sequence[Any]) -> Sequence[Any]:
        if len(inputs) != len(self._inputs):
            raise Refused(f"This model is to be shown {len(self._inputs)} arrays and was shown {len(inputs)}.", code="model-inputs")
        try:
            answers: Sequence[Any] = self._session.run(None, dict(zip(self._inputs, inputs, strict=True)))
        except Exception as error:  # shapes and types it was not made for; each operator has its own words
            raise Refused(f"The model does not run on what its manifest says it takes: {type(error).__name__}.", code="model-inputs") from error
        return answers


class ModelFolders:
    """Implements `Models` on folders; the site's come after the shipped ones and must not take their names."""

    def __init__(self, *sites: Path, admit: Admit) -> None:
        self._sites = sites
        self._admit = admit
        self._open: dict[str, OnnxPredictor] = {}

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self._files()))

    def manifest(self, id: str) -> Mapping[str, Any]:
        return self._trusted(self._file(id))

    def predictor(self, id: str) -> OnnxPredictor:
        known = self._open.get(id)
        if known is None:
            known = self._open[id] = self._opened(self._file(id))
        return known

    def _opened(self, file: Path) -> OnnxPredictor:
        manifest = self._trusted(file)
        model = file.parent / str(manifest.get("file", ""))
        if model.parent != file.parent or not model.is_file():
            raise Refused(f"The manifest {file.name} names the file {manifest.get('file')!r}, which does not lie beside it.", code="model-file")
        content = _bytes_of(model)
        digest = hashlib.sha256(content).hexdigest()
        if digest != str(manifest.get("sha256", "")).lower():
            raise Refused(f"{model.name} is not the file its manifest names: its SHA-256 is {digest}.", code="model-file", where=model.name)
        self._check(model, content)
        return OnnxPredictor(content, digest)

    def _trusted(self, file: Path) -> Mapping[str, Any]:
        """A manifest says how a picture is scaled and where an answer is cut: changed, the same file gives other answers."""
        content = _bytes_of(file)
        self._check(file, content)
        return _parsed(file, content)

    def _check(self, file: Path, content: bytes) -> None:
        if file.parent != SHIPPED:  # what comes with Wardline is trusted as its code is
            self._admit(file, content)

    def _file(self, id: str) -> Path:
        found = self._files().get(id)
        if found is None:
            raise NotFound(f"There is no model {id} here; there are: {', '.join(self.ids()) or 'none'}.")
        return found

    def _files(self) -> dict[str, Path]:
        files: dict[str, Path] = {}
        for folder in (SHIPPED, *self._sites):
            for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
                files.setdefault(str(_parsed(file, _bytes_of(file)).get("id", file.stem)), file)
        return files


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"{file.name} cannot be read: {error.strerror}.", code="model-file", where=file.name) from None


def _parsed(file: Path, content: bytes) -> Mapping[str, Any]:
    try:
        manifest = json.loads(content)
    except ValueError as error:
        raise Refused(f"The manifest {file.name} is not JSON: {error}.", code="manifest") from None
    if not isinstance(manifest, dict):
        raise Refused(f"The manifest {file.name} is not a JSON object.", code="manifest")
    return manifest
