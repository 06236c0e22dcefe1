"""The image store of a data folder, opened by the clinical process or, beside it, by a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.images.opening import open_images
from wardline.adapters.embedded.images.store import ImageStore


def store_of(folder: DataFolder, zone: str) -> ImageStore:
    """The store of a folder that this process holds; made with its secret when it is not there yet."""
    store = open_images(folder.path, zone=ZoneInfo(zone), secrets=folder.secrets)
    store.recover()
    return store


@contextmanager
def images_in(data: Path, zone: str = "UTC") -> Iterator[ImageStore]:
    """The store beside the process that holds the folder. Raises `NotFound` where there is no data."""
    store = open_images(data, zone=ZoneInfo(zone), secrets=DataFolder(data, reading=True).secrets)
    try:
        yield store
    finally:
        store.close()
