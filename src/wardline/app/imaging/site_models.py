"""The trained models of this house: those that come with it, and those of the site that somebody it trusts has signed."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from wardline.adapters.embedded.models.folder import ModelFolders
from wardline.core.errors import Refused
from wardline.security.model_files import check_signature, checked


def models_in(data: Path) -> ModelFolders:
    """The shipped models and the site's (DATA/models): manifest and model, which somebody of DATA/config/models/*.pem must have signed."""
    trusted = data / "config" / "models"

    def admit(file: Path, content: bytes) -> None:
        signature = file.with_name(f"{file.name}.sig")
        if not signature.is_file():
            raise Refused(f"{file.name} is not signed: look at it, then wardline models sign {file.name}.", code="model-file", where=file.name)
        checked(file.name, content)
        check_signature(file.name, content, signature.read_bytes(), [public_key(each) for each in sorted(trusted.glob("*.pem"))])

    return ModelFolders(data / "models", admit=admit)


def public_key(file: Path) -> Ed25519PublicKey:
    """Of somebody who may sign models. Raises `Refused` for what is none."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except (ValueError, OSError):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Refused(f"{file} is no Ed25519 public key in PEM", code="model-file")
    return key
