"""`wardline models`: looking at a model file before anything loads it, and signing one that was looked at."""

from pathlib import Path
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cyclopts import App, Parameter
from rich.console import Console

from wardline.app.imaging.site_models import public_key
from wardline.app.settings import load
from wardline.core.errors import NotFound, Refused
from wardline.security.model_files import check_signature, checked, signature_of

app = App(name="models", help="Model files: ONNX, safetensors and JSON, signed by somebody the site trusts; nothing else is loaded.")

File = Annotated[Path, Parameter(help="The model file.")]


@app.command
def check(file: File, *, data: Annotated[Path | None, Parameter(help="The data folder.")] = None) -> None:
    """Say whether a file may be loaded: its form, its digest, and who of config/models/*.pem has signed it (FILE.sig).

    For example:

        wardline models check sepsis.onnx
    """
    content, trusted = _read(file), load(data=data).config_folder / "models"
    found = checked(file.name, content)
    keys = {each: public_key(each) for each in sorted(trusted.glob("*.pem"))} if trusted.is_dir() else {}
    if not keys:
        raise Refused(f"nobody is trusted to sign models here; put public keys into {trusted}", code="model-file")
    check_signature(file.name, content, _read(_signature(file)), keys.values())
    Console(markup=False, highlight=False, soft_wrap=True).print(f"{file.name} is {found.format}, signed and whole: sha256 {found.sha256}")


@app.command
def sign(file: File, *, key: Annotated[Path, Parameter(help="Your Ed25519 private key, in PEM.")]) -> None:
    """Sign a model file that you have looked at; the signature is written beside it as FILE.sig.

    For example:

        wardline models sign sepsis.onnx --key signing.pem
    """
    content = _read(file)
    checked(file.name, content)
    try:
        secret = load_pem_private_key(_read(key), None)
    except (ValueError, TypeError) as error:
        raise Refused(f"{key} cannot be used: {error}", code="model-file") from None
    if not isinstance(secret, Ed25519PrivateKey):
        raise Refused(f"{key} is no Ed25519 key; make one with: openssl genpkey -algorithm ed25519 -out {key}", code="model-file")
    _signature(file).write_bytes(signature_of(content, secret))
    Console(markup=False, highlight=False, soft_wrap=True).print(f"{_signature(file)} goes wherever {file.name} goes")


@app.command
def convert(
    folder: Annotated[Path, Parameter(help="A MONAI bundle or the folder of an nnU-Net export.")],
    *,
    out: Annotated[Path, Parameter(help="The folder for NAME.onnx and NAME.json.")],
    python: Annotated[Path | None, Parameter(help="A Python that has torch, and MONAI or dynamic-network-architectures.")] = None,
    orientation: Annotated[str, Parameter(help="nnU-Net only: where slices, rows, columns count to; HPL is head, posterior, left.")] = "",
    modality: Annotated[tuple[str, ...], Parameter(help="nnU-Net only: CT, MR or PT, once for each channel.")] = (),
    weights: Annotated[str, Parameter(help="The weights within the folder, where they do not have their usual name.")] = "",
) -> None:
    """Turn a segmentation model of MONAI or nnU-Net into ONNX with a manifest. What its files say to run is never run.

    For example:

        wardline models convert spleen_ct_segmentation --out models --python /opt/torch/bin/python
    """
    from wardline.learning.segmentation.foreign.conversion import convert as converted

    written = converted(folder, out, python=python, orientation=orientation, modalities=modality, weights=weights)
    Console(markup=False, highlight=False, soft_wrap=True).print(f"{written} and its model are written; look at both, then sign them")


def _signature(file: Path) -> Path:
    return file.with_name(f"{file.name}.sig")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"there is no {file}") from None
