"""Turning somebody else's model into ONNX and a manifest, in a process of its own that has nothing but the request and the weights."""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.learning.segmentation.foreign import bundles, converting, nnunet
from wardline.learning.segmentation.foreign.plan import Plan
from wardline.science.imaging.segmentation.network.manifest import manifest_of

_SECONDS: Final = 1200
_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin"}
_LARGEST_JSON: Final = 20_000_000


def convert(
    folder: Path, out: Path, *, python: Path | None = None, orientation: str = "", modalities: tuple[str, ...] = (), weights: str = ""
) -> Path:
    """Reads a MONAI bundle or an nnU-Net export and writes NAME.onnx and NAME.json into `out`; returns the manifest.

    Raises `Refused` with one sentence for everything that is not understood. `python` is one that has torch; this one if none is named.
    """
    plan, file = _planned(folder, orientation, modalities, weights)
    out.mkdir(parents=True, exist_ok=True)
    name = str(plan.manifest["id"])
    model = out / f"{name}.onnx"
    _converted(plan, file, model, python or Path(sys.executable))
    manifest = dict(plan.manifest) | {"file": model.name, "sha256": hashlib.sha256(model.read_bytes()).hexdigest()}
    manifest_of(manifest)  # what is written can be read again
    written = out / f"{name}.json"
    written.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return written


def _planned(folder: Path, orientation: str, modalities: tuple[str, ...], weights: str) -> tuple[Plan, Path]:
    name = folder.resolve().name
    if (folder / "configs/inference.json").is_file():
        plan = bundles.plan_of(_json(folder / "configs/inference.json"), _json(folder / "configs/metadata.json"), name=name)
        return plan, _weights(folder, weights or "models/model.pt")
    if (folder / "plans.json").is_file():
        if not orientation or not modalities:
            raise Refused(
                "nnU-Net does not record how its images lay nor what they were: say it with --orientation (HPL for axial slices from the "
                "feet up, rows to the back, columns to the left) and --modality for each channel.", code="nnunet",
            )  # fmt: skip
        plan = nnunet.plan_of(_json(folder / "plans.json"), _json(folder / "dataset.json"), name=name, orientation=orientation, modalities=modalities)
        return plan, _weights(folder, weights or "fold_0/checkpoint_final.pth")
    raise Refused(f"{folder} is neither a MONAI bundle (configs/inference.json) nor an nnU-Net export (plans.json).", code="bundle")


def _converted(plan: Plan, weights: Path, model: Path, python: Path) -> None:
    with tempfile.TemporaryDirectory() as room:
        request = Path(room) / "request.json"
        asked = {"network": plan.network, "arguments": dict(plan.arguments), "channels": plan.channels, "patch": list(plan.patch)}
        request.write_text(json.dumps(asked), encoding="utf-8")
        made = Path(room) / "model.onnx"
        # -I: neither the surroundings nor the folder decide what is imported; the environment holds no secret of the house.
        command = [str(python), "-I", converting.__file__, str(request), str(weights.resolve()), str(made)]
        try:
            ran = subprocess.run(  # noqa: S603 - our own script with a request made from known words
                command, cwd=room, env=_ENVIRONMENT | {"HOME": room}, capture_output=True, timeout=_SECONDS, check=False
            )
        except FileNotFoundError:
            raise Refused(f"There is no Python at {python}.", code="bundle") from None
        except subprocess.TimeoutExpired:
            raise Refused(f"The conversion took longer than {_SECONDS} seconds and was ended.", code="bundle") from None
        refused = _answer(ran.stdout)
        if refused or not made.is_file():
            raise Refused(refused or "The conversion ended without a model: it may have used up its memory or time.", code="bundle")
        model.write_bytes(made.read_bytes())


def _answer(said: bytes) -> str:
    """The last line is the answer; what a library printed before it is not."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    try:
        return str(json.loads(lines[-1])["refused"]) if lines else ""
    except (ValueError, KeyError, TypeError):
        return ""


def _json(file: Path) -> Any:
    if not file.is_file():
        raise Refused(f"{file.name} is missing.", code="bundle", where=file.name)
    if file.stat().st_size > _LARGEST_JSON:
        raise Refused(f"{file.name} is larger than a configuration is.", code="bundle", where=file.name)
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Refused(f"{file.name} is not JSON: {error}.", code="bundle", where=file.name) from None


def _weights(folder: Path, name: str) -> Path:
    file = folder / name
    if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
        raise Refused(f"The weights {name} do not lie in the folder; name them with --weights.", code="bundle", where=name)
    if file.suffix == ".ts":
        raise Refused("TorchScript is a program and is not taken; use the bundle's weights (model.pt).", code="bundle", where=name)
    return file
