"""Opening the image store of a data folder, from the clinical process or any worker: with the folder's own secret for images."""

from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

from wardline.adapters.embedded.folder_secrets import Secrets
from wardline.adapters.embedded.images.store import INDEX, KEYS, ImageStore
from wardline.adapters.embedded.key_service import secrets_of
from wardline.core.errors import Fault

IMAGES: Final = "images"
"""The folder of images, and the name of the secret that wraps its keys."""


def open_images(data: Path, *, zone: tzinfo = UTC, secrets: Secrets | None = None) -> ImageStore:
    """Made when there is none yet. Raises `Fault` where there are keys and their secret is missing: it is never made anew."""
    known, folder = secrets if secrets is not None else secrets_of(data), data / IMAGES
    if not (folder / KEYS).exists():
        if (folder / INDEX).exists():
            raise Fault(f"{folder / KEYS} is missing; without it no image in {folder} can be read. Put it back from where you keep your keys")
        known.make(IMAGES)
    newest, *older = (secret for _, secret in sorted(known.versions(IMAGES).items(), reverse=True))
    return ImageStore(folder, newest, *older, zone=zone)
